import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { checkPlaces, checkSample, checkShuffled, type Sample, type WrongFor } from "../../notebooks/checks/11.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkPlaces() accepts 2 and 8, and explains near misses", async () => {
  await says(checkPlaces({ colour: 2, number: 8 }), /^Right: 1 at indices 2 and 8/);
  const misses: [number, number, RegExp][] = [
    [NaN, 8, /each NaN/],
    [3, 8, /indices start at 0/],
    [0, 8, /index 0 does not stand for green/],
    [2, 2, /follow the six colours/],
    [2, 9, /has index 6/],
    [2, 7, /index 7 does not stand for "three"/],
  ];
  for (const [colour, number, words] of misses) await says(checkPlaces({ colour, number }), words);
});

Deno.test("checkSample() accepts (11.1), and explains near misses", async () => {
  const answers: [Sample, RegExp][] = [
    [(mean, log, epsilon) => tf.add(mean, tf.mul(tf.exp(log), epsilon)), /^Right: /],
    [(mean, log, epsilon) => tf.add(mean, tf.mul(log, epsilon)), /logarithm of the standard deviation/],
    [(mean, log, epsilon) => tf.add(mean, tf.mul(tf.exp(tf.div(log, 2)), epsilon)), /logarithm of the variance/],
    [(mean, log) => tf.add(mean, tf.exp(log)), /ε is missing/],
    [(mean) => mean, /not those of \(11\.1\)/],
    [(mean) => tf.mean(mean) as never, /has the shape of the mean/],
    [() => 1 as never, /return a tensor/],
  ];
  for (const [answer, words] of answers) await says(checkSample(answer), words);
});

Deno.test("checkShuffled() accepts captions that are never their own, and explains near misses", async () => {
  const right: WrongFor = (conditions) =>
    conditions.map((own, i) => {
      const others = conditions.map((_, k) => conditions[(i + 1 + k) % conditions.length]!);
      return others.find((other) => `${other}` !== `${own}`) ?? own;
    });
  const answers: [WrongFor, RegExp][] = [
    [right, /^Right: /],
    [(conditions) => [...conditions.slice(1), conditions[0]!], /image 0 of \[1,0\] \[1,0\].* its own vector/],
    [(conditions) => conditions, /its own vector/],
    [(conditions) => conditions.map((row) => row.map((one) => 1 - one)), /is not in the batch/],
    [(conditions) => conditions.reverse(), /make a copy first/],
    [(conditions) => right(conditions).slice(1), /you returned 2/],
    [() => 1 as never, /return an array/],
  ];
  for (const [answer, words] of answers) await says(checkShuffled(answer), words);
});
