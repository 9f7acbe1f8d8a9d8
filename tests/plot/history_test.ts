import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { LossHistory, lossNames, meanPoint } from "../../lib/plot/history.ts";

const step = (n: number, loss: number) => ({ epoch: 1, step: n, losses: { loss } });

Deno.test("LossHistory keeps every step while there are few", () => {
  const history = new LossHistory(10);
  for (let n = 1; n <= 9; n++) history.add(step(n, n));
  assertEquals([...history].map((point) => [point.step, point.losses.loss]), Array.from({ length: 9 }, (_, i) => [i + 1, i + 1]));
  assertEquals(history.stepsPerPoint, 1);
});

Deno.test("LossHistory joins neighbours into their means, and stays bounded", () => {
  const history = new LossHistory(8);
  for (let n = 1; n <= 100; n++) {
    history.add(step(n, n));
    assert(history.length <= 8, `${history.length} points after ${n} steps`);
  }
  // 8 points of 1, 4 of 2; full again at 16 steps, 4 of 4; at 32, of 8; at 64, of 16.
  assertEquals(history.stepsPerPoint, 16);
  const kept = [...history];
  assertEquals(kept.map((point) => point.step), [16, 32, 48, 64, 80, 96, 100]);
  assertEquals(kept.map((point) => point.losses.loss), [8.5, 24.5, 40.5, 56.5, 72.5, 88.5, 98.5]);
});

Deno.test("LossHistory refuses to hold less than two points", () => {
  assertThrows(() => new LossHistory(1), RangeError, "at least 2 points, got 1");
});

Deno.test("meanPoint() averages what is there, and lets NaN be seen", () => {
  const mean = meanPoint([
    { epoch: 1, step: 1, losses: { a: 1, b: NaN } },
    { epoch: 2, step: 2, losses: { a: 2, b: 1, c: 5 } },
  ]);
  assertEquals([mean.epoch, mean.step], [2, 2]);
  assertAlmostEquals(mean.losses.a!, 1.5);
  assert(Number.isNaN(mean.losses.b));
  assertEquals(mean.losses.c, 5);
  assertEquals(lossNames([mean, { epoch: 1, step: 1, losses: { z: 1, a: 1 } }]), ["a", "b", "c", "z"]);
});

Deno.test("LossHistory prints as what it is", () => {
  const history = new LossHistory(2);
  for (let n = 1; n <= 3; n++) history.add(step(n, n));
  assertEquals(Deno.inspect(history), "LossHistory of 2 points, each of 2 steps");
});
