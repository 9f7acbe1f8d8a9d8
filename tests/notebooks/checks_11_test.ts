import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { checkCloud, checkPlaces, checkShuffled, type Cloud, type WrongFor } from "../../notebooks/checks/11.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkPlaces() accepts 2 and 8, and explains near misses", async () => {
  await says(checkPlaces({ colour: 2, number: 8 }), /^Right: a 1 at 2 and at 8/);
  const misses: [number, number, RegExp][] = [
    [NaN, 8, /each NaN/],
    [3, 8, /counted from 0/],
    [0, 8, /at place 0 green is not/],
    [2, 2, /behind the six colours/],
    [2, 9, /one has the place 6/],
    [2, 7, /at place 7 three is not/],
  ];
  for (const [colour, number, words] of misses) await says(checkPlaces({ colour, number }), words);
});

Deno.test("checkCloud() accepts (11.1), and explains near misses", async () => {
  const answers: [Cloud, RegExp][] = [
    [(mean, log, epsilon) => tf.add(mean, tf.mul(tf.exp(log), epsilon)), /^Right: /],
    [(mean, log, epsilon) => tf.add(mean, tf.mul(log, epsilon)), /logarithm of the deviation/],
    [(mean, log, epsilon) => tf.add(mean, tf.mul(tf.exp(tf.div(log, 2)), epsilon)), /logarithm of the variance/],
    [(mean, log) => tf.add(mean, tf.exp(log)), /ε is missing/],
    [(mean) => mean, /not those of \(11\.1\)/],
    [(mean) => tf.mean(mean) as never, /the shape is that of the mean/],
    [() => 1 as never, /give back a tensor/],
  ];
  for (const [answer, words] of answers) await says(checkCloud(answer), words);
});

Deno.test("checkShuffled() accepts captions that are never their own, and explains near misses", async () => {
  const right: WrongFor = (conditions) =>
    conditions.map((own, i) => {
      const others = conditions.map((_, k) => conditions[(i + 1 + k) % conditions.length]!);
      return others.find((other) => `${other}` !== `${own}`) ?? own;
    });
  const answers: [WrongFor, RegExp][] = [
    [right, /^Right: /],
    [(conditions) => [...conditions.slice(1), conditions[0]!], /picture 0 of \[1,0\] \[1,0\].* which is its own/],
    [(conditions) => conditions, /which is its own/],
    [(conditions) => conditions.map((row) => row.map((one) => 1 - one)), /belongs to no picture/],
    [(conditions) => conditions.reverse(), /make a copy/],
    [(conditions) => right(conditions).slice(1), /yours are 2/],
    [() => 1 as never, /give back an array/],
  ];
  for (const [answer, words] of answers) await says(checkShuffled(answer), words);
});
