import { assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { CODE_MISSING, keptLesson, keptSolutions, NUMBERS_MISSING, numbersIn, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("13_your_own_pictures", {
  "check-numbers": NUMBERS_MISSING,
  "check-smooth": CODE_MISSING,
  "check-split": CODE_MISSING,
});

Deno.test("13_your_own_pictures.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("13_your_own_pictures");
  // "a download that broke off, a picture without a partner, and one that is a plain colour"
  const found = textOf(notebook, "inspect");
  assertMatch(found, /without a partner: y\/5\.png/);
  assertMatch(found, /8\.png is one flat colour/);
  assertMatch(found, /3\.png cannot be read/);
  // "the rest is done"
  const [went, ended] = numbersIn(textOf(notebook, "resume").match(/went on at step (\d+), ended with step (\d+)/)![0]!);
  assertEquals([went! % 77, ended! % 77], [1, 0]);
  assertGreater(ended!, went!);
  // "it learns the six by heart"
  const [[all], [six]] = rowsOf(textOf(notebook, "gap-number")) as [number[], number[]];
  assertGreater(six!, 2 * all!);
  assertGreater(all!, 0);
});

Deno.test("solutions/13_your_own_pictures.ipynb keeps outputs that bear out what it says of them", async () => {
  const notebook = await keptSolutions("13_your_own_pictures");
  const [small, middle, large] = rowsOf(textOf(notebook, "rates")) as [number[], number[], number[]];
  // "The small one is known by its slowness. The large one falls as quickly as the middle one at first … and ends higher."
  assertGreater(small![1]!, 2 * middle![1]!);
  assertLess(large![1]!, small![1]!);
  assertGreater(large!.at(-1)!, middle!.at(-1)!);
  // "and yet this L1 is the larger"
  const [[forth], [back]] = rowsOf(textOf(notebook, "swap")) as [number[], number[]];
  assertGreater(back!, forth!);
});
