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
  assertEquals(constant, [100, 100, 0]); // `obeyed-read-text`: it satisfies every request, and is worthless
  // `both-text`: only a D that compares the label with the image makes the wrong digit costly for G
  const losses = [...textOf(notebook, "looks").matchAll(/\d+\.\d+/g)].map(([number]) => Number(number));
  assertGreater(losses[1]!, losses[3]!);
});

Deno.test("the comparison of chapter 3 bears out what its prose says of it", async () => {
  const kept = await loadComparison("03_labels");
  const { best, sentence } = kept.verdict("Fréchet distance");
  assertEquals(best, "with labels");
  assertEquals(numbersIn(sentence).at(-1), 126); // `comparison-text`
  const { "with labels": labels, "without labels": without } = kept.summary("Fréchet distance");
  assertLess(labels!.high, without!.low / 2); // `comparison-text`: much closer to real digits
});
