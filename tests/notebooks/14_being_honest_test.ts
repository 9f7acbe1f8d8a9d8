import { assert, assertGreater, assertLess } from "@std/assert";
import { modelHistory } from "../../mod.ts";
import { CODE_MISSING, keptLesson, keptSolutions, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("14_being_honest", {
  "check-numbers": NUMBERS_MISSING,
  "check-worth": CODE_MISSING,
  "check-threshold": CODE_MISSING,
});

Deno.test("14_being_honest.ipynb keeps outputs that support its statements", async () => {
  const notebook = await keptLesson("14_being_honest");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // `alarms-read-text`: hardly any false alarms; nearly all images from A, most from B and C, none from the pretrained model
  const [real, a, b, c, pretrained] = table("alarms")[0]!;
  assertLess(real!, 1);
  assertGreater(a!, 90);
  for (const share of [b, c]) assertGreater(share!, 50);
  assertLess(pretrained!, 1);
  // `paper-text`: generated digits have far more pixels that are almost black
  const [background, ...generated] = table("paper")[0]!;
  for (const share of generated) assertGreater(share, 3 * background!);
  // `washed-read-text`: the detector finds almost no washed images
  for (const share of table("washed")[1]!) assertLess(share, 5);
  // `washed-read-text`: it classifies all images with a grey background as generated
  for (const share of table("dusty")[0]!) assertGreater(share, 95);
  // `second-read-text`: the new detector finds most images from A, far fewer from B and C, hardly any of the pretrained model
  const [, careful] = table("second");
  assertGreater(careful![1]!, 80);
  for (const share of careful!.slice(2, 4)) assertLess(share, careful![1]! / 2);
  assertLess(careful![4]!, 5);
  // `number-read-text`: more than nine out of ten alarms are false
  assert(/\b9% of/.test(textOf(notebook, "number")));
  // `member-read-text`: the model has memorized its eight houses; with more pairs, it reveals less
  const [[few], [many]] = table("member-run") as [number[], number[]];
  assertLess(few!, 0.5);
  assertGreater(many!, few! + 0.2);
  // `month-text`: the first few minutes bring most of the quality
  const history = await modelHistory("digits-by-class");
  const early = history.findLast(({ seconds }) => seconds < 300)!;
  assertGreater(early.values["right"]!, 0.8 * history.at(-1)!.values["right"]!);
  // `card-read-text`: the model of drawn facades is much worse on real ones, if the cell had them
  const [drawn, onReal] = table("abroad");
  if (!onReal) return;
  assertGreater(onReal[0]!, 2 * drawn![0]!);
  assertLess(onReal[1]!, drawn![1]! / 2);
});

Deno.test("solutions/14_being_honest.ipynb keeps outputs that support its statements", async () => {
  const notebook = await keptSolutions("14_being_honest");
  const [asIs, little, more, all] = rowsOf(textOf(notebook, "washed")).map((row) => row.at(-2)!);
  // `solutions/washed-read-text`: it finds most images from A if only the darkest pixels are washed, and hardly any if all are
  assertGreater(little!, asIs! - 10);
  assertLess(more!, asIs! / 2);
  assertLess(all!, 5);
  // `solutions/shown-read-text`: each detector recognizes its own generator better than the other one
  const [[, own, other], [, strange, its]] = rowsOf(textOf(notebook, "shown")) as [number[], number[]];
  assertGreater(own!, other! + 15);
  assertGreater(its!, strange! + 15);
});
