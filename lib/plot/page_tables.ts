/** HTML tables for the results page: images by epoch or by name, and settings with their values.
 * @module */
import type { Image } from "../data/image_bytes.ts";
import { dataUri, encodePng } from "./png.ts";

/** An image, or the contents of a PNG file. */
export type PageImage = Image | Uint8Array<ArrayBuffer>;

/** Images generated for a run's fixed samples after a given epoch. */
export interface SampleSet {
  /** Number of completed epochs; 0 means before training. */
  epoch: number;
  /** Number of completed steps. */
  step: number;
  /** One row per sample, with the images of the sample keyed by name, such as "input", "generated" and "target". */
  rows: Record<string, PageImage>[];
}

/** Images of one held-out example. */
export interface TestImages {
  /** Name of the example, such as its file name. */
  name: string;
  /** Images keyed by name, such as "input", "generated" and "target". */
  images: Record<string, PageImage>;
}

/** A row in a table of images. */
export interface TableRow {
  name: string;
  cells: { image: PageImage | undefined; alt: string }[];
}

/** Maximum number of epochs in a table. If a run has more epochs, evenly spaced epochs are selected. */
export const MOST_EPOCHS = 8;

/** Names of the images in the first and the last column. These images do not change during training. */
export const FIRST = "input";
export const LAST = "target";

/** Formats samples as HTML: one table per kind of generated image, with the input, the image at each epoch, and the target.
 * @param names Names of the samples. Default: numbers from 1.
 * @param epochs The number of epochs for which samples were saved, if `samples` contains only some of these epochs. */
export async function sampleTables(samples: SampleSet[], names: string[] = [], epochs: number = samples.length): Promise<string> {
  const sets = spread(samples.toSorted((a, b) => a.epoch - b.epoch), MOST_EPOCHS);
  const last = sets.at(-1)!;
  const all = new Set(sets.flatMap((set) => set.rows.flatMap(Object.keys)));
  const generated = [...all].filter((name) => name !== FIRST && name !== LAST);
  const note = sets.length < epochs ? `, shown at ${sets.length} of the ${epochs} sampled epochs` : "";
  const fixed = (name: string): string[] => last.rows.some((row) => name in row) ? [name] : [];
  const columns = [...fixed(FIRST), ...sets.map((set) => set.epoch === 0 ? "before" : `epoch ${set.epoch}`), ...fixed(LAST)];
  const tables = generated.map((kind) => {
    const rows = last.rows.map((row, r) => {
      const name = names[r] ?? `${r + 1}`;
      const cell = (images: Record<string, PageImage> | undefined, key: string, when = "") => ({
        image: images?.[key],
        alt: `${key}, sample ${name}${when}`,
      });
      return {
        name,
        cells: [
          ...fixed(FIRST).map((key) => cell(row, key)),
          ...sets.map((set) => cell(set.rows[r], kind, set.epoch === 0 ? ", before training" : `, after epoch ${set.epoch}`)),
          ...fixed(LAST).map((key) => cell(row, key)),
        ],
      };
    });
    return imageTable(columns, rows, kind + note);
  });
  return (await Promise.all(tables)).join("\n");
}

/** Formats a table of images as HTML. */
export async function imageTable(columns: string[], rows: TableRow[], caption = ""): Promise<string> {
  const body = await Promise.all(rows.map(async ({ name, cells }) => {
    const images = await Promise.all(cells.map(async ({ image, alt }, c) => {
      const side = columns[c] === FIRST ? ` class="first"` : columns[c] === LAST ? ` class="last"` : "";
      return `<td${side}>${image ? await imageElement(image, alt) : ""}</td>`;
    }));
    return `<tr><th scope="row">${escaped(name)}</th>${images.join("")}</tr>`;
  }));
  const head = `<tr><td></td>${columns.map((column) => `<th scope="col">${escaped(column)}</th>`).join("")}</tr>`;
  return `<div class="scroll" tabindex="0"><table class="images" style="--columns: ${columns.length}">` +
    (caption ? `<caption>${escaped(caption)}</caption>` : "") +
    `<thead>${head}</thead>\n<tbody>${body.join("\n")}</tbody></table></div>`;
}

async function imageElement(image: PageImage, alt: string): Promise<string> {
  const file = image instanceof Uint8Array ? image : await encodePng(image);
  const { width, height } = sizeOf(file);
  // Small images are enlarged without smoothing; large images are scaled down smoothly.
  const small = width <= 128 ? ` class="small"` : "";
  return `<img${small} src="${dataUri(file)}" width="${width}" height="${height}" alt="${escaped(alt)}">`;
}

/** Reads an image's size from the header of its PNG file. */
function sizeOf(png: Uint8Array<ArrayBuffer>): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Returns up to `most` evenly spaced items, including the first and the last. */
export function spread<Item>(items: Item[], most: number): Item[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round(i * (items.length - 1) / (most - 1))]!);
}

/** Description of a setting, and the unit and the format of its value. */
export interface SettingMeaning {
  /** Description of the setting. */
  help: string;
  /** Unit of the value, such as "pixels". */
  unit?: string;
  /** Formats the value. By default, objects are formatted as JSON, and other values with `String`. */
  show?(value: unknown): string;
}

/** Formats names and values as an HTML table, or returns "" if there are none. Undefined values are omitted.
 * @param meanings Description, unit and format of each value, keyed by name. Descriptions are shown in a third column. */
export function nameValueTable(
  caption: string,
  values: Record<string, unknown>,
  meanings: Record<string, SettingMeaning> = {},
): string {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return "";
  const explained = entries.some(([name]) => Object.hasOwn(meanings, name));
  const rows = entries.map(([name, value]) => {
    const { help = "", unit, show = plain }: Partial<SettingMeaning> = Object.hasOwn(meanings, name) ? meanings[name]! : {};
    const text = show(value);
    const cells = [unit ? `${text} ${unit}` : text, ...(explained ? [help] : [])];
    return `<tr><th scope="row">${escaped(name)}</th>${cells.map((cell) => `<td>${escaped(cell)}</td>`).join("")}</tr>`;
  });
  const kind = explained ? "values explained" : "values";
  return `<table class="${kind}"><caption>${escaped(caption)}</caption><tbody>${rows.join("")}</tbody></table>`;
}

function plain(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Escapes text for use in HTML content and in quoted attributes. */
export function escaped(text: unknown): string {
  return String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}
