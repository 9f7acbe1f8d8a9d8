import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("05_from_picture_to_picture", {
  "check-middles": NUMBERS_MISSING,
  "check-sharpest": CODE_MISSING,
  "check-objective": CODE_MISSING,
});

/** The ranges of a metric in a comparison, in the order of its variants. */
function ranges(text: string, metric: string): [low: number, high: number][] {
  const [, panel] = text.match(new RegExp(`${metric} \\((?:lower|higher) is better\\): (.*?)\\. [A-Z]`))!;
  return [...panel!.matchAll(/\(([\d.]+) to ([\d.]+)\)/g)].map(([, low, high]) => [Number(low), Number(high)]);
}

Deno.test("05_from_picture_to_picture.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("05_from_picture_to_picture");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // `middle-read-text`: the mean and the median are better by far than a photo
  const [mean, median, photo] = table("middle-scores");
  assertLess(mean![0]! * 1.5, photo![0]!);
  assertLess(median![1]! * 1.15, photo![1]!);
  assert(mean![0]! <= median![0]! && median![1]! <= mean![1]!, "each is the best by its own measure");
  // `judge-text`: a discriminator learns to distinguish photos from shuffled ones
  const [real, fake] = table("judged").map(([probability]) => probability!);
  assertGreater(real!, 0.8);
  assertLess(fake!, 0.2);
  // `trainings-text`: before training, the U-Net depends mostly on the same position, the encoder-decoder on all of them
  const [narrow, unet, even] = table("reach").map(([percent]) => percent!);
  assertGreater(unet!, 50);
  assertLess(narrow!, 3 * even!);
  assertMatch(textOf(notebook, "generators"), /“U-Net” has the lowest L1 with every seed.*“U-Net” has the highest SSIM/);
  // `sharp-read-text`: the edges of the median are nearly as sharp as those of a photo, and its interior has less contrast
  const [best, another] = table("median");
  assertGreater(best![0]!, 0.85 * another![0]!);
  assertLess(best![1]!, 0.9);
  assertEquals(another![1], 1);
});

Deno.test("05_from_picture_to_picture.ipynb keeps a comparison of objectives that bears out what its prose says", async () => {
  const text = textOf(await keptLesson("05_from_picture_to_picture"), "objectives");
  const above = (a: [number, number], b: [number, number]) => assertGreater(a[0], b[1]);
  const [l1, longer, cgan, gan, both] = ranges(text, "edges") as [number, number][] as [[number, number], ...[number, number][]];
  // `objectives-read-text`: more epochs and a discriminator beside L1 sharpen the edges, cGAN alone does not
  for (const sharper of [longer, gan, both]) above(sharper!, l1);
  assertLess(cgan![0], l1[1]);
  // `objectives-read-text`: more epochs do not help the interior, and L1 + cGAN does, at the cost of a larger L1 distance
  const [interior, ofLonger] = ranges(text, "interior, off by");
  assertGreater(ofLonger![1], interior![0] - 0.02);
  assertMatch(text, /“L1 \+ cGAN” has the lowest interior/);
  const distances = ranges(text, "L1");
  above(distances[4]!, distances[0]!);
});
