import { assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { CODE_MISSING, keptLesson, keptSolutions, NUMBERS_MISSING, numbersIn, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("02_pictures_from_noise", {
  "check-plan": NUMBERS_MISSING,
  "check-walk": CODE_MISSING,
  "check-transposed": CODE_MISSING,
});

Deno.test("02_pictures_from_noise.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("02_pictures_from_noise");
  const table = (id: string) => rowsOf(textOf(notebook, id)).map((row) => row.at(-1)!);
  // `cure-read-text`: both transposed convolutions produce a pattern, and resize-convolution none
  const patterns = textOf(notebook, "cure").trim().split("\n").flatMap((line) => numbersIn(line).slice(-1));
  assertGreater(Math.min(patterns[0]!, patterns[1]!), 0.01);
  assertEquals(patterns[2], 0);
  const [training, afterwards] = table("norm");
  assertGreater(training!, 0);
  assertLess(afterwards!, 1e-6);
  const [generated, unseen, memorizing] = table("nearest-show");
  assertGreater(generated!, unseen!); // `overfit-text`: the generated images are not copies
  assertLess(memorizing!, unseen! / 3);
  // `overfit-read-text`: D is a little more certain of its training images, and a classifier of 100 digits overfits
  const [logits, accuracies] = rowsOf(textOf(notebook, "overfit"));
  assertGreater(logits![0]!, logits![1]!);
  assertEquals(accuracies![0], 1);
  assertAlmostEquals(accuracies![1]!, 6 / 7, 0.05);
  // `fid-read-text`: both distances give the same order, prefer copies, and detect mode dropping
  const sets = textOf(notebook, "fid-table").split("\n").flatMap((line) => line.match(/"(.+)"/)?.[1] ?? []);
  assertEquals(sets.slice(0, 2), ["copies of training images", "unseen real digits"]);
  assertEquals(sets.slice(-2), ["only the digits 0 to 4", "mean of two real digits"]);
  assertLess(sets.indexOf("generated, digits"), sets.indexOf("generated, your model"));
  const kernels = table("fid-table");
  assertEquals(kernels, kernels.toSorted((a, b) => a - b));
  const inks = table("direction-show");
  inks.slice(1).forEach((ink, i) => assertGreater(ink, inks[i]!)); // `direction-read-text`
});

Deno.test("solutions/02_pictures_from_noise.ipynb finds the direction of the slant", async () => {
  const slants = rowsOf(textOf(await keptSolutions("02_pictures_from_noise"), "sorted")).map((row) => row.at(-1)!);
  assertGreater(slants.at(-1)!, slants[0]!);
});
