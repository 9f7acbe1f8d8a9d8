import { assertGreater, assertLess } from "@std/assert";
import { loadComparison, modelHistory } from "../../mod.ts";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, rowsOf, testLesson, textOf } from "./_notebooks.ts";

testLesson("12_more_than_one_answer", {
  "check-numbers": NUMBERS_MISSING,
  "check-best": CODE_MISSING,
  "check-manner": CODE_MISSING,
});

Deno.test("12_more_than_one_answer.ipynb keeps outputs that support its statements", async () => {
  const notebook = await keptLesson("12_more_than_one_answer");
  const table = (id: string) => rowsOf(textOf(notebook, id));
  // "An output in one of the six colours, chosen by the noise, has a larger expected distance."
  const [[median], [chosen]] = table("why") as [number[], number[]];
  assertGreater(chosen!, median!);
  // "The untrained encoder says almost nothing about an image"
  const [, [kl]] = table("hand-code") as [number[], number[], number[]];
  assertLess(kl!, 0.2);
  TODO
});
