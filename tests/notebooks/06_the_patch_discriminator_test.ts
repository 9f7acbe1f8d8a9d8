import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, numbersIn, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("06_the_patch_discriminator", {
  "check-patch": NUMBERS_MISSING,
  "check-field": CODE_MISSING,
  "check-worst": CODE_MISSING,
});

Deno.test("06_the_patch_discriminator.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("06_the_patch_discriminator");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // `measure-text`: three sides are those of the paper, and a third of the rows of the first 70 × 70 patch is padding
  assertEquals(table("field").map((row) => row[1]), [16, 34, 70, 142, 286]);
  const [, side, begin] = table("field")[2]!;
  assertLess(Math.abs(-begin! / side! - 1 / 3), 0.02);
  // `norm-read-text`: in training, an output depends on the whole image, but mostly on its patch
  const [columns, , share] = textOf(notebook, "norm").match(/(?<=: )[\d.]+/g)!.map(Number).toSpliced(1, 0, 0);
  assertEquals(columns, 128);
  assertGreater(share!, 50);
  // `grid-read-text`: the number of outputs, and the largest network has more weights than the others together
  assertMatch(textOf(notebook, "grid"), /70 × 70.*30 × 30/);
  const weights = table("grid").map((row) => row.at(-1)!);
  assertGreater(weights[3]!, weights[0]! + weights[1]! + weights[2]!);
  // `heat-read-text`: the map identifies the blurred half
  const [blurred, sharp] = table("halves").map((row) => row.at(-1)!);
  assertLess(blurred!, sharp! - 0.2);
  const [first, last] = numbersIn(textOf(notebook, "learns"));
  assertLess(last!, first! / 5);
  assert(textOf(notebook, "kept").includes("deno run -A notebooks/comparisons/08_patches.ts"));
});
