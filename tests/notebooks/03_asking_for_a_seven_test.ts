import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { join } from "node:path";
import { executeNotebook } from "../../lib/cli/notebooks/execute.ts";
import { type Notebook, readNotebook, whole } from "../../lib/cli/notebooks/notebook.ts";
import { kernelTest, ROOT } from "./_notebooks.ts";

const LESSON = join(ROOT, "notebooks", "03_asking_for_a_seven.ipynb");
const SOLUTIONS = join(ROOT, "notebooks", "solutions", "03_asking_for_a_seven.ipynb");
const CHECKS = ["check-sizes", "check-hot", "check-planes"];

/** All text that a cell showed. */
function textOf(notebook: Notebook, id: string): string {
  const cell = notebook.cells.find((cell) => cell.id === id);
  assert(cell, `there is no cell ${id}`);
  return (cell.outputs ?? []).map(({ text, data }) => whole(text ?? data?.["text/plain"] as string)).join("\n");
}

kernelTest("03_asking_for_a_seven.ipynb runs to its end on the Deno kernel, and its checks say what is to be done", async () => {
  const { notebook } = await executeNotebook(LESSON, { root: ROOT, size: "test" });
  assertEquals(CHECKS.map((id) => textOf(notebook, id)), [
    "Not yet: put a number in the place of each NaN",
    'Not yet: "Your turn"',
    'Not yet: "Your turn"',
  ]);
});

kernelTest("solutions/03_asking_for_a_seven.ipynb runs to its end, and its answers are right", async () => {
  const { notebook } = await executeNotebook(SOLUTIONS, { root: ROOT, size: "test" });
  for (const id of CHECKS) assertMatch(textOf(notebook, id), /^Right: /);
});

Deno.test("03_asking_for_a_seven.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await readNotebook(LESSON);
  const percent = (id: string) => Number(textOf(notebook, id).match(/(\d+(?:\.\d+)?)%/)![1]);
  assertGreater(percent("judge"), 90, "it can be trusted");
  assertGreater(percent("obeyed"), 60, "the label says which digit");
  // "wrong digits cost G nothing": of a D that does not look, J_G is smaller.
  const costs = [...textOf(notebook, "looks").matchAll(/\d+\.\d+/g)].map(([number]) => Number(number));
  assertGreater(costs[1]!, costs[3]!);
});
