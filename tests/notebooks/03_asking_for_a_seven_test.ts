import { assertEquals, assertGreater, assertLess } from "@std/assert";
import { loadComparison } from "../../mod.ts";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, numbersIn, testLesson, textOf } from "./_notebooks.ts";

testLesson("03_asking_for_a_seven", {
  "check-sizes": NUMBERS_MISSING,
  "check-hot": CODE_MISSING,
  "check-planes": CODE_MISSING,
});

Deno.test("03_asking_for_a_seven.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("03_asking_for_a_seven");
  assertGreater(numbersIn(textOf(notebook, "judge")).at(0)!, 95, "it can be trusted");
  const rows = textOf(notebook, "obeyed-table").split("\n").filter((line) => /pretrained|yours|constant/.test(line));
  const [pretrained, yours, constant] = rows.map((line) => numbersIn(line).slice(1)); // %, worst digit, difference
  assertGreater(pretrained![0]!, 95);
  assertGreater(yours![0]!, 60);
  assertEquals(constant, [100, 100, 0]); // "a generator that knows a single seven does what it is asked"
  // "If D ignores the label, the wrong digit costs G nothing": J_G is smaller.
  const losses = [...textOf(notebook, "looks").matchAll(/\d+\.\d+/g)].map(([number]) => Number(number));
  assertGreater(losses[1]!, losses[3]!);
});

Deno.test("the comparison of chapter 3 bears out what its prose says of it", async () => {
  const kept = await loadComparison("03_labels");
  const { best, sentence } = kept.verdict("Fréchet distance");
  assertEquals(best, "with labels");
  assertEquals(numbersIn(sentence).at(-1), 126); // "only one of 126 such comparisons"
  const { "with labels": labels, "without labels": without } = kept.summary("Fréchet distance");
  assertLess(labels!.high, without!.low / 2); // "much closer to real digits"
});
