/** Packs weights for web pages into one array of bytes, as float32, float16, or uint8 with one scale per weight tensor.
 *
 * A weight tensor with few values stays in float32: it needs little space, and an error in a bias or a statistic affects all
 * pixels of a channel.
 * @module */
import type { PackedWeight, Precision } from "./protocol.ts";

/** Weights with fewer values than this are always stored as float32. */
const FEW_VALUES = 4096;
/** Number of bytes per value. */
export const BYTES = { float32: 4, float16: 2, uint8: 1 } as const;

/** A weight tensor to pack. */
export interface Weight {
  name: string;
  shape: number[];
  values: Float32Array;
}

/** Packs the weights of a network.
 * @param start Number of bytes before the first weight, a multiple of 4.
 * @returns The bytes, whose number is a multiple of 4, and the position of each weight. */
export function packWeights(
  weights: Weight[],
  precision: Precision,
  start = 0,
): { bytes: Uint8Array[]; entries: PackedWeight[] } {
  const bytes: Uint8Array[] = [];
  const entries = weights.map(({ name, shape, values }): PackedWeight => {
    const kind = values.length < FEW_VALUES ? "float32" : precision;
    const entry: PackedWeight = { name, shape, precision: kind, start };
    let packed: Float32Array | Uint16Array | Uint8Array;
    if (kind === "float32") packed = values.slice();
    else if (kind === "float16") packed = new Uint16Array(new Float16Array(values).buffer);
    else {
      const { least, scale } = rangeOf(values);
      Object.assign(entry, { least, scale });
      packed = Uint8Array.from(values, (value) => Math.round((value - least) / scale));
    }
    const padded = new Uint8Array(Math.ceil(packed.byteLength / 4) * 4);
    padded.set(new Uint8Array(packed.buffer));
    bytes.push(padded);
    start += padded.length;
    return entry;
  });
  return { bytes, entries };
}

function rangeOf(values: Float32Array): { least: number; scale: number } {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return { least, scale: (most - least) / 255 || 1 };
}

/** Reads the values of a weight.
 * @throws {RangeError} If the weight ends after the last byte, or if its scale is missing. */
export function unpackWeight(
  bytes: Uint8Array<ArrayBuffer>,
  { name, shape, precision, start, scale, least }: PackedWeight,
): Float32Array {
  const count = shape.reduce((product, n) => product * n, 1);
  const length = count * BYTES[precision];
  const from = bytes.byteOffset + start;
  if (!(Number.isInteger(start) && start >= 0 && start % 4 === 0 && start + length <= bytes.length)) {
    throw new RangeError(
      `Cannot read the weights: ${name} ends after the last byte; the page is damaged: export the model again`,
    );
  }
  if (precision === "float32") return new Float32Array(bytes.buffer, from, count);
  if (precision === "float16") return fromHalves(new Uint16Array(bytes.buffer, from, count));
  if (!(Number.isFinite(scale) && Number.isFinite(least) && scale! > 0)) {
    throw new RangeError(`Cannot read the weights: ${name} has no scale; the page is damaged: export the model again`);
  }
  const [table, values] = [Float32Array.from({ length: 256 }, (_, byte) => byte * scale! + least!), new Float32Array(count)];
  for (let i = 0; i < count; i++) values[i] = table[bytes[start + i]!]!; // much faster than Float32Array.from
  return values;
}

/** Converts float16 numbers, given as their bits, to float32. Browsers of 2024 have no `Float16Array`. */
function fromHalves(halves: Uint16Array<ArrayBuffer>): Float32Array {
  if ("Float16Array" in globalThis) return new Float32Array(new Float16Array(halves.buffer, halves.byteOffset, halves.length));
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = halfToNumber(halves[i]!);
  return values;
}

/** Returns the number with the given bits: a sign, 5 bits of exponent and 10 bits of fraction. */
function halfToNumber(half: number): number {
  const [sign, exponent, fraction] = [half & 0x8000 ? -1 : 1, half >> 10 & 0x1f, half & 0x3ff];
  if (exponent === 0) return sign * fraction * 2 ** -24; // subnormal
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
