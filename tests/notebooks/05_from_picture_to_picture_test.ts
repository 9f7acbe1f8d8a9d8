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
  // "Is such an image really better, by these measures, than one of the photos? Yes, by far."
  const [mean, median, photo] = table("middle-scores");
  assertLess(mean![0]! * 1.5, photo![0]!);
  assertLess(median![1]! * 1.15, photo![1]!);
  assert(mean![0]! <= median![0]! && median![1]! <= mean![1]!, "each is the best by its own measure");
  // "A discriminator is a structured loss that is learned. [...] L1 cannot make this distinction at all."
  const [real, fake] = table("judged").map(([probability]) => probability!);
  assertGreater(real!, 0.8);
  assertLess(fake!, 0.2);
  // "The U-Net looks at the right place from the beginning."
  const [narrow, unet, even] = table("reach").map(([share]) => share!);
  assertGreater(unet!, 10 * even!);
  assertLess(narrow!, 3 * even!);
  assertMatch(textOf(notebook, "generators"), /“U-Net” has the lowest L1 with every seed.*“U-Net” has the highest SSIM/);
  // "The median comes close to what a photo reaches: its edges are sharp. Its interior has lost some of the contrast."
  const [best, another] = table("median");
  assertGreater(best![0]!, 0.85 * another![0]!);
  assertLess(best![1]!, 0.9);
  assertEquals(another![1], 1);
});

Deno.test("05_from_picture_to_picture.ipynb keeps a comparison of objectives that bears out what its prose says", async () => {
  const text = textOf(await keptLesson("05_from_picture_to_picture"), "objectives");
  const above = (a: [number, number], b: [number, number]) => assertGreater(a[0], b[1]);
  const [l1, longer, cgan, gan, both] = ranges(text, "edges") as [number, number][] as [[number, number], ...[number, number][]];
  for (const sharper of [longer, gan, both]) above(sharper!, l1);
  assertLess(cgan![0], l1[1]); // "cGAN alone has not"
  const [interior, ofLonger] = ranges(text, "interior, off by");
  assertGreater(ofLonger![1], interior![0] - 0.02); // "More training with L1 does not bring it closer"
  assertMatch(text, /“L1 \+ cGAN” has the lowest interior/);
  const distances = ranges(text, "L1");
  above(distances[4]!, distances[0]!); // "the L1 distance is larger than that of L1 alone"
});
