import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { packWeights, unpackWeight } from "../../lib/play/weights.ts";

/** Packs one weight and returns the entry and all bytes. */
function packOne(values: Float32Array, precision: "float32" | "float16" | "uint8") {
  const { bytes, entries } = packWeights([{ name: "w", shape: [values.length], values }], precision);
  return { bytes: Uint8Array.from(bytes[0]!), entry: entries[0]! };
}

const wave = Float32Array.from({ length: 5001 }, (_, i) => 3 * Math.sin(i));

Deno.test("packWeights() and unpackWeight() keep float32 values exactly", () => {
  const { bytes, entry } = packOne(wave, "float32");
  assertEquals(unpackWeight(bytes, entry), wave);
});

Deno.test("packWeights() stores float16 values with a relative error of at most 2^-11", () => {
  const { bytes, entry } = packOne(wave, "float16");
  assertEquals(bytes.length, 2 * 5002); // a multiple of 4
  unpackWeight(bytes, entry).forEach((value, i) => assertAlmostEquals(value, wave[i]!, Math.abs(wave[i]!) * 2 ** -11 + 1e-7));
});

Deno.test("unpackWeight() reads float16 values also in a browser without Float16Array", () => {
  const { Float16Array } = globalThis;
  const bits = new Uint16Array(2 ** 16).map((_, i) => i); // every float16 number
  const [bytes, entry] = [
    new Uint8Array(bits.buffer),
    { name: "w", shape: [2 ** 16], precision: "float16" as const, start: 0 },
  ];
  const expected = unpackWeight(bytes, entry);
  assertEquals(expected.slice(1, 3), Float32Array.of(2 ** -24, 2 ** -23));
  Reflect.deleteProperty(globalThis, "Float16Array");
  try {
    const wrong = unpackWeight(bytes, entry).findIndex((value, i) => !Object.is(value, expected[i])); // NaN is NaN, -0 is not 0
    assertEquals(wrong, -1);
  } finally {
    Object.assign(globalThis, { Float16Array });
  }
});

Deno.test("packWeights() stores uint8 values with an error of at most half a step, and the extremes exactly", () => {
  const { bytes, entry } = packOne(wave, "uint8");
  assertEquals(bytes.length, 5004);
  const values = unpackWeight(bytes, entry);
  const [least, most] = [Math.min(...wave), Math.max(...wave)];
  values.forEach((value, i) => assertAlmostEquals(value, wave[i]!, (most - least) / 255 / 2 + 1e-6));
  assertAlmostEquals(Math.min(...values), least, 1e-6);
  assertAlmostEquals(Math.max(...values), most, 1e-6);
});

Deno.test("packWeights() stores a constant weight exactly", () => {
  const { bytes, entry } = packOne(new Float32Array(5000).fill(-0.7), "uint8");
  assert(unpackWeight(bytes, entry).every((value) => value === Math.fround(-0.7)));
});

Deno.test("packWeights() keeps weights with few values in float32", () => {
  const few = wave.slice(0, 4095);
  const { bytes, entry } = packOne(few, "uint8");
  assertEquals(entry.precision, "float32");
  assertEquals(unpackWeight(bytes, entry), few);
});

Deno.test("packWeights() places weights one after another, from the given start", () => {
  const weights = [1, 2, 3].map((n) => ({ name: `${n}`, shape: [5001], values: wave.map((value) => n * value) }));
  const { bytes, entries } = packWeights(weights, "float16", 8);
  assertEquals(entries.map(({ start }) => start), [8, 8 + 10_004, 8 + 20_008]);
  const all = new Uint8Array(8 + bytes.reduce((sum, { length }) => sum + length, 0));
  bytes.forEach((piece, i) => all.set(piece, entries[i]!.start));
  entries.forEach((entry, i) => assertAlmostEquals(unpackWeight(all, entry)[1]!, (i + 1) * wave[1]!, 0.01));
});

Deno.test("unpackWeight() rejects positions outside of the bytes", () => {
  const { bytes, entry } = packOne(wave, "uint8");
  const wrong = [
    { ...entry, start: 4 },
    { ...entry, start: -4 },
    { ...entry, start: 2 },
    { ...entry, start: NaN },
    { ...entry, shape: [6000] },
    { ...entry, precision: "float32" as const },
  ];
  for (const one of wrong) assertThrows(() => unpackWeight(bytes, one), RangeError, "Cannot read the weights: w ends after");
  assertThrows(() => unpackWeight(bytes.slice(0, 5000), entry), RangeError, "the page is damaged: export the model again");
});
