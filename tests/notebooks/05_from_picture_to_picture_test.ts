import { assert, assertGreater, assertLess } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("05_from_picture_to_picture", {
  "check-middles": NUMBERS_MISSING,
  "check-sharpest": CODE_MISSING,
  "check-objective": CODE_MISSING,
});

Deno.test("05_from_picture_to_picture.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("05_from_picture_to_picture");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // "Is it really better, by these measures, than a photo [...]? By far."
  const [mean, median, photo] = table("middle-scores");
  assertLess(mean![0]! * 1.5, photo![0]!);
  assertLess(median![1]! * 1.15, photo![1]!);
  assert(mean![0]! <= median![0]! && median![1]! <= mean![1]!, "each is the best by its own measure");
  // "D here is untrained, and already it notices."
  const [distances, verdicts] = table("structured-table");
  assert(distances![0] === distances![1] && verdicts![0] !== verdicts![1]);
  // "The U-Net looks where the pixel is [...] Through the narrow place everything is equally far."
  const [unet, narrow, even] = table("skips").map(([share]) => share!);
  assertGreater(unet!, 2 * even!);
  assertGreater(unet!, 1.5 * narrow!);
  // "By L1 the network that was told L1 alone is hard to beat [...] But it is the least sharp"
  const [alone, ...others] = table("sharp");
  for (const [, sharpness] of others) assertGreater(sharpness!, alone![1]!);
  // "With L1 and a D the pictures come nearer to how sharp photos are; with D alone they overdo it."
  const [game, ...beside] = others.slice(0, -1);
  const far = ([, sharpness]: number[]) => Math.abs(sharpness! - others.at(-1)![1]!);
  for (const row of beside) assertLess(far(row), far(alone!));
  assertGreater(far(game!), far(alone!));
});
