import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { checkPlan, checkTransposed, checkWalk, type EvenWalk, type Transposed } from "../../notebooks/checks/02.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkPlan() accepts 4 and 128, and explains near misses", async () => {
  await says(checkPlan({ doublings: 4, channels: 128 }), /^Right: from 4 × 4 with 128 channels, doubled 4 times/);
  const misses: [number, number, RegExp][] = [
    [NaN, 128, /each NaN/],
    [5, 128, /not 5: begin with 4/],
    [4, 256, /the last one produces the image itself/],
    [4, 16, /16 channels are those of the last hidden layer/],
    [4, 64, /does not have 64 channels/],
  ];
  for (const [doublings, channels, words] of misses) await says(checkPlan({ doublings, channels }), words);
});

Deno.test("checkWalk() accepts the stretched line, and explains near misses", async () => {
  const straight: EvenWalk = (from, to, points) => {
    const tau = tf.reshape(tf.linspace(0, 1, points), [points, 1]);
    return tf.add(tf.mul(from, tf.sub(1, tau)), tf.mul(to, tau));
  };
  const stretched: EvenWalk = (from, to, points) => {
    const line = straight(from, to, points);
    const tau = tf.reshape(tf.linspace(0, 1, points), [points, 1]);
    const lengths = tf.add(tf.mul(tf.norm(from), tf.sub(1, tau)), tf.mul(tf.norm(to), tau));
    return tf.mul(line, tf.div(lengths, tf.norm(line, 2, 1, true)));
  };
  const answers: [EvenWalk, RegExp][] = [
    [stretched, /^Right: /],
    [straight, /point 1 is on the line \(2\.4\), but its length is 2\.264, not 2\.500/],
    [(from, to, points) => stretched(to, from, points), /begins at the end/],
    [(from, to, points) => tf.reverse(stretched(from, to, points), 1), /right length, but not the direction/],
    [(from, to, points) => tf.mul(stretched(from, to, points), 2), /the length of point 0 should be 3\.000, yours is 6\.000/],
    [(from, to) => straight(from, to, 3), /5 points of 3 numbers have the shape \[5,3\], yours is \[3,3\]/],
    [() => 1 as never, /return a tensor/],
  ];
  for (const [answer, words] of answers) await says(checkWalk(answer), words);
});

Deno.test("checkTransposed() accepts the values of tfjs, and explains near misses", async () => {
  const gathered = (turned = false, missing = 0): Transposed => (x, w, stride) => {
    const p = Math.floor((w.length - stride) / 2);
    const stamp = turned ? w.toReversed() : w;
    return Array.from(
      { length: x.length * stride },
      (_, i) => x.reduce((sum, value, j) => sum + value * (stamp[i - stride * j + p] ?? missing), 0),
    );
  };
  const answers: [Transposed, RegExp][] = [
    [gathered(), /^Right: /],
    [gathered(true), /reversed/],
    [gathered(false, NaN), /use 0/],
    [(x) => x, /there should be 6 numbers, not 3/],
    [
      (x, w, stride) => gathered()(x, w, stride).map((value) => 2 * value),
      /the result should be \[4,6,8,20,40,60\]|the result should be/,
    ],
    [() => 1 as never, /return an array/],
  ];
  for (const [answer, words] of answers) await says(checkTransposed(answer), words);
});
