import { assertGreater, assertLess, assertMatch } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("06_the_patch_discriminator", {
  "check-patch": NUMBERS_MISSING,
  "check-field": CODE_MISSING,
  "check-worst": CODE_MISSING,
});

Deno.test("06_the_patch_discriminator.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("06_the_patch_discriminator");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // "There it is, 30 × 30 for 70 × 70. [...] more weights are needed for it than for all others together."
  assertMatch(textOf(notebook, "grid"), /70 × 70.*30 × 30/);
  const weights = table("grid").map((row) => row.at(-1)!);
  assertGreater(weights[3]!, weights[0]! + weights[1]! + weights[2]!);
  // "It points at the half that is wrong."
  const [blurred, sharp] = table("halves").map((row) => row.at(-1)!);
  assertLess(blurred!, sharp! - 0.2);
  // "A patch of one pixel [...] leaves them as woolly as L1 alone would. From 16 × 16 on there are edges."
  const [pixel, ...larger] = table("sizes-scores").map(([, sharpness]) => sharpness!);
  for (const sharpness of larger) assertGreater(sharpness, pixel!);
});
