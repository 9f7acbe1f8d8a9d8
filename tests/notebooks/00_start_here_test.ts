import { assert, assertGreater } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, numbersIn, testLesson, textOf } from "./_notebooks.ts";

testLesson("00_start_here", { "check-numbers": NUMBERS_MISSING, "check-bytes": CODE_MISSING, "check-slope": CODE_MISSING });

Deno.test("00_start_here.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("00_start_here");
  // "the loops are left far behind"
  const [fast] = numbersIn(textOf(notebook, "matrices"));
  const [slow] = numbersIn(textOf(notebook, "by-hand"));
  assertGreater(fast! / slow!, 10);
  // "Where the slope is below 0, a larger w is better": of (w - 3)², at -1, 0, 3 and 5.
  const slopes = textOf(notebook, "gradient").trim().split("\n").map((line) => numbersIn(line)[1]!);
  assert(slopes.every((slope, i) => slope === 2 * ([-1, 0, 3, 5][i]! - 3)), `${slopes}`);
  assertGreater(numbersIn(textOf(notebook, "resume")).at(-1)!, 50, "it has learnt to read");
});
