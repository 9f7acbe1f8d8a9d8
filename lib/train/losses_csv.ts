/** The losses of a training as a file that grows with it: one row a step, written at once, so that a crash loses nothing.
 *
 * First columns epoch and step, both from 1, then the losses by name. A training that goes on from a checkpoint first takes away the rows
 * of steps that it is going to do again.
 * @module */
import type { LossPoint } from "../plot/losses.ts";
import { writeWholeText } from "./files.ts";

/** A losses.csv. */
export class LossesCsv {
  readonly file: string;
  /** Names of the losses in the file, once it has any. */
  #names: string[] | undefined;

  /** @param file its path; the folder must be there. */
  constructor(file: string) {
    this.file = file;
  }

  /** Keeps the rows up to a step, takes the others away, and reads what is kept.
   * @param step the last step to keep; with 0 the file begins anew.
   * @throws {Error} if the file is not such a file. */
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
        `Cannot go on with ${this.file}: its first columns should be epoch,step, they are ${names.slice(0, 2)}; move it away`,
      );
    }
    this.#names = names.slice(2);
    const points = rows.map((row) => parseRow(row, this.#names!)).filter((point) => point !== undefined && point.step <= step);
    const kept = points as LossPoint[];
    const text = [head, ...kept.map((point) => rowOf(point, this.#names!))].join("\n") + "\n";
    // Also where only half a row was there: new ones must begin on a line of their own.
    await writeWholeText(this.file, text);
    return kept;
  }

  /** Adds a row; with the first one, the names.
   * @returns names of losses that have no column, since they were not there at first: they are not in the file.
   * @throws {Error} if it cannot be written. */
  async add(point: LossPoint): Promise<string[]> {
    let text = "";
    if (!this.#names) {
      this.#names = Object.keys(point.losses);
      text = `epoch,step,${this.#names.join(",")}\n`;
    }
    const names = this.#names;
    await Deno.writeTextFile(this.file, text + rowOf(point, names) + "\n", { append: true }).catch((error) => {
      throw new Error(`Cannot write ${this.file}: ${error.message}; make room, or choose a folder that can be written`);
    });
    return Object.keys(point.losses).filter((name) => !names.includes(name));
  }

  async #lines(): Promise<string[]> {
    const text = await Deno.readTextFile(this.file).catch((error) => {
      unlessMissing(error);
      return "";
    });
    // What follows the last line end was cut off by a crash.
    return text.split("\n").slice(0, -1);
  }
}

function unlessMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/** float32 has 7 digits; more would only show how it is rounded. */
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
