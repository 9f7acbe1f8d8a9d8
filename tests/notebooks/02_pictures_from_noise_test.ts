import { assertGreater, assertLess } from "@std/assert";
import { CODE_MISSING, keptLesson, keptSolutions, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("02_pictures_from_noise", {
  "check-plan": NUMBERS_MISSING,
  "check-walk": CODE_MISSING,
  "check-spread": CODE_MISSING,
});

Deno.test("02_pictures_from_noise.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("02_pictures_from_noise");
  const table = (id: string) => rowsOf(textOf(notebook, id)).map((row) => row.at(-1)!);
  const [training, afterwards] = table("company");
  assertGreater(training!, 0);
  assertLess(afterwards!, 1e-6);
  const [made, unseen] = table("nearest-show");
  assertGreater(made!, unseen! / 3); // not learnt by heart
  const [real, throughZ, throughPixels] = table("greys");
  assertLess(real!, throughPixels!);
  assertLess(throughZ!, throughPixels! * 0.8); // ink as in writing
  const inks = table("direction-show");
  inks.slice(1).forEach((ink, i) => assertGreater(ink, inks[i]!)); // grows from left to right
});

Deno.test("solutions/02_pictures_from_noise.ipynb finds the direction of the slant", async () => {
  const slants = rowsOf(textOf(await keptSolutions("02_pictures_from_noise"), "sorted")).map((row) => row.at(-1)!);
  assertGreater(slants.at(-1)!, slants[0]!);
});
