import { assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { CODE_MISSING, keptLesson, keptSolutions, NUMBERS_MISSING, numbersIn, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("13_your_own_pictures", {
  "check-numbers": NUMBERS_MISSING,
  "check-smooth": CODE_MISSING,
  "check-split": CODE_MISSING,
});

Deno.test("13_your_own_pictures.ipynb keeps outputs that support its statements", async () => {
  const notebook = await keptLesson("13_your_own_pictures");
  // `faults-text`: the three faults are found
  const found = textOf(notebook, "inspect");
  assertMatch(found, /without a partner: y\/5\.png/);
  assertMatch(found, /8\.png has a single colour/);
  assertMatch(found, /3\.png cannot be read/);
  // `resume-text`: the second run continues where the first one stopped
  const [first, last] = numbersIn(textOf(notebook, "resume").match(/resumed with step (\d+), finished after step (\d+)/)![0]!);
  assertEquals([first! % 77, last! % 77], [1, 0]);
  assertGreater(last!, first!);
  // `players-text`: the gap is smaller with all pairs than with six
  const [[all], [six]] = rowsOf(textOf(notebook, "both")) as [number[], number[]];
  assertGreater(six!, 2 * all!);
  assertGreater(all!, 0);
  // `workers-text`: the difference is a rounding error
  const [largest, difference] = textOf(notebook, "mean").match(/[\d.]+e[-+]\d+/g)!.map(Number);
  assertLess(difference!, 1e-4 * largest!);
  // `start-read-text`: the workers have identical weights, and one process has nearly the same loss
  const hashes = textOf(notebook, "start").match(/(?<=weights )\w+/g)!;
  assertEquals([hashes[0] === hashes[1], hashes[0] === hashes[2]], [true, false]);
  const distances = numbersIn(textOf(notebook, "start").replaceAll(/\w* \d:|(?<=weights )\w+|L1/g, ""));
  assertEquals(distances.length, 6);
  assertLess(Math.abs(distances[1]! - distances[5]!), 1e-4 * distances[5]!);
  // `variance-read-text`: the product of the variance and the number of workers is roughly constant
  const products = rowsOf(textOf(notebook, "variance")).map((row) => row.at(-1)!);
  assertEquals(products.length, 4);
  for (const product of products) assertGreater(product, products[0]! / 2);
  // `scaled-read-text`: eight pairs per step are worse, and a larger rate compensates for most of the difference
  const compared = textOf(notebook, "scaled");
  const [one, same, root, eight] = ["batch 1", "batch 8, same rate", "batch 8, rate × √8", "batch 8, rate × 8"].map((name) => {
    const [, mean, low, high] = compared.match(new RegExp(`[:,] ${name} (\\S+) \\((\\S+) to (\\S+)\\)`))!.map(Number);
    return { mean: mean!, low: low!, high: high! };
  });
  assertGreater(same!.low, one!.high);
  for (const scaled of [root!, eight!]) assertLess(scaled.mean - one!.mean, same!.mean - scaled.mean);
});

Deno.test("solutions/13_your_own_pictures.ipynb keeps outputs that support its statements", async () => {
  const [small, medium, large] = rowsOf(textOf(await keptSolutions("13_your_own_pictures"), "rates")) as [
    number[],
    number[],
    number[],
  ];
  // `solutions/rates-read-text`: with the small rate, the distance falls slowly; with the large one, it ends higher
  assertGreater(small![1]!, 2 * medium![1]!);
  assertLess(large![1]!, small![1]!);
  assertGreater(large!.at(-1)!, medium!.at(-1)!);
});
