/** The samples of a training as files: `epoch-0005.png` is a grid to look at, `epoch-0005/1-generated.png` one picture of it, exactly; what
 * stays the same is in `given/` once. `index.json` says which there are.
 * @module */
import { join } from "node:path";
import { imageGrid } from "../plot/grid.ts";
import { FIRST, LAST, MOST_EPOCHS, type PageImage, type SampleSet, spread } from "../plot/page_tables.ts";
import { encodePng } from "../plot/png.ts";
import { count } from "../plot/progress.ts";
import type { SampleEvent } from "../events.ts";
import { readOwnJson, writeWhole, writeWholeText } from "./files.ts";

/** One line of index.json. */
interface Entry {
  epoch: number;
  step: number;
  /** Samples. */
  rows: number;
  /** Pictures of a sample, in their order: "input", "generated", "target". */
  names: string[];
}

/** The samples folder of a run. */
export class RunSamples {
  readonly #folder: string;
  #entries: Entry[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** How many epochs there are samples of. */
  get count(): number {
    return this.#entries.length;
  }

  /** Keeps the samples up to a step, and takes away the others, which the training is going to make again.
   * @param step the last one to keep: 0 is that of before the training, -1 keeps none. */
  async keepUpTo(step: number): Promise<void> {
    const all = await readOwnJson<Entry[]>(join(this.#folder, "index.json"), []);
    this.#entries = all.filter((entry) => entry.step <= step);
    for (const entry of all.filter((entry) => !this.#entries.includes(entry))) {
      await Deno.remove(join(this.#folder, `${nameOf(entry)}.png`)).catch(() => {});
      await Deno.remove(join(this.#folder, nameOf(entry)), { recursive: true }).catch(() => {});
    }
    if (all.length > 0) await this.#writeIndex();
  }

  /** Writes the samples of an epoch. */
  async add({ epoch, step, rows }: SampleEvent): Promise<void> {
    const entry = { epoch, step, rows: rows.length, names: [...new Set(rows.flatMap(Object.keys))] };
    for (const [r, row] of rows.entries()) {
      for (const [name, picture] of Object.entries(row)) await writeWhole(this.#path(entry, r, name), [await encodePng(picture)]);
    }
    const caption = `${epoch === 0 ? "Before training" : `After epoch ${epoch}`}, step ${count(step)}`;
    const { png } = await imageGrid(rows, { caption });
    await writeWhole(join(this.#folder, `${nameOf(entry)}.png`), [png]);
    this.#entries = [...this.#entries.filter((other) => other.epoch !== epoch), entry];
    await this.#writeIndex();
  }

  /** The samples for a page: of all epochs, or of as many as a page shows. */
  async read(): Promise<SampleSet[]> {
    return await Promise.all(
      spread(this.#entries, MOST_EPOCHS).map(async (entry) => {
        const { epoch, step, rows, names } = entry;
        const read = Array.from({ length: rows }, (_, r) => this.#readRow(entry, r, names));
        return { epoch, step, rows: await Promise.all(read) };
      }),
    );
  }

  async #readRow(entry: Entry, row: number, names: string[]): Promise<Record<string, PageImage>> {
    const pictures = await Promise.all(names.map((name) => Deno.readFile(this.#path(entry, row, name)).catch(() => undefined)));
    const there = names.flatMap((name, i) => pictures[i] ? [[name, pictures[i]] as const] : []);
    return Object.fromEntries(there);
  }

  #path(entry: Entry, row: number, name: string): string {
    const folder = name === FIRST || name === LAST ? "given" : nameOf(entry);
    return join(this.#folder, folder, `${row + 1}-${name.replaceAll(/[^\p{L}\p{N}_-]/gu, "_")}.png`);
  }

  async #writeIndex(): Promise<void> {
    await writeWholeText(join(this.#folder, "index.json"), JSON.stringify(this.#entries, null, 2) + "\n");
  }
}

function nameOf({ epoch }: Entry): string {
  return `epoch-${String(epoch).padStart(4, "0")}`;
}
