/** The losses of a training run as a CSV file: one row per step, written immediately, so that a crash loses nothing.
 *
 * The first columns are the epoch and the step, both counted from 1, followed by one column per loss. A resumed run first
 * removes the rows of the steps that it will repeat. Files that an editor or a spreadsheet has saved are also accepted. An
 * edited file may contain a byte order mark, different line endings, empty lines and quotes, and the last row may lack a line
 * ending.
 * @module */
import type { LossPoint } from "../plot/losses.ts";
import { readText, writeTextFile } from "./files.ts";

export class LossesCsv {
  readonly file: string;
  /** Names of the losses in the file; `undefined` until the header is written or read. */
  #names: string[] | undefined;

  /** @param file Path of the CSV file; its folder must exist. */
  constructor(file: string) {
    this.file = file;
  }

  /** Reads the names of the losses and all complete rows, ordered by step; returns `undefined` if the file does not exist.
   * @throws {Error} If the file cannot be read, or has another format. */
  async read(): Promise<{ names: string[]; points: LossPoint[] } | undefined> {
    const text = await readText(this.file).catch((error) => {
      if (error instanceof Deno.errors.NotFound) return "";
      throw new Error(`Cannot read ${this.file}: ${error.message}; make it readable`);
    });
    const lines = text.split(/\r\n|\n|\r/);
    const ends = lines.at(-1)!.trim() === ""; // a crash may leave an incomplete row after the last line end
    const [head, ...rows] = lines.filter((line) => line.trim() !== "").map(cellsOf);
    if (head === undefined || (rows.length === 0 && !ends && "epoch,step,".startsWith(text.slice(0, 11)))) return undefined;
    if (head[0] !== "epoch" || head[1] !== "step" || head.includes("")) {
      throw this.#wrong(`expected epoch,step as the first columns, got ${shown(head)}`);
    }
    const points: LossPoint[] = [];
    for (const [i, row] of rows.entries()) {
      const point = pointOf(row, head.slice(2));
      if (point) points.push(point);
      else if (ends || i < rows.length - 1) {
        throw this.#wrong(`expected ${head.length} numbers in a row, got ${shown(row)}`);
      }
    }
    return { names: head.slice(2), points: points.sort((a, b) => a.step - b.step) };
  }

  #wrong(got: string): Error {
    return new Error(`Cannot continue ${this.file}: ${got}; restore the original file, or move or delete it`);
  }

  /** Keeps the rows up to the given step, and removes the others.
   * @param step Last step to keep; 0 removes the file.
   * @returns The rows that were kept.
   * @throws {Error} If the file cannot be read, or has another format. */
  async keepUpTo(step: number): Promise<LossPoint[]> {
    const found = step > 0 ? await this.read() : undefined;
    this.#names = found?.names;
    if (!found) {
      await Deno.remove(this.file).catch((error) => {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      });
      return [];
    }
    const { names } = found;
    const kept = found.points.filter((point) => point.step <= step);
    await writeTextFile(this.file, [headOf(names), ...kept.map((point) => rowOf(point, names))].join("\n") + "\n");
    return kept;
  }

  /** Appends a row, preceded by the header if it is the first row.
   * @returns Names of the losses that have no column, because the first row did not contain them.
   * @throws {Error} If the file cannot be written. */
  async add(point: LossPoint): Promise<string[]> {
    let text = "";
    if (!this.#names) {
      this.#names = Object.keys(point.losses);
      text = `${headOf(this.#names)}\n`;
    }
    const names = this.#names;
    await Deno.writeTextFile(this.file, text + rowOf(point, names) + "\n", { append: true }).catch((error) => {
      throw new Error(`Cannot write ${this.file}: ${error.message}; free some space, or choose a writable folder`);
    });
    return Object.keys(point.losses).filter((name) => !names.includes(name));
  }
}

/** Formats the header. Names with commas or quotes are quoted. */
function headOf(names: string[]): string {
  return ["epoch", "step", ...names.map((name) => /[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name)].join(",");
}

/** Formats a row, with 8 significant digits per loss, since float32 has about 7. */
function rowOf({ epoch, step, losses }: LossPoint, names: string[]): string {
  return [epoch, step, ...names.map((name) => name in losses ? Number(losses[name]!.toPrecision(8)) : "")].join(",");
}

function shown(cells: string[]): string {
  return cells.join(",").replaceAll(/[^\x20-\x7e]/g, "?").slice(0, 80);
}

/** Splits a line into cells, and removes quotes and surrounding white space. */
function cellsOf(line: string): string[] {
  if (!line.includes('"')) return line.split(",").map((cell) => cell.trim());
  const cells = [...`${line},`.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*?))\s*,/gy)];
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain!);
}

const NUMBER = /^(NaN|-?Infinity|[+-]?\d+(\.\d+)?([eE][+-]?\d+)?)$/;

/** Reads a row; returns `undefined` if a cell is not a number or the number of cells is wrong. A cell that holds a loss may be
 * empty. */
function pointOf(cells: string[], names: string[]): LossPoint | undefined {
  const [epoch, step] = [Number(cells[0]), Number(cells[1])];
  const losses = cells.slice(2);
  if (losses.length !== names.length || !losses.every((cell) => cell === "" || NUMBER.test(cell))) return undefined;
  if (!(Number.isSafeInteger(epoch) && epoch > 0 && Number.isSafeInteger(step) && step > 0)) return undefined;
  const values = names.map((name, i) => [name, losses[i]!] as const).filter(([, cell]) => cell !== "");
  return { epoch, step, losses: Object.fromEntries(values.map(([name, cell]) => [name, Number(cell)])) };
}
