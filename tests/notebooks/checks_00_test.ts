import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { checkNumbers, checkSlope, checkToBytes, type Slope, type ToBytes } from "../../notebooks/checks/00.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkNumbers() accepts 4096 and -0.6, and explains near misses", async () => {
  await says(checkNumbers({ size: 4096, x: -0.6 }), /^Right: 4096 numbers, and 51 becomes -0.6/);
  const misses: [number, number, RegExp][] = [
    [NaN, -0.6, /each NaN/],
    [3 * 4096, -0.6, /one number per pixel/],
    [512, -0.6, /there are eight/],
    [100, -0.6, /not 100/],
    [4096, 0.4, /subtracts 1/],
    [4096, 0.2, /does not convert 51 to 0.2/],
  ];
  for (const [size, x, words] of misses) await says(checkNumbers({ size, x }), words);
});

Deno.test("checkToBytes() accepts rounded bytes, and explains near misses", async () => {
  const exact: ToBytes = (x) => tf.mul(tf.add(x, 1), 127.5);
  const answers: [ToBytes, RegExp][] = [
    [(x) => tf.round(exact(tf.clipByValue(x, -1, 1))), /^Right: /],
    [(x) => tf.round(exact(x)), /-1.4 is outside of \[-1, 1\], and becomes 0, not -51: clip it/],
    [(x) => exact(tf.clipByValue(x, -1, 1)), /a byte is a whole number: 0.203 becomes 153/],
    [(x) => tf.round(tf.mul(x, 255)), /-1 becomes 0, yours is -255/],
    [(x) => tf.reshape(x, [8]), /the shape should stay/],
    [() => 3 as never, /return a tensor/],
  ];
  for (const [answer, words] of answers) await says(checkToBytes(answer), words);
});

Deno.test("checkSlope() accepts a central difference, and explains near misses", async () => {
  const between = (h: number): Slope => (g, w) => (g(w + h) - g(w - h)) / (2 * h);
  const answers: [Slope, RegExp][] = [
    [between(1e-4), /^Right: /],
    [(g, w) => 2 * between(1e-4)(g, w), /twice the derivative/],
    [(g, w) => -between(1e-4)(g, w), /sign is wrong/],
    [(g, w) => (g(w + 1e-2) - g(w)) / 1e-2, /close, but off by 0.01 for w²/],
    [between(1e-2), /close, but off by 0.0001 for w³/],
    [() => 7, /the derivative of w at 5 is 1, yours is 7/],
    [() => "1" as never, /should be a number/],
  ];
  for (const [answer, words] of answers) await says(checkSlope(answer), words);
});
