/** Stores the samples of a training run as files. For example, `epoch-0005.png` is a grid of all samples, and
 * `epoch-0005/1-generated.png` is a single image, stored losslessly. Images that never change are stored only once, in `given/`.
 * `index.json` lists the samples of all epochs.
 * @module */
import { dirname, join } from "node:path";
import { imageGrid } from "../plot/grid.ts";
import { FIRST, LAST, MOST_EPOCHS, type PageImage, type SampleSet, spread } from "../plot/page_tables.ts";
import { encodePng } from "../plot/png.ts";
import { count } from "../plot/progress.ts";
import type { SampleEvent } from "../events.ts";
import { readJsonFile, writeFile, writeJsonFile } from "./files.ts";

interface Entry {
  epoch: number;
  step: number;
  /** Number of samples, each of which is a row of images. */
  rows: number;
  /** Roles of the images in a sample, in display order: "input", "generated", "target". */
  names: string[];
}

/** The folder that contains the samples of a run. */
export class RunSamples {
  readonly #folder: string;
  #entries: Entry[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Number of epochs with samples. */
  get count(): number {
    return this.#entries.length;
  }

  /** Reads the entries of index.json.
   * @throws {Error} If index.json is damaged. */
  async stored(): Promise<Entry[]> {
    const path = join(this.#folder, "index.json");
    const all = await readJsonFile<Entry[]>(path, []);
    const isWhole = ({ epoch, step, rows, names }: Entry) => [epoch, step, rows].every(Number.isInteger) && Array.isArray(names);
    if (all.every((entry) => isWhole(entry ?? {}))) return all;
    throw new Error(`Cannot continue with ${path}: expected "epoch", "step", "rows" and "names"; move or delete the file`);
  }

  /** Keeps the samples up to the given step and removes later ones, which the run will generate again. Other files are kept.
   * @param step Last step to keep; 0 keeps only the samples from before the first step, and -1 keeps none. */
  async keepUpTo(step: number): Promise<void> {
    const all = await this.stored();
    this.#entries = all.filter((entry) => entry.step <= step);
    const kept = new Set(this.#entries.flatMap((entry) => this.#filesOf(entry)));
    const lost = all.flatMap((entry) => this.#filesOf(entry)).filter((path) => !kept.has(path));
    for (const path of [...new Set(lost), ...new Set(lost.map((path) => dirname(path)))]) {
      await Deno.remove(path).catch(() => {}); // fails for a folder that contains other files
    }
    if (all.length > 0) await this.#writeIndex();
  }

  #filesOf(entry: Entry): string[] {
    const rows = Array.from({ length: entry.rows }, (_, r) => entry.names.map((name) => this.#path(entry, r, name)));
    return [join(this.#folder, `${nameOf(entry)}.png`), ...rows.flat()];
  }

  async add({ epoch, step, rows }: SampleEvent): Promise<void> {
    const entry = { epoch, step, rows: rows.length, names: [...new Set(rows.flatMap(Object.keys))] };
    for (const [r, row] of rows.entries()) {
      for (const [name, image] of Object.entries(row)) await writeFile(this.#path(entry, r, name), [await encodePng(image)]);
    }
    const caption = `${epoch === 0 ? "Before training" : `After epoch ${epoch}`}, step ${count(step)}`;
    const { png } = await imageGrid(rows, { caption });
    await writeFile(join(this.#folder, `${nameOf(entry)}.png`), [png]);
    this.#entries = [...this.#entries.filter((other) => other.epoch !== epoch), entry];
    await this.#writeIndex();
  }

  /** Reads the samples to show on the page. If there are too many epochs for the page, evenly spaced epochs are selected. */
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
    const images = await Promise.all(names.map((name) => Deno.readFile(this.#path(entry, row, name)).catch(() => undefined)));
    const present = names.flatMap((name, i) => images[i] ? [[name, images[i]] as const] : []);
    return Object.fromEntries(present);
  }

  #path(entry: Entry, row: number, name: string): string {
    const folder = name === FIRST || name === LAST ? "given" : nameOf(entry);
    return join(this.#folder, folder, `${row + 1}-${name.replaceAll(/[^\p{L}\p{N}_-]/gu, "_")}.png`);
  }

  async #writeIndex(): Promise<void> {
    await writeJsonFile(join(this.#folder, "index.json"), this.#entries);
  }
}

function nameOf({ epoch }: Entry): string {
  return `epoch-${String(epoch).padStart(4, "0")}`;
}
