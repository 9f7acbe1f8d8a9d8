/** Tables of pictures in a page: rows are pictures, columns are what was made of them, or when.
 * @module */
import type { Image } from "../data/image_bytes.ts";
import { escaped } from "./html.ts";
import { dataUri, encodePng } from "./png.ts";

/** A picture, or the bytes of a PNG file of it. */
export type PageImage = Image | Uint8Array<ArrayBuffer>;

/** The fixed pictures after some epochs. */
export interface SampleSet {
  /** Epochs done; 0 is before training. */
  epoch: number;
  /** Steps done. */
  step: number;
  /** One row for each sample: its pictures by what they are, such as "input", "generated", "target". */
  rows: Record<string, PageImage>[];
}

/** What was made of a picture that was not trained on. */
export interface TestImages {
  /** Its file's name, say. */
  name: string;
  /** By what they are: "input", "generated", "target". */
  pictures: Record<string, PageImage>;
}

/** A row of a table of pictures. */
export interface TableRow {
  name: string;
  cells: { picture: PageImage | undefined; alt: string }[];
}

/** Most epochs side by side; beyond that, some are left out. */
export const MOST_EPOCHS = 8;

/** What does not change while training: shown once, at the left and at the right. */
export const FIRST = "input";
export const LAST = "target";

/** For each thing that the generator makes, a table: the input, what it made at each epoch, the target.
 * @param names of the samples; numbers where there is none.
 * @param epochs that were sampled, if more than are given. */
export async function sampleTables(samples: SampleSet[], names: string[] = [], epochs: number = samples.length): Promise<string> {
  const sets = spread(samples.toSorted((a, b) => a.epoch - b.epoch), MOST_EPOCHS);
  const last = sets.at(-1)!;
  const made = [...new Set(sets.flatMap((set) => set.rows.flatMap(Object.keys)))].filter((name) =>
    name !== FIRST && name !== LAST
  );
  const tables = made.map((what) => {
    const fixed = (name: string): string[] => last.rows.some((row) => name in row) ? [name] : [];
    const columns = [...fixed(FIRST), ...sets.map((set) => set.epoch === 0 ? "before" : `epoch ${set.epoch}`), ...fixed(LAST)];
    const rows = last.rows.map((row, r) => {
      const name = names[r] ?? `${r + 1}`;
      const cell = (from: Record<string, PageImage> | undefined, key: string, when: string) => ({
        picture: from?.[key],
        alt: `${key}, sample ${name}${when}`,
      });
      return {
        name,
        cells: [
          ...fixed(FIRST).map((key) => cell(row, key, "")),
          ...sets.map((set) => cell(set.rows[r], what, set.epoch === 0 ? ", before training" : `, after epoch ${set.epoch}`)),
          ...fixed(LAST).map((key) => cell(row, key, "")),
        ],
      };
    });
    return imageTable(
      columns,
      rows,
      `${what}${sets.length < epochs ? `, at ${sets.length} of the ${epochs} sampled epochs` : ""}`,
    );
  });
  return (await Promise.all(tables)).join("\n");
}

/** A table of pictures. */
export async function imageTable(columns: string[], rows: TableRow[], caption = ""): Promise<string> {
  const body = await Promise.all(rows.map(async ({ name, cells }) => {
    const pictures = await Promise.all(
      cells.map(async ({ picture, alt }, c) =>
        `<td class="${columns[c] === FIRST ? "edge" : columns[c] === LAST ? LAST : "made"}">${
          picture ? await image(picture, alt) : ""
        }</td>`
      ),
    );
    return `<tr><th scope="row">${escaped(name)}</th>${pictures.join("")}</tr>`;
  }));
  const head = `<tr><td></td>${columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join("")}</tr>`;
  return `<div class="scroll" tabindex="0"><table class="pictures" style="--columns: ${columns.length}">${
    caption ? `<caption>${escaped(caption)}</caption>` : ""
  }` +
    `<thead>${head}</thead>\n<tbody>${body.join("\n")}</tbody></table></div>`;
}

async function image(picture: PageImage, alt: string): Promise<string> {
  const file = picture instanceof Uint8Array ? picture : await encodePng(picture);
  const { width, height } = sizeOf(file);
  // Small pictures are enlarged as they are, pixel by pixel; large ones are made smaller smoothly.
  const small = width <= 128 ? ` class="small"` : "";
  return `<img${small} src="${dataUri(file)}" width="${width}" height="${height}" alt="${escaped(alt)}">`;
}

/** The size that a PNG's header tells. */
function sizeOf(png: Uint8Array<ArrayBuffer>): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** At most so many of a row, the first and the last among them, evenly spread. */
export function spread<Item>(items: Item[], most: number): Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round(i * (items.length - 1) / (most - 1))]!);
}
