import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, numbersIn, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("00_start_here", { "check-numbers": NUMBERS_MISSING, "check-bytes": CODE_MISSING, "check-slope": CODE_MISSING });

Deno.test("00_start_here.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("00_start_here");
  // `by-hand-read-text`: explains why the backend is much faster
  const [fast] = numbersIn(textOf(notebook, "matrices"));
  const [slow] = numbersIn(textOf(notebook, "by-hand"));
  assertGreater(fast! / slow!, 10);
  // `gradient-read-text`: the sign shows in which direction the loss falls; here for (w - 3)² at -1, 0, 3 and 5
  const slopes = textOf(notebook, "gradient").trim().split("\n").map((line) => numbersIn(line)[1]!);
  assert(slopes.every((slope, i) => slope === 2 * ([-1, 0, 3, 5][i]! - 3)), `${slopes}`);
  // `trained-read-text`: a single layer cannot do better than guess, a hidden layer can
  const [line, hidden] = textOf(notebook, "trained").split("\n").filter((text) => text.includes("loss"))
    .map((text) => numbersIn(text).at(-1)!);
  assertAlmostEquals(line!, Math.log(2), 0.01);
  assertLess(hidden!, 0.5);
  // `scale-read-text`: a factor of the loss matters for gradient descent, and not for Adam
  const places = rowsOf(textOf(notebook, "scale"));
  assertEquals(new Set(places.map((row) => row.at(-1))).size, 1);
  assertEquals(new Set(places.map(([descent]) => descent)).size, 3);
  assertMatch(textOf(notebook, "scale"), /│ 1000 f │ -?\d\.\d+e\+\d\d /, "it diverges");
  assertGreater(numbersIn(textOf(notebook, "resume")).at(-1)!, 50, "it has learned to read");
});
