/** Named tensors in one file, in the safetensors format: 8 bytes of length, a JSON header, then the values, all little-endian.
 * Source: the format's description in the repository huggingface/safetensors. Python, Rust and others read it too.
 * @module */

/** Values with their shape. */
export interface NamedArray {
  shape: number[];
  values: Float32Array;
}

/** A file's contents: arrays by name, and texts by name. */
export interface TensorFile {
  arrays: Map<string, NamedArray>;
  texts: Record<string, string>;
}

/** The format's own limit for headers. */
const LONGEST_HEADER = 100_000_000;
const METADATA = "__metadata__";

/** The file's bytes, in pieces, so that large values need not be copied into one. */
export function encodeTensorFile({ arrays, texts }: TensorFile): Uint8Array<ArrayBuffer>[] {
  const header: Record<string, unknown> = { [METADATA]: texts };
  let offset = 0;
  for (const [name, { shape, values }] of arrays) {
    header[name] = { dtype: "F32", shape, data_offsets: [offset, offset += values.byteLength] };
  }
  const text = JSON.stringify(header);
  // The values begin at a multiple of 8 bytes: the header is filled up with spaces.
  const bytes = new TextEncoder().encode(text + " ".repeat(7 - (new TextEncoder().encode(text).length + 7) % 8));
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length), true);
  const pieces = [...arrays.values()].map(({ values }) =>
    new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength)
  );
  return [length, bytes, ...pieces];
}

/** Reads a file's bytes. The arrays are views of them.
 * @param name of the file, for messages.
 * @throws {RangeError} if the bytes are not a whole file of this format. */
export function decodeTensorFile(bytes: Uint8Array<ArrayBuffer>, name: string): TensorFile {
  const header = readHeader(bytes, name);
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

function broken(name: string, why: string): RangeError {
  return new RangeError(`Cannot read ${name}: ${why}; it is cut short or damaged, take an earlier one`);
}

function readHeader(bytes: Uint8Array, name: string): { json: unknown; end: number } {
  if (bytes.length < 8) throw broken(name, `wanted at least 8 bytes, got ${bytes.length}`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > LONGEST_HEADER || 8 + length > bytes.length) {
    throw broken(name, `its header should be ${length} bytes, and the file has ${bytes.length}`);
  }
  try {
    const json = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return { json, end: 8 + length };
  } catch { /* said below */ }
  throw broken(name, "its header is no JSON object");
}

function arrayOf(bytes: Uint8Array<ArrayBuffer>, start: number, key: string, entry: Entry, name: string): NamedArray {
  const { dtype, shape, data_offsets: offsets } = entry ?? {};
  const whole = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0;
  if (dtype !== "F32" || !Array.isArray(shape) || !shape.every(whole) || !Array.isArray(offsets) || !offsets.every(whole)) {
    throw broken(name, `its header describes "${key}" wrongly`);
  }
  const [from, to] = offsets;
  if (to - from !== shape.reduce((size, dim) => size * dim, 4) || start + to > bytes.length) {
    throw broken(name, `the values of "${key}" are not all there`);
  }
  // Views need multiples of 4; a file written elsewhere may not keep to them.
  const values = (bytes.byteOffset + start + from) % 4 === 0
    ? new Float32Array(bytes.buffer, bytes.byteOffset + start + from, (to - from) / 4)
    : new Float32Array(bytes.slice(start + from, start + to).buffer);
  return { shape, values };
}
