import { assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { Dropout } from "../../lib/layers/dropout.ts";
import { testOnBackends } from "../_backends.ts";

const SHAPE: [number, number] = [20, 500];

function drop(layer: Dropout, mode: Record<string, boolean>): Float32Array {
  return tf.tidy(() => (layer.apply(tf.ones(SHAPE), mode) as tf.Tensor).dataSync()) as Float32Array;
}

testOnBackends("Dropout drops the given fraction of values and scales the others, which preserves the mean", () => {
  const layer = new Dropout({ rate: 0.25, seed: 1 });
  const values = drop(layer, { training: true });
  assertEquals([...new Set(values)].sort(), [0, Math.fround(4 / 3)]);
  const dropped = values.filter((value) => value === 0).length / values.length;
  assertAlmostEquals(dropped, 0.25, 0.02); // 5 standard deviations of 10,000 draws
  layer.dispose();
});

testOnBackends("Dropout's masks differ from call to call, and are determined by seed and position", () => {
  const [layer, again] = [new Dropout({ rate: 0.5, seed: 2 }), new Dropout({ rate: 0.5, seed: 2 })];
  const [first, second] = [drop(layer, { training: true }), drop(layer, { training: true })];
  assertNotEquals(first, second);
  again.random.position = 1;
  assertEquals(drop(again, { dropout: true }), second);
});

testOnBackends("Dropout is the identity unless it is active", () => {
  const layer = new Dropout({ rate: 0.5, seed: 2 });
  assertEquals(drop(layer, {}).every((value) => value === 1), true);
  assertEquals(drop(layer, { training: true, dropout: false }).every((value) => value === 1), true);
  assertEquals(layer.random.position, 0);
});

Deno.test("Dropout rejects rates outside [0, 1)", () => {
  for (const rate of [1, -0.1, NaN]) assertThrows(() => new Dropout({ rate, seed: 1 }), RangeError, `got ${rate}; use 0.5`);
});
