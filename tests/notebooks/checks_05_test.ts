import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { checkMiddles, checkObjective, checkSharpest, type Sharpest, type Value } from "../../notebooks/checks/05.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkMiddles() accepts the mean and the median, and explains near misses", async () => {
  await says(checkMiddles({ l2: -0.16, l1: 0.2 }), /^Right: L2 leads to -0\.157.*L1 to 0\.2/);
  const misses: [number, number, RegExp][] = [
    [NaN, 0.2, /each NaN/],
    [0.2, -0.157, /are exchanged/],
    [-1.1, 0.2, /divide it/],
    [0.5, 0.2, /which is not 0\.5/],
    [-0.157, -1, /the mode, not the median/],
    [-0.157, 0.4, /as many values/],
  ];
  for (const [l2, l1, words] of misses) await says(checkMiddles({ l2, l1 }), words);
});

Deno.test("checkSharpest() accepts differences in both directions, and explains near misses", async () => {
  const differences = (pictures: tf.Tensor4D, axis: 1 | 2, size = (x: tf.Tensor) => tf.abs(x)) => {
    const [, height, width] = pictures.shape;
    const [h, w] = axis === 1 ? [height - 1, width] : [height, width - 1];
    const next = tf.slice(pictures, axis === 1 ? [0, 1, 0, 0] : [0, 0, 1, 0], [-1, h, w, -1]);
    return tf.sum(size(tf.sub(next, tf.slice(pictures, [0, 0, 0, 0], [-1, h, w, -1]))), [1, 2, 3]);
  };
  const largest = (scores: tf.Tensor) => tf.argMax(scores).dataSync()[0]!;
  const answers: [Sharpest, RegExp][] = [
    [(pictures) => largest(tf.add(differences(pictures, 1), differences(pictures, 2))), /^Right: /],
    [(pictures) => largest(differences(pictures, 2)), /also those below/],
    [(pictures) => largest(differences(pictures, 1)), /not number 1/],
    [() => 2, /weaker stripes/],
    [(pictures) => largest(tf.add(differences(pictures, 1, (x) => x), differences(pictures, 2, (x) => x))), /tf\.abs of each/],
    [() => "1" as never, /return a number/],
  ];
  for (const [answer, words] of answers) await says(checkSharpest(answer), words);
});

Deno.test("checkObjective() accepts (5.7), and explains near misses", async () => {
  const game = (real: tf.Tensor, fake: tf.Tensor) => tf.add(tf.mean(tf.log(real)), tf.mean(tf.log(tf.sub(1, fake))));
  const distance = (y: tf.Tensor, made: tf.Tensor) => tf.mean(tf.abs(tf.sub(y, made)));
  const answers: [Value, RegExp][] = [
    [(real, fake, y, made, lambda) => tf.add(game(real, fake), tf.mul(distance(y, made), lambda)), /^Right: 21\./],
    [(real, fake, y, made, lambda) => tf.sub(tf.mul(distance(y, made), lambda), game(real, fake)), /wrong sign/],
    [(real, fake, y, made) => tf.add(game(real, fake), distance(y, made)), /λ is missing/],
    [(real, fake) => game(real, fake) as tf.Scalar, /L1 is missing/],
    [
      (real, fake, y, made, lambda) =>
        tf.addN([tf.mean(tf.log(real)), tf.mean(tf.log(fake)), tf.mul(distance(y, made), lambda)]) as tf.Scalar,
      /log\(1 − D\)/,
    ],
    [(_, __, y, made) => tf.mul(distance(y, made), 2), /it is \(5\.4\)/],
    [(real) => real as never, /return a scalar/],
    [() => 1 as never, /return a tensor/],
  ];
  for (const [answer, words] of answers) await says(checkObjective(answer), words);
});
