/** Grids of fixed-size cells that are stored in a file, such as the pixels of an image that does not fit in memory.
 * @module */
import { dirname, join } from "node:path";
import { firstLine } from "./errors.ts";
import type { Region } from "./preprocess.ts";

/** Prefix of the names of temporary files. {@linkcode removeTemporaries} recognizes the files by this prefix. */
export const TEMPORARY = ".forger-";
const TEMPORARIES = /^\.forger-[\w-]+\.(v|part)$/;

/** Removes the temporary files of a process that was killed. Call this function only while no other process writes to the
 * folder. */
export async function removeTemporaries(folder: string): Promise<void> {
  for await (const { name, isFile } of Deno.readDir(folder)) {
    if (isFile && TEMPORARIES.test(name)) await Deno.remove(join(folder, name)).catch(() => {});
  }
}

/** Shape of a {@linkcode GridFile}. */
export interface Grid {
  height: number;
  /** Number of cells in a row. */
  width: number;
  /** Size of a cell in bytes. */
  cell: number;
}

/** A grid of cells in row-major order. Rectangular regions of the grid can be read and written. */
export class GridFile implements Grid {
  readonly height: number;
  readonly width: number;
  readonly cell: number;
  readonly #file: Deno.FsFile;
  readonly #start: number;
  readonly #folder: string;
  #path: string | undefined;

  /** Opens or creates a file. If the operating system allows it, the file's name is removed at once, so that the disk space is
   * freed even if the process is killed.
   * @param start The number of bytes before the first cell.
   * @param named Whether the file keeps its name until it is closed. */
  constructor(path: string, { height, width, cell }: Grid, { start = 0, named = false } = {}) {
    [this.height, this.width, this.cell, this.#start] = [height, width, cell, start];
    this.#file = Deno.openSync(path, { read: true, write: true, create: true });
    [this.#path, this.#folder] = [path, dirname(path)];
    if (!named && Deno.build.os !== "windows") this.#remove(); // Windows does not remove files that are open
  }

  #remove(): void {
    if (this.#path !== undefined) Deno.removeSync(this.#path);
    this.#path = undefined;
  }

  /** Calls `move` for each contiguous part of a region. If a region consists of whole rows, all of its rows form a single
   * part. */
  #parts({ left, top, width, height }: Region, bytes: Uint8Array, move: (part: Uint8Array) => number): void {
    const whole = width === this.width;
    const length = width * this.cell * (whole ? height : 1);
    for (let row = 0; row < (whole ? 1 : height); row++) {
      this.#file.seekSync(this.#start + ((top + row) * this.width + left) * this.cell, Deno.SeekMode.Start);
      for (let done = row * length; done < (row + 1) * length;) done += move(bytes.subarray(done, (row + 1) * length));
    }
  }

  /** Reads a region.
   * @throws {Error} If the file is shorter than the grid. */
  read(region: Region): Uint8Array<ArrayBuffer> {
    const bytes = new Uint8Array(region.width * region.height * this.cell);
    this.#parts(region, bytes, (part) => {
      const count = this.#file.readSync(part);
      if (count === null) throw new Error("Cannot read a temporary file: it is shorter than expected; free some disk space");
      return count;
    });
    return bytes;
  }

  /** Writes a region.
   * @throws {Error} If the disk is full. */
  write(region: Region, bytes: Uint8Array): void {
    try {
      this.#parts(region, bytes, (part) => this.#file.writeSync(part));
    } catch (error) {
      const size = Math.ceil(this.width * this.height * this.cell / 2 ** 20);
      const reason = `${firstLine(error)}; free some space there`;
      throw new Error(`Cannot write a temporary file of ${size} MB in ${this.#folder}: ${reason}`);
    }
  }

  /** Closes and removes the file. Idempotent. */
  close(): void {
    try {
      this.#file.close();
    } catch {
      return; // already closed
    }
    this.#remove();
  }
}
