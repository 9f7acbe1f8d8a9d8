import { assertGreater } from "@std/assert";
import { CODE_MISSING, keptLesson, NUMBERS_MISSING, testLesson, textOf } from "./_notebooks.ts";

testLesson("03_asking_for_a_seven", {
  "check-sizes": NUMBERS_MISSING,
  "check-hot": CODE_MISSING,
  "check-planes": CODE_MISSING,
});

Deno.test("03_asking_for_a_seven.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await keptLesson("03_asking_for_a_seven");
  const percent = (id: string) => Number(textOf(notebook, id).match(/(\d+(?:\.\d+)?)%/)![1]);
  assertGreater(percent("judge"), 90, "it can be trusted");
  assertGreater(percent("obeyed"), 60, "the label says which digit");
  // "wrong digits cost G nothing": of a D that does not look, J_G is smaller.
  const costs = [...textOf(notebook, "looks").matchAll(/\d+\.\d+/g)].map(([number]) => Number(number));
  assertGreater(costs[1]!, costs[3]!);
});
