/** The idx format of the MNIST files (LeCun, Cortes, Burges; yann.lecun.com/exdb/mnist): a magic number, the sizes, then bytes.
 *
 * The magic number is 0, 0, the type of the numbers (8: unsigned bytes) and how many sizes follow, each of four bytes, the highest first.
 * @module */
import { gunzipSync } from "node:zlib";
import { firstLine } from "./_sharp.ts";

/** What an idx file holds. */
export interface IdxArray {
  /** Sizes, the slowest first: `[count, height, width]` of pictures, `[count]` of labels. */
  shape: number[];
  /** Their product of bytes. */
  data: Uint8Array;
}

/** Reads an idx file of bytes, gzipped or not.
 * @param source a path, or the file's bytes.
 * @param rank how many sizes it must have: 3 for pictures, 1 for labels.
 * @param name what to call it in an error, if it is given as bytes.
 * @throws {Error} if it is missing, is no such file, is cut short or too long; the message names it. */
export async function readIdx(source: string | Uint8Array, rank: 1 | 3, name: string = "the idx file"): Promise<IdxArray> {
  const called = typeof source === "string" ? source : name;
  const bytes = unzipped(typeof source === "string" ? await read(source) : source, called);
  return parse(bytes, rank, called);
}

async function read(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound ? "there is no such file" : firstLine(error);
    throw new Error(`Cannot read ${path}: ${reason}; check the path`);
  }
}

/** What is larger than this when unpacked is no data set of pictures of digits, but a bomb: MNIST's pictures are 47 MB. */
const mostBytes = 2 ** 30;

function unzipped(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return new Uint8Array(gunzipSync(bytes, { maxOutputLength: mostBytes }));
  } catch (error) {
    throw new Error(`Cannot read ${name}: it is not a whole gzip file (${firstLine(error)}); fetch it again`);
  }
}

function parse(bytes: Uint8Array, rank: number, name: string): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const head = 4 + 4 * rank;
  const magic = bytes.length >= 4 ? view.getUint32(0) : undefined;
  const wanted = 0x800 + rank;
  if (magic !== wanted) {
    const kind = rank === 3 ? "pictures" : "labels";
    const got = magic === undefined ? `${bytes.length} bytes in all` : magic;
    const hint = magic === 0x801 ? "; these are labels" : magic === 0x803 ? "; these are pictures" : "";
    throw new Error(
      `Cannot read ${name}: an idx file of ${kind} begins with the number ${wanted}, got ${got}${hint}; give the right file`,
    );
  }
  const shape = bytes.length < head ? [] : Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = shape.reduce((product, length) => product * length, 1);
  if (bytes.length !== head + size || shape.length !== rank) {
    throw new Error(
      `Cannot read ${name}: it should have ${head + size} bytes (${shape.join(" x ")}), got ${bytes.length}; fetch it again`,
    );
  }
  return { shape, data: bytes.subarray(head) };
}
