import { assertMatch } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { checkCycle, checkPool, checkStep, type CycleCost, type Exchange } from "../../notebooks/checks/10.ts";
import type { Verdict } from "../../notebooks/checks/verdict.ts";

async function says(verdict: Promise<Verdict>, words: RegExp): Promise<void> {
  assertMatch((await verdict).message, words);
}

Deno.test("checkStep() accepts 3.2 and 6, and explains near misses", async () => {
  await says(checkStep({ cost: 3.2, pictures: 6 }), /^Right: 3\.2, and 6 pictures/);
  const misses: [number, number, RegExp][] = [
    [NaN, 6, /each NaN/],
    [3.7, 6, /half of λ for its weight/],
    [2.7, 6, /identity is missing/],
    [1, 6, /without their weights/],
    [5, 6, /\(10\.4\) is not 5/],
    [3.2, 2, /also translated back/],
    [3.2, 4, /for \(10\.3\)/],
    [3.2, 8, /8 they are not/],
  ];
  for (const [cost, pictures, words] of misses) await says(checkStep({ cost, pictures }), words);
});

Deno.test("checkCycle() accepts (10.2), and explains near misses", async () => {
  const apart = (a: tf.Tensor, b: tf.Tensor) => tf.mean(tf.abs(tf.sub(a, b))) as tf.Scalar;
  const sum = (a: tf.Tensor, b: tf.Tensor) => tf.sum(tf.abs(tf.sub(a, b))) as tf.Scalar;
  const answers: [CycleCost, RegExp][] = [
    [(G, F, x, y) => tf.add(apart(F(G(x)), x), apart(G(F(y)), y)), /^Right: /],
    [(G, F, x) => apart(F(G(x)), x), /way from y/],
    [(G, F, _, y) => apart(G(F(y)), y), /way from x/],
    [(G, F, x, y) => tf.div(tf.add(apart(F(G(x)), x), apart(G(F(y)), y)), 2), /not averaged/],
    [(G, F, x, y) => tf.add(apart(G(F(x)), x), apart(F(G(y)), y)), /G comes first/],
    [(G, F, x, y) => tf.add(sum(F(G(x)), x), sum(G(F(y)), y)), /means, not sums/],
    [(G, F, x, y) => tf.mul(tf.add(apart(F(G(x)), x), apart(G(F(y)), y)), 2), /it is \(10\.2\)/],
    [(_, __, x) => x as never, /give back a scalar/],
    [() => 1 as never, /give back a tensor/],
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
    [pool(0.5, true), /no dice are thrown/],
    [pool(1), /with the dice at 0\.7 nothing is kept/],
    [pool(0), /the new one takes place 1/],
    [(pool, _, fresh) => pool[pool.push(fresh) - 1]!, /nothing is kept/],
    [(_, __, fresh) => fresh, /then holds \[1,2\], yours \[1\]/],
    [
      (pool, size, fresh, dice, place) => {
        if (pool.length < size) return pool[pool.push(fresh) - 1]!;
        if (dice() < 0.5) pool[place()] = fresh;
        return fresh;
      },
      /the one that was there is given back/,
    ],
    [() => undefined as never, /give back a number/],
  ];
  for (const [answer, words] of answers) await says(checkPool(answer), words);
});
