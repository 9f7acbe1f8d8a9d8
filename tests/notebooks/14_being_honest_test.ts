import { assert, assertGreater, assertLess } from "@std/assert";
import { CODE_MISSING, keptLesson, keptSolutions, NUMBERS_MISSING, numbersIn, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("14_being_honest", {
  "check-numbers": NUMBERS_MISSING,
  "check-worth": CODE_MISSING,
  "check-threshold": CODE_MISSING,
});

Deno.test("14_being_honest.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("14_being_honest");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // "hardly a false alarm, nearly all of A found, and even of forgers that it has never seen more than half"
  const [real, a, b, c] = table("detector-alarm")[0]!;
  assertLess(real!, 1);
  assertGreater(a!, 90);
  for (const share of [b, c]) assertGreater(share!, 50);
  // "black, but for a few pixels beside the ink. That of made ones is so only nearly"
  const [paper, ...dirty] = table("paper").map(([share]) => share!);
  for (const share of dirty) assertGreater(share, 10 * paper!);
  // "Of A and B it finds hardly any now, and of C fewer than half"
  const [, ofA, ofB, ofC] = table("washed")[1]!;
  for (const share of [ofA, ofB]) assertLess(share!, 5);
  assertLess(ofC!, 50);
  // "That all of them are made."
  for (const share of table("dusty")[0]!) assertGreater(share, 95);
  // "Of A's pictures it finds most … the detector is worse, on B far worse"
  const [, careful] = table("second");
  assertGreater(careful![1]!, 80);
  assertLess(careful![2]!, careful![1]! / 2);
  assertLess(careful![3]!, careful![1]! - 15);
  // "Nine of ten accused are innocent."
  assert(/\b9% of/.test(textOf(notebook, "alarm-number")));
  // "it knows these houses"
  assertLess(numbersIn(textOf(notebook, "memory-show"))[0]!, 0.5);
});

Deno.test("solutions/14_being_honest.ipynb keeps outputs that bear out what it says of them", async () => {
  const notebook = await keptSolutions("14_being_honest");
  const [asIs, little, more, all] = rowsOf(textOf(notebook, "washed")).map((row) => row.at(-2)!);
  // "without the darkest of it it still finds most of A, without all of it hardly any"
  assertGreater(little!, asIs! - 10);
  assertLess(more!, asIs! / 2);
  assertLess(all!, 5);
  // "Each knows its own forger better than the other"
  const [[, own, other], [, strange, its]] = rowsOf(textOf(notebook, "shown")) as [number[], number[]];
  assertGreater(own!, other! + 15);
  assertGreater(its!, strange! + 15);
});
