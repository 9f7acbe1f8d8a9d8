import { assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { CODE_MISSING, keptLesson, keptSolutions, NUMBERS_MISSING, numbersIn, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("13_your_own_pictures", {
  "check-numbers": NUMBERS_MISSING,
  "check-smooth": CODE_MISSING,
  "check-split": CODE_MISSING,
});

Deno.test("13_your_own_pictures.ipynb keeps outputs that support its statements", async () => {
  const notebook = await keptLesson("13_your_own_pictures");
  // "an incomplete download, an image without a partner, and an image that consists of a single colour"
  const found = textOf(notebook, "inspect");
  assertMatch(found, /without a partner: y\/5\.png/);
  assertMatch(found, /8\.png has a single colour/);
  assertMatch(found, /3\.png cannot be read/);
  // "continues where the first one stopped"
  const [first, last] = numbersIn(textOf(notebook, "resume").match(/resumed with step (\d+), finished after step (\d+)/)![0]!);
  assertEquals([first! % 77, last! % 77], [1, 0]);
  assertGreater(last!, first!);
  // "With six pairs … the network memorizes. With all pairs … the gap is smaller."
  const [[all], [six]] = rowsOf(textOf(notebook, "both")) as [number[], number[]];
  assertGreater(six!, 2 * all!);
  assertGreater(all!, 0);
  // "The difference is a rounding error."
  const [largest, difference] = textOf(notebook, "mean").match(/[\d.]+e[-+]\d+/g)!.map(Number);
  assertLess(difference!, 1e-4 * largest!);
  // "The weights of both workers are equal to the last bit. One process ends with the same loss, apart from the last digits"
  const hashes = textOf(notebook, "start").match(/(?<=weights )\w+/g)!;
  assertEquals([hashes[0] === hashes[1], hashes[0] === hashes[2]], [true, false]);
  const distances = numbersIn(textOf(notebook, "start").replaceAll(/\w* \d:|(?<=weights )\w+|L1/g, ""));
  assertEquals(distances.length, 6);
  assertLess(Math.abs(distances[1]! - distances[5]!), 1e-4 * distances[5]!);
  // "The product of the two is roughly constant"
  const products = rowsOf(textOf(notebook, "variance")).map((row) => row.at(-1)!);
  assertEquals(products.length, 4);
  for (const product of products) assertGreater(product, products[0]! / 2);
  // "eight pairs per step are worse with each seed ... A larger rate makes up for most of the difference."
  const [one, same, root, eight] = textOf(notebook, "scaled").split("\n").filter((line) => line.includes("batch"))
    .map((line) => numbersIn(line.replace(/│[^│]*│/, "")));
  assertGreater(Math.min(...same!), Math.max(...one!));
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const scaled of [root!, eight!]) assertLess(mean(scaled) - mean(one!), mean(same!) - mean(scaled));
});

Deno.test("solutions/13_your_own_pictures.ipynb keeps outputs that support its statements", async () => {
  const [small, medium, large] = rowsOf(textOf(await keptSolutions("13_your_own_pictures"), "rates")) as [
    number[],
    number[],
    number[],
  ];
  // "With the small rate, the distance falls slowly. With the large rate, it falls almost as fast … but ends higher"
  assertGreater(small![1]!, 2 * medium![1]!);
  assertLess(large![1]!, small![1]!);
  assertGreater(large!.at(-1)!, medium!.at(-1)!);
});
