import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { checkCycle, checkPool, checkStep, type CycleLoss, type Exchange } from "../../notebooks/checks/10.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkStep() accepts 3.2 and 6, and explains near misses", async () => {
  await says(checkStep({ loss: 3.2, images: 6 }), /^Right: 3\.2, and 6 images/);
  const misses: [number, number, RegExp][] = [
    [NaN, 6, /each NaN/],
    [3.7, 6, /identity loss has the weight λ \/ 2/],
    [2.7, 6, /identity loss is missing/],
    [1, 6, /without their weights/],
    [5, 6, /\(10\.6\) is not 5/],
    [3.2, 2, /also translated back/],
    [3.2, 4, /\(10\.5\) needs two more images/],
    [3.2, 8, /there are not 8 images/],
  ];
  for (const [loss, images, words] of misses) await says(checkStep({ loss, images }), words);
});

Deno.test("checkCycle() accepts (10.4), and explains near misses", async () => {
  const apart = (a: tf.Tensor, b: tf.Tensor) => tf.mean(tf.abs(tf.sub(a, b))) as tf.Scalar;
  const sum = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.abs(tf.sub(a, b))) as tf.Scalar;
  const answers: [CycleLoss, RegExp][] = [
    [(G, F, x, y) => tf.add(apart(F(G(x)), x), apart(G(F(y)), y)), /^Right: /],
    [(G, F, x) => apart(F(G(x)), x), /way from y/],
    [(G, F, _, y) => apart(G(F(y)), y), /way from x/],
    [(G, F, x, y) => tf.div(tf.add(apart(F(G(x)), x), apart(G(F(y)), y)), 2), /not averaged/],
    [(G, F, x, y) => tf.add(apart(G(F(x)), x), apart(F(G(y)), y)), /apply G first/],
    [(G, F, x, y) => tf.add(sum(F(G(x)), x), sum(G(F(y)), y)), /means over the pixels, not sums/],
    [(G, F, x, y) => tf.mul(tf.add(apart(F(G(x)), x), apart(G(F(y)), y)), 2), /it is \(10\.4\)/],
    [(_, __, x) => x as never, /return a scalar/],
    [() => 1 as never, /return a tensor/],
  ];
  for (const [answer, words] of answers) await says(checkCycle(answer), words);
});

Deno.test("checkPool() accepts the paper's pool, and explains near misses", async () => {
  const pool = (limit = 0.5, first = false): Exchange => (pool, size, fresh, dice, place) => {
    const thrown = first ? dice() : undefined;
    if (pool.length < size) return pool[pool.push(fresh) - 1]!;
    if ((thrown ?? dice()) >= limit) return fresh;
    return pool.splice(place(), 1, fresh)[0]!;
  };
  const answers: [Exchange, RegExp][] = [
    [pool(), /^Right: /],
    [pool(0.5, true), /do not call dice/],
    [pool(1), /if dice\(\) is 0\.7, nothing is stored/],
    [pool(0), /replaces the one at index 1/],
    [(pool, _, fresh) => pool[pool.push(fresh) - 1]!, /nothing is stored/],
    [(_, __, fresh) => fresh, /then contains \[1,2\]; yours contains \[1\]/],
    [
      (pool, size, fresh, dice, place) => {
        if (pool.length < size) return pool[pool.push(fresh) - 1]!;
        if (dice() < 0.5) pool[place()] = fresh;
        return fresh;
      },
      /return the number that was replaced/,
    ],
    [() => undefined as never, /return a number/],
  ];
  for (const [answer, words] of answers) await says(checkPool(answer), words);
});
