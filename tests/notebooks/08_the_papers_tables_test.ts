import { assertGreater, assertLess } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, numbersIn, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("08_the_papers_tables", {
  "check-numbers": NUMBERS_MISSING,
  "check-iou": CODE_MISSING,
  "check-agreement": CODE_MISSING,
});

Deno.test("08_the_papers_tables.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("08_the_papers_tables");
  const ious = (id: string) => rowsOf(textOf(notebook, id)).map((row) => row.at(-3)!);
  const [l1, gan, cgan, withGan, withCgan] = ious("losses-beside") as [number, number, number, number, number];
  // "They differ by a hundredth or two."
  const chance = rowsOf(textOf(notebook, "chance"))[1]!.at(-1)!;
  assertLess(chance, 0.025);
  // "GAN alone is the worst, and cGAN … is better", "far below all with L1"
  assertGreater(cgan, gan);
  for (const withL1 of [l1, withGan, withCgan]) assertGreater(withL1, 1.5 * cgan);
  // "And L1 + GAN stands above L1 + cGAN", "in the IoU only"; "GAN and cGAN are apart by more than the spread in both scores"
  assertGreater(withGan, withCgan + chance);
  const pixels = rowsOf(textOf(notebook, "losses-beside")).map(([pixel]) => pixel!);
  const [pixelChance] = rowsOf(textOf(notebook, "chance")).map((row) => row.at(-1)!);
  assertLess(Math.abs(pixels[3]! - pixels[4]!), pixelChance! + 0.005);
  assertGreater(pixels[2]!, pixels[1]! + pixelChance!);
  assertLess(Math.abs(l1 - withCgan), 0.025);
  // "without skips the plan does not get through"
  const [narrow, game, unet, both] = ious("generators") as [number, number, number, number];
  assertGreater(Math.min(unet, both), 2 * Math.max(narrow, game));
  // "nothing here differs by more"
  const patches = ious("patches");
  assertLess(Math.max(...patches) - Math.min(...patches), chance + 0.01);
  // "a coin reaches 7 of 10": "Most of the order is the same."
  const agreements = textOf(notebook, "agreement").match(/\d+ of \d+/g)!.map(numbersIn) as [number, number][];
  for (const [same, all] of agreements) assertGreater(same / all, 0.5);
});
