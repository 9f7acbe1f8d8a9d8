import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { type Random, seededRandom, shuffled } from "../../lib/data/random.ts";

const take = (random: Random, count: number) => Array.from({ length: count }, () => random.next());

Deno.test("seededRandom() returns the same numbers for the same seeds, and different ones for different seeds", () => {
  const first = take(seededRandom(7, 1, 2), 5);
  assertEquals(take(seededRandom(7, 1, 2), 5), first);
  const others = [[7, 2, 1], [7, 1], [7, 1, 2, 0], [8, 1, 2], [-7, 1, 2], [7 + 2 ** 32, 1, 2]];
  for (const seeds of others) assertNotEquals(take(seededRandom(...seeds), 5), first);
});

Deno.test("seededRandom() returns pinned numbers", () => {
  // A change of the generator would change every data set.
  assertEquals(take(seededRandom(1), 3).map((x) => x * 2 ** 32), [3477698676, 1914640040, 2134976388]);
});

Deno.test("seededRandom() is uniform, even over the first numbers from consecutive seeds", () => {
  const firsts = Array.from({ length: 20_000 }, (_, seed) => seededRandom(seed).next());
  for (const numbers of [firsts, take(seededRandom(3), 20_000)]) {
    const mean = numbers.reduce((sum, x) => sum + x) / numbers.length;
    const square = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length;
    assertAlmostEquals(mean, 1 / 2, 0.01); // standard error of the mean: 0.002
    assertAlmostEquals(square, 1 / 12, 0.004);
    const tenths = new Array(10).fill(0);
    for (const x of numbers) tenths[Math.floor(x * 10)]++;
    for (const count of tenths) assertAlmostEquals(count, 2000, 250);
    const neighbours = numbers.slice(1).reduce((sum, x, i) => sum + (x - mean) * (numbers[i]! - mean), 0) / numbers.length /
      square;
    assertAlmostEquals(neighbours, 0, 0.03);
  }
});

Deno.test("seededRandom() draws integers, ranges, chances and picks within their bounds", () => {
  const random = seededRandom(5);
  const integers = new Set(Array.from({ length: 200 }, () => random.integer(4)));
  assertEquals([...integers].sort(), [0, 1, 2, 3]);
  for (let i = 0; i < 200; i++) {
    const x = random.between(-2, 3);
    assert(x >= -2 && x < 3);
  }
  assertEquals(new Set(Array.from({ length: 100 }, () => random.pick(["a", "b"]))).size, 2);
  const hits = Array.from({ length: 2000 }, () => random.chance(0.25)).filter(Boolean).length;
  assertAlmostEquals(hits, 500, 100);
});

Deno.test("seededRandom() throws without a seed, and on a seed that is not an integer", () => {
  assertThrows(() => seededRandom(), RangeError, "at least one seed");
  assertThrows(() => seededRandom(1, 0.5), RangeError, "got 0.5");
});

Deno.test("shuffled() contains each number once, and all orders are equally likely", () => {
  assertEquals(shuffled(50, seededRandom(1)).sort((a, b) => a - b), Array.from({ length: 50 }, (_, i) => i));
  assertEquals(shuffled(0, seededRandom(1)), []);
  const random = seededRandom(2);
  const counts: Record<string, number> = {};
  for (let i = 0; i < 6000; i++) {
    const order = shuffled(3, random).join("");
    counts[order] = (counts[order] ?? 0) + 1;
  }
  assertEquals(Object.keys(counts).length, 6);
  for (const count of Object.values(counts)) assertAlmostEquals(count, 1000, 150);
});
