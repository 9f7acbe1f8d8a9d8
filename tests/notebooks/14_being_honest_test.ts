import { assert, assertGreater, assertLess } from "@std/assert";
import { CODE_MISSING, keptLesson, keptSolutions, NUMBERS_MISSING, numbersIn, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("14_being_honest", {
  "check-numbers": NUMBERS_MISSING,
  "check-worth": CODE_MISSING,
  "check-threshold": CODE_MISSING,
});

Deno.test("14_being_honest.ipynb keeps outputs that support its statements", async () => {
  const notebook = await keptLesson("14_being_honest");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // "hardly any false alarms … nearly all images by A, and most of those by B and C … of the pretrained model … none"
  const [real, a, b, c, pretrained] = table("alarms")[0]!;
  assertLess(real!, 1);
  assertGreater(a!, 90);
  for (const share of [b, c]) assertGreater(share!, 50);
  assertLess(pretrained!, 1);
  // "the background is exactly black, except for a few pixels … In generated digits, it is only almost black"
  const [background, ...generated] = table("paper")[0]!;
  for (const share of generated) assertGreater(share, 3 * background!);
  // "The detector now finds almost none."
  for (const share of table("washed")[1]!) assertLess(share, 5);
  // "That all of them are generated."
  for (const share of table("dusty")[0]!) assertGreater(share, 95);
  // "finds most of the washed images by A. But it finds far fewer by B and C … hardly any by the pretrained model"
  const [, careful] = table("second");
  assertGreater(careful![1]!, 80);
  for (const share of careful!.slice(2, 4)) assertLess(share, careful![1]! / 2);
  assertLess(careful![4]!, 5);
  // "More than nine of ten alarms are false."
  assert(/\b9% of/.test(textOf(notebook, "number")));
  // "it knows these houses" and "With more pairs, r is closer to 1"
  assertLess(numbersIn(textOf(notebook, "member-run"))[0]!, 0.5);
  const [[few], [many]] = table("member-more") as [number[], number[]];
  assertGreater(many!, few! + 0.2);
});

Deno.test("solutions/14_being_honest.ipynb keeps outputs that support its statements", async () => {
  const notebook = await keptSolutions("14_being_honest");
  const [asIs, little, more, all] = rowsOf(textOf(notebook, "washed")).map((row) => row.at(-2)!);
  // "If only the darkest of them are washed, it still finds most images by A; if all are washed, it finds hardly any."
  assertGreater(little!, asIs! - 10);
  assertLess(more!, asIs! / 2);
  assertLess(all!, 5);
  // "Each recognizes the generator that it has seen better than the other one"
  const [[, own, other], [, strange, its]] = rowsOf(textOf(notebook, "shown")) as [number[], number[]];
  assertGreater(own!, other! + 15);
  assertGreater(its!, strange! + 15);
});
