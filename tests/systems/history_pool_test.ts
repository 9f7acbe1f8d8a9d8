import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { EXCHANGE_PROBABILITY, HistoryPool } from "../../lib/systems/history_pool.ts";
import { testOnBackends } from "../_backends.ts";

/** A batch of single-colour images, each identified by its colour. */
function coloured(...colours: number[]): tf.Tensor4D {
  return tf.tidy(() => tf.tile(tf.tensor4d(colours, [colours.length, 1, 1, 1]), [1, 2, 2, 3]));
}

/** The colours of the images that the pool returns. */
function exchange(pool: HistoryPool, ...colours: number[]): number[] {
  return tf.tidy(() => {
    const given = pool.exchange(coloured(...colours));
    assertEquals(given.shape, [colours.length, 2, 2, 3]);
    return [...tf.slice(given, [0, 0, 0, 0], [-1, 1, 1, 1]).dataSync()];
  });
}

testOnBackends("HistoryPool returns the newest images until it is full", () => {
  const pool = new HistoryPool(5, 1);
  assertEquals(exchange(pool, 1), [1]);
  assertEquals(exchange(pool, 2, 3, 4), [2, 3, 4]);
  assertEquals([exchange(pool, 5), pool.count], [[5], 5]);
  pool.dispose();
});

testOnBackends("HistoryPool, once full, returns older images half of the time, each equally often and only once", () => {
  const [size, count] = [10, 2000];
  const pool = new HistoryPool(size, 7);
  const inside = new Set(Array.from({ length: size }, (_, i) => i));
  for (const colour of inside) exchange(pool, colour);
  let older = 0;
  const ages: number[] = [];
  for (let colour = size; colour < size + count; colour++) {
    const [given] = exchange(pool, colour) as [number];
    if (given === colour) continue;
    assert(inside.delete(given), `${given} is not in the pool, or was returned twice`);
    inside.add(colour);
    older++;
    ages.push(colour - given);
  }
  assertEquals(pool.count, size);
  const deviation = Math.sqrt(count * EXCHANGE_PROBABILITY * (1 - EXCHANGE_PROBABILITY));
  assert(Math.abs(older - count * EXCHANGE_PROBABILITY) < 4 * deviation, `${older} of ${count}`);
  // An image stays for 20 exchanges on average: each replaces it with probability 1/2 * 1/10.
  const mean = ages.reduce((sum, age) => sum + age) / ages.length;
  assert(mean > 17 && mean < 23, `${mean}`);
  pool.dispose();
}, ["cpu"]);

testOnBackends("HistoryPool restored from a snapshot continues as if uninterrupted", async () => {
  const [whole, half, rest] = [new HistoryPool(3, 4), new HistoryPool(3, 4), new HistoryPool(3, 4)];
  const colours = Array.from({ length: 40 }, (_, i) => i);
  const all = colours.map((colour) => exchange(whole, colour)[0]);
  const begun = colours.slice(0, 17).map((colour) => exchange(half, colour)[0]);
  rest.restore(await half.snapshot());
  assertEquals([...begun, ...colours.slice(17).map((colour) => exchange(rest, colour)[0])], all);
  for (const pool of [whole, half, rest]) pool.dispose();
}, ["tensorflow", "cpu"]);

testOnBackends("HistoryPool of size 0 returns every image unchanged, and seeds determine which images are exchanged", () => {
  const none = new HistoryPool(0, 1);
  for (let colour = 0; colour < 10; colour++) assertEquals(exchange(none, colour), [colour]);
  const [one, other] = [new HistoryPool(2, 1), new HistoryPool(2, 2)];
  const choices = (pool: HistoryPool) => Array.from({ length: 30 }, (_, colour) => exchange(pool, colour)[0] === colour);
  assert(choices(one).join() !== choices(other).join());
  for (const pool of [none, one, other]) pool.dispose();
  assertThrows(() => new HistoryPool(1.5, 1), RangeError, "its size must be an integer ≥ 0, got 1.5");
}, ["cpu"]);

testOnBackends("HistoryPool holds one tensor per image, and none after dispose()", () => {
  const before = tf.memory().numTensors;
  const pool = new HistoryPool(4, 1);
  for (let colour = 0; colour < 20; colour++) exchange(pool, colour, colour);
  assertEquals(tf.memory().numTensors, before + 4);
  pool.dispose();
  assertEquals([tf.memory().numTensors, pool.count], [before, 0]);
});
