import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, numbersIn, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("00_start_here", { "check-numbers": NUMBERS_MISSING, "check-bytes": CODE_MISSING, "check-slope": CODE_MISSING });

Deno.test("00_start_here.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("00_start_here");
  // "TensorFlow is much faster"
  const [fast] = numbersIn(textOf(notebook, "matrices"));
  const [slow] = numbersIn(textOf(notebook, "by-hand"));
  assertGreater(fast! / slow!, 10);
  // "Where the derivative is negative, a larger w gives a smaller loss": of (w - 3)², at -1, 0, 3 and 5.
  const slopes = textOf(notebook, "gradient").trim().split("\n").map((line) => numbersIn(line)[1]!);
  assert(slopes.every((slope, i) => slope === 2 * ([-1, 0, 3, 5][i]! - 3)), `${slopes}`);
  // "its loss stays at log 2 ... the network finds all eight clusters"
  const [line, hidden] = textOf(notebook, "trained").split("\n").filter((text) => text.includes("loss"))
    .map((text) => numbersIn(text).at(-1)!);
  assertAlmostEquals(line!, Math.log(2), 0.01);
  assertLess(hidden!, 0.5);
  // "Adam is at the same place each time", and "gradient descent is at a different place for each factor, and diverges"
  const places = rowsOf(textOf(notebook, "scale"));
  assertEquals(new Set(places.map((row) => row.at(-1))).size, 1);
  assertEquals(new Set(places.map(([descent]) => descent)).size, 3);
  assertGreater(numbersIn(textOf(notebook, "resume")).at(-1)!, 50, "it has learned to read");
});
