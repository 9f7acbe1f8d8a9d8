import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import {
  checkGeneratorLoss,
  checkNumbers,
  checkOptimalDiscriminator,
  type GeneratorLoss,
  type OptimalDiscriminator,
} from "../../notebooks/checks/01.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkNumbers() accepts ¾ and log ¾ + log ¼, and explains near misses", async () => {
  const value = Math.log(3 / 16);
  await says(checkNumbers({ best: 0.75, value }), /^Right: /);
  await says(checkNumbers({ best: 0.75, value: -1.67 }), /^Right: /);
  const misses: [number, number, RegExp][] = [
    [NaN, value, /each NaN/],
    [0.25, value, /that the number is generated/],
    [3, value, /a fraction of their sum/],
    [0.5, value, /\(1\.4\) with 0\.3 and 0\.1/],
    [0.75, value / 2, /not their mean/],
    [0.75, -value, /never above 0/],
    [0.75, 2 * Math.log(0.75), /contains log\(1 − D\)/],
    [0.75, -9, /natural logarithms/],
  ];
  for (const [best, value, words] of misses) await says(checkNumbers({ best, value }), words);
});

Deno.test("checkOptimalDiscriminator() accepts (1.4), and explains near misses", async () => {
  const answers: [OptimalDiscriminator, RegExp][] = [
    [(a, b) => (x) => a(x) + b(x) > 0 ? a(x) / (a(x) + b(x)) : 0.5, /^Right: /],
    [(a, b) => (x) => a(x) / (a(x) + b(x)), /^Not yet: where both densities are 0 it says NaN/],
    [(a, b) => (x) => b(x) / (a(x) + b(x)), /that the point is generated/],
    [(a, b) => (x) => a(x) / b(x), /it is \(1\.4\)/],
    [() => 1 as never, /return a function/],
    [() => {
      throw new Error("Your turn");
    }, /^Not yet: "Your turn"$/],
  ];
  for (const [answer, words] of answers) await says(checkOptimalDiscriminator(answer), words);
});

Deno.test("checkGeneratorLoss() accepts (1.7), and explains near misses", async () => {
  const stable: GeneratorLoss = (s) => tf.mean(tf.softplus(tf.neg(s))) as tf.Scalar;
  const answers: [GeneratorLoss, RegExp][] = [
    [stable, /^Right: /],
    [(s) => tf.neg(tf.mean(tf.log(tf.sigmoid(s)))) as tf.Scalar, /for a logit of -300 the loss is 300/],
    [(s) => tf.sum(tf.softplus(tf.neg(s))) as tf.Scalar, /the mean, not the sum/],
    [(s) => tf.neg(stable(s)) as tf.Scalar, /change the sign/],
    [(s) => tf.neg(tf.mean(tf.softplus(s))) as tf.Scalar, /the loss of the zero-sum game/],
    [(s) => tf.mean(tf.square(s)) as tf.Scalar, /it is \(1\.7\)$/],
    [(s) => s as never, /return a scalar/],
  ];
  for (const [answer, words] of answers) await says(checkGeneratorLoss(answer), words);
});
