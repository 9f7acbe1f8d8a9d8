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
    [0.16, 45, /none of the ten/],
    [83.8, 45, /not in percent/],
    [10 / 6, 45, /not above 1/],
    [1 / 6, 45, /that is one try/],
    [0.5, 45, /all ten of them/],
    [0.84, 100, /no picture makes a pair with itself/],
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
    [(pictures, target) => tf.mean(distances(pictures, target)), /mean of all answers/],
    [(pictures, target) => tf.max(distances(pictures, target)), /the farthest answer/],
    [(pictures, target) => tf.min(distances(pictures, target, tf.square)), /the least square/],
    [(pictures, target) => tf.min(distances(pictures, target, (apart) => apart)), /absolute value/],
    [(pictures, target) => tf.min(tf.abs(tf.sub(tf.concat(pictures), target))), /nearest pixel of all/],
    [(pictures, target) => tf.mean(tf.min(tf.abs(tf.sub(tf.concat(pictures), target)), 0)), /best answer for each pixel/],
    [(pictures, target) => distances(pictures, target) as never, /one number is wanted, yours are 3/],
    [() => 0.15 as never, /give back a tensor/],
    [() => tf.scalar(7), /not that of \(12\.6\)/],
  ];
  for (const [answer, words] of answers) await says(checkBest(answer), words);
});

Deno.test("checkManner() accepts the code of one image for all inputs, and explains near misses", async () => {
  const answers: [Manner, RegExp][] = [
    [(model, like, inputs) => model.translate(inputs, { codes: tf.tile(model.encode(like), [inputs.shape[0], 1]) }), /^Right: /],
    [(model, _, inputs) => model.translate(inputs), /drawn by chance/],
    [(model, _, inputs) => model.translate(inputs, { codes: tf.zeros([inputs.shape[0], 2]) }), /the code 0/],
    [(model, _, inputs) => model.translate(inputs, { seed: 9 }), /not those of `like`'s code/],
    [(model, like, inputs) => model.translate(inputs, { codes: model.encode(like) }), /codes must have shape \[3, 2\]/],
    [(model, like, inputs) => model.translate(tf.slice(inputs, 0, 1), { codes: model.encode(like) }), /three inputs want three/],
    [() => Promise.resolve(1 as never), /a tensor/],
  ];
  for (const [answer, words] of answers) await says(checkManner(answer), words);
});
