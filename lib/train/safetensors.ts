/** Reads and writes named arrays in one file, in the safetensors format: the header length in 8 bytes, a JSON header, and the
 * values; all numbers are little-endian. The format is specified in the GitHub repository huggingface/safetensors; such
 * files can also be read from Python, Rust and other languages.
 * @module */

/** An array of values with a shape. */
export interface NamedArray {
  shape: number[];
  values: Float32Array;
}

export interface TensorFile {
  arrays: Map<string, NamedArray>;
  texts: Record<string, string>;
}

/** Maximum header length that the format allows, in bytes. */
const LONGEST_HEADER = 100_000_000;
const METADATA = "__metadata__";

/** Encodes a file as a list of pieces, which avoids copying large arrays. */
export function encodeTensorFile({ arrays, texts }: TensorFile): Uint8Array<ArrayBuffer>[] {
  const header: Record<string, unknown> = { [METADATA]: texts };
  let offset = 0;
  for (const [name, { shape, values }] of arrays) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset += values.byteLength] };
  }
  const text = JSON.stringify(header);
  // The header is padded with spaces, so that the values begin at a multiple of 8 bytes.
  const bytes = new TextEncoder().encode(text + " ".repeat(7 - (new TextEncoder().encode(text).length + 7) % 8));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length), true);
  const pieces = [...arrays.values()].map(({ values }) =>
    new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength)
  );
  return [length, bytes, ...pieces];
}

/** Decodes a file. Where possible, the arrays are views of the bytes rather than copies.
 * @param name Path of the file, for error messages.
 * @throws {RangeError} If the bytes are not a complete file in this format. */
export function decodeTensorFile(bytes: Uint8Array<ArrayBuffer>, name: string): TensorFile {
  const header = parseHeader(bytes, bytes.length, name);
  const { [METADATA]: texts = {}, ...entries } = header.json as Record<string, Entry> & { [METADATA]?: Record<string, string> };
  const arrays = new Map<string, NamedArray>();
  for (const [key, entry] of Object.entries(entries)) arrays.set(key, arrayOf(bytes, header.end, key, entry, name));
  return { arrays, texts: texts as Record<string, string> };
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** Reads the strings in the header of a file, without reading its arrays.
 * @throws {RangeError} If the header is damaged. */
export async function readTexts(path: string): Promise<Record<string, string>> {
  using file = await Deno.open(path);
  const { size } = await file.stat();
  let start = await readUpTo(file, 8);
  if (start.length === 8) {
    await file.seek(0, Deno.SeekMode.Start);
    start = await readUpTo(file, Math.min(8 + headerLength(start), size));
  }
  const { json } = parseHeader(start, size, path);
  return (json as { [METADATA]?: Record<string, string> })[METADATA] ?? {};
}

async function readUpTo(file: Deno.FsFile, count: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(count, 8 + LONGEST_HEADER));
  let filled = 0;
  for (let read: number | null = 0; filled < bytes.length && read !== null; filled += read ?? 0) {
    read = await file.read(bytes.subarray(filled));
  }
  return bytes.subarray(0, filled);
}

function damaged(name: string, why: string): RangeError {
  return new RangeError(`Cannot read ${name}: ${why}; the file is truncated or damaged: use an earlier copy`);
}

function headerLength(bytes: Uint8Array): number {
  return Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
}

/** @param bytes The start of the file, including the header.
 * @param size Size of the entire file, in bytes. */
function parseHeader(bytes: Uint8Array, size: number, name: string): { json: unknown; end: number } {
  if (size < 8) throw damaged(name, `expected at least 8 bytes, got ${size}`);
  const length = headerLength(bytes);
  if (length > LONGEST_HEADER || 8 + length > size) {
    throw damaged(name, `expected a header of ${length} bytes, but the file has ${size}`);
  }
  try {
    const json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return { json, end: 8 + length };
  } catch { /* reported below */ }
  throw damaged(name, "its header is not a JSON object");
}

function arrayOf(bytes: Uint8Array<ArrayBuffer>, start: number, key: string, entry: Entry, name: string): NamedArray {
  const { dtype, shape, data_offsets: offsets } = entry ?? {};
  const whole = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0;
  if (dtype !== "F32" || !Array.isArray(shape) || !shape.every(whole) || !Array.isArray(offsets) || !offsets.every(whole)) {
    throw damaged(name, `its header has an invalid entry for "${key}"`);
  }
  const [from, to] = offsets;
  if (to - from !== shape.reduce((size, dim) => size * dim, 4) || start + to > bytes.length) {
    throw damaged(name, `the values of "${key}" are incomplete`);
  }
  // A view requires an offset that is a multiple of 4, which files written by other programs may not have.
  const values = (bytes.byteOffset + start + from) % 4 === 0
    ? new Float32Array(bytes.buffer, bytes.byteOffset + start + from, (to - from) / 4)
    : new Float32Array(bytes.slice(start + from, start + to).buffer);
  return { shape, values };
}
