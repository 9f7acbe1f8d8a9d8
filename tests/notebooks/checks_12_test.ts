import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { type Best, checkBest, checkManner, checkNumbers, type Manner } from "../../notebooks/checks/12.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkNumbers() accepts 0.84 and 45, and explains near misses", async () => {
  await says(checkNumbers({ among: 0.84, pairs: 45 }), /^Right: 0\.84, and 45 pairs/);
  const misses: [number, number, RegExp][] = [
    [NaN, 45, /each NaN/],
    [0.16, 45, /all ten are wrong/],
    [83.8, 45, /not a percentage/],
    [10 / 6, 45, /cannot exceed 1/],
    [1 / 6, 45, /for one output/],
    [0.5, 45, /that all ten are wrong\?/],
    [0.84, 100, /no image forms a pair with itself/],
    [0.84, 90, /counts each pair once/],
    [0.84, 10, /those with i < j/],
  ];
  for (const [among, pairs, words] of misses) await says(checkNumbers({ among, pairs }), words);
});

Deno.test("checkBest() accepts (12.6), and explains near misses", async () => {
  const distances = (pictures: tf.Tensor4D[], target: tf.Tensor4D, of: (apart: tf.Tensor) => tf.Tensor = tf.abs) =>
    tf.stack(pictures.map((picture) => tf.mean(of(tf.sub(picture, target)))));
  const answers: [Best, RegExp][] = [
    [(pictures, target) => tf.min(distances(pictures, target)), /^Right: /],
    [(pictures, target) => tf.mean(distances(pictures, target)), /this is the mean distance/],
    [(pictures, target) => tf.max(distances(pictures, target)), /this is the largest distance/],
    [(pictures, target) => tf.min(distances(pictures, target, tf.square)), /smallest squared distance/],
    [(pictures, target) => tf.min(distances(pictures, target, (apart) => apart)), /take absolute values/],
    [(pictures, target) => tf.min(tf.abs(tf.sub(tf.concat(pictures), target))), /nearest pixel of all images/],
    [(pictures, target) => tf.mean(tf.min(tf.abs(tf.sub(tf.concat(pictures), target)), 0)), /best image for each pixel/],
    [(pictures, target) => distances(pictures, target) as never, /return a scalar; yours has 3 elements/],
    [() => 0.15 as never, /return a tensor/],
    [() => tf.scalar(7), /not that of \(12\.6\)/],
  ];
  for (const [answer, words] of answers) await says(checkBest(answer), words);
});

Deno.test("checkManner() accepts the code of one image for all inputs, and explains near misses", async () => {
  const answers: [Manner, RegExp][] = [
    [(model, like, inputs) => model.translate(inputs, { codes: tf.tile(model.encode(like), [inputs.shape[0], 1]) }), /^Right: /],
    [(model, _, inputs) => model.translate(inputs), /have random codes/],
    [(model, _, inputs) => model.translate(inputs, { codes: tf.zeros([inputs.shape[0], 2]) }), /the code 0/],
    [(model, _, inputs) => model.translate(inputs, { seed: 9 }), /do not have the code of `like`/],
    [(model, like, inputs) => model.translate(inputs, { codes: model.encode(like) }), /codes must have shape \[3, 2\]/],
    [(model, like, inputs) => model.translate(tf.slice(inputs, 0, 1), { codes: model.encode(like) }), /three inputs give three/],
    [() => Promise.resolve(1 as never), /as a tensor/],
  ];
  for (const [answer, words] of answers) await says(checkManner(answer), words);
});
