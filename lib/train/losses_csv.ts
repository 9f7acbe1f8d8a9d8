/** The losses of a training run as a CSV file: one row per step, written immediately, so that a crash loses nothing.
 *
 * The first columns are the epoch and the step, both counted from 1, followed by one column per loss. A resumed run first removes
 * the rows of the steps that it will repeat.
 * @module */
import type { LossPoint } from "../plot/losses.ts";
import { writeTextFile } from "./files.ts";

/** Writes losses.csv. */
export class LossesCsv {
  readonly file: string;
  /** Names of the losses in the file, once the header is written. */
  #names: string[] | undefined;

  /** @param file path of the file; its folder must exist. */
  constructor(file: string) {
    this.file = file;
  }

  /** Keeps the rows up to the given step, and removes the others.
   * @param step last step to keep; 0 removes the file.
   * @returns the rows that were kept.
   * @throws {Error} if the file does not have the expected columns. */
  async keepUpTo(step: number): Promise<LossPoint[]> {
    const lines = step > 0 ? await this.#lines() : [];
    const [head, ...rows] = lines;
    if (head === undefined) {
      await Deno.remove(this.file).catch(unlessMissing);
      this.#names = undefined;
      return [];
    }
    const names = head.split(",");
    if (names[0] !== "epoch" || names[1] !== "step") {
      throw new Error(
        `Cannot continue ${this.file}: expected the first columns epoch,step, got ${names.slice(0, 2)}; move or delete the file`,
      );
    }
    this.#names = names.slice(2);
    const points = rows.map((row) => parseRow(row, this.#names!)).filter((point) => point !== undefined && point.step <= step);
    const kept = points as LossPoint[];
    const text = [head, ...kept.map((point) => rowOf(point, this.#names!))].join("\n") + "\n";
    // This also removes an incomplete last row, since the next row must start on a new line.
    await writeTextFile(this.file, text);
    return kept;
  }

  /** Appends a row, preceded by the header if it is the first row.
   * @returns names of the losses that the file omits, because the first row did not contain them.
   * @throws {Error} if the file cannot be written. */
  async add(point: LossPoint): Promise<string[]> {
    let text = "";
    if (!this.#names) {
      this.#names = Object.keys(point.losses);
      text = `epoch,step,${this.#names.join(",")}\n`;
    }
    const names = this.#names;
    await Deno.writeTextFile(this.file, text + rowOf(point, names) + "\n", { append: true }).catch((error) => {
      throw new Error(`Cannot write ${this.file}: ${error.message}; free some space, or choose a writable folder`);
    });
    return Object.keys(point.losses).filter((name) => !names.includes(name));
  }

  async #lines(): Promise<string[]> {
    const text = await Deno.readTextFile(this.file).catch((error) => {
      unlessMissing(error);
      return "";
    });
    // A crash may leave an incomplete row after the last newline.
    return text.split("\n").slice(0, -1);
  }
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** Formats a row, with 8 significant digits per loss, since float32 has about 7. */
function rowOf({ epoch, step, losses }: LossPoint, names: string[]): string {
  return [epoch, step, ...names.map((name) => name in losses ? Number(losses[name]!.toPrecision(8)) : "")].join(",");
}

function parseRow(row: string, names: string[]): LossPoint | undefined {
  const cells = row.split(",");
  if (cells.length !== names.length + 2) return undefined;
  const values = names.map((name, i) => [name, cells[i + 2]!] as const).filter(([, cell]) => cell !== "");
  return {
    epoch: Number(cells[0]),
    step: Number(cells[1]),
    losses: Object.fromEntries(values.map(([name, cell]) => [name, Number(cell)])),
  };
}
