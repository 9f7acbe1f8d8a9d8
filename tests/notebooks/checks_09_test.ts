import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { type Brightness, checkKeep, checkLuma, checkNumbers, type Keep } from "../../notebooks/checks/09.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

const luma = (pictures: tf.Tensor4D) => tf.sum(tf.mul(pictures, tf.tensor1d([0.299, 0.587, 0.114])), 3, true) as tf.Tensor4D;

Deno.test("checkNumbers() accepts 76 and 4160, and explains near misses", async () => {
  await says(checkNumbers({ red: 76, weights: 4160 }), /^Right: 76\.2, and 4160 weights/);
  const misses: [number, number, RegExp][] = [
    [NaN, 4160, /each NaN/],
    [85, 4160, /mean of the three/],
    [0.299, 4160, /times 255/],
    [150, 4160, /not 150/],
    [76, 4096, /add the 64 biases/],
    [76, 3136, /D also reads x/],
    [76, 1000, /is not 1000/],
  ];
  for (const [red, weights, words] of misses) await says(checkNumbers({ red, weights }), words);
});

Deno.test("checkLuma() accepts (9.1), and explains near misses", async () => {
  const answers: [Brightness, RegExp][] = [
    [luma, /^Right: /],
    [(pictures) => tf.mean(pictures, 3, true), /mean of the channels/],
    [(pictures) => luma(tf.reverse(pictures, 3)), /red and blue/],
    [(pictures) => tf.squeeze(luma(pictures), [3]), /axis of channels is missing/],
    [(pictures) => tf.mul(luma(pictures), 2), /not those of \(9\.1\)/],
    [(pictures) => pictures, /yours is \[2,3,4,3\]/],
    [() => 1 as never, /return a tensor/],
  ];
  for (const [answer, words] of answers) await says(checkLuma(answer), words);
});

Deno.test("checkKeep() accepts (9.3), and explains near misses", async () => {
  const cut = (x: tf.Tensor4D) => tf.clipByValue(x, -1, 1) as tf.Tensor4D;
  const answers: [Keep, RegExp][] = [
    [(made, grey) => cut(tf.add(made, tf.sub(grey, luma(made)))), /^Right: /],
    [(made, grey) => tf.add(made, tf.sub(grey, luma(made))), /tf\.clipByValue/],
    [(made, grey) => cut(tf.sub(made, tf.sub(grey, luma(made)))), /sign is wrong/],
    [(made, grey) => cut(tf.add(made, grey)), /only the missing brightness/],
    [(made) => made, /not those of \(9\.3\)/],
    [(_, grey) => grey, /keeps its three channels/],
    [() => 1 as never, /return a tensor/],
  ];
  for (const [answer, words] of answers) await says(checkKeep(answer), words);
});
