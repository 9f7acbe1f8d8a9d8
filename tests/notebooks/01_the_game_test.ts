import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { executeNotebook } from "../../lib/cli/notebooks/execute.ts";
import { type Notebook, readNotebook, whole } from "../../lib/cli/notebooks/notebook.ts";
import { kernelTest, ROOT } from "./_notebooks.ts";

const LESSON = join(ROOT, "notebooks", "01_the_game.ipynb");
const SOLUTIONS = join(ROOT, "notebooks", "solutions", "01_the_game.ipynb");
const CHECKS = ["check-numbers", "check-best", "check-cost"];

/** All text that a cell showed. */
function textOf(notebook: Notebook, id: string): string {
  const cell = notebook.cells.find((cell) => cell.id === id);
  assert(cell, `there is no cell ${id}`);
  return (cell.outputs ?? []).map(({ text, data }) => whole(text ?? data?.["text/plain"] as string)).join("\n");
}

kernelTest("01_the_game.ipynb runs to its end on the Deno kernel, and its checks say what is to be done", async () => {
  const { notebook } = await executeNotebook(LESSON, { root: ROOT, size: "test" });
  assertEquals(CHECKS.map((id) => textOf(notebook, id)), [
    "Not yet: put a number in the place of each NaN",
    'Not yet: "Your turn"',
    'Not yet: "Your turn"',
  ]);
});

kernelTest("solutions/01_the_game.ipynb runs to its end, and its answers are right", async () => {
  const { notebook } = await executeNotebook(SOLUTIONS, { root: ROOT, size: "test" });
  for (const id of CHECKS) assertMatch(textOf(notebook, id), /^Right: /);
});

/** Numbers in a text, in their order. */
function numbersIn(text: string): number[] {
  return [...text.matchAll(/-?\d+(?:\.\d+)?/g)].map(([number]) => Number(number));
}

Deno.test("01_the_game.ipynb keeps outputs that bear out what its prose says of them", async () => {
  const notebook = await readNotebook(LESSON);
  // "An eighth in each would be right. Some heaps have more, and some stay nearly empty"
  const shares = numbersIn(textOf(notebook, "heaps")).slice(0, 8);
  assert(shares.some((share) => share > 1 / 8) && shares.some((share) => share < 0.03), `${shares}`);
  assert(shares.filter((share) => share > 0.05).length >= 4, "it gathers in heaps");
  // "Those who step at the same time are driven apart, those who take turns go round and round"
  const [began, , together, turns] = numbersIn(textOf(notebook, "circles-figure"));
  assert(together! > began! * 1.2 && turns! > began! * 0.7 && turns! < began! * 1.3, `${began}, ${together}, ${turns}`);
});
