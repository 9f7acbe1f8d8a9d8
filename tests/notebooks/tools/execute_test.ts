import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { executeNotebook, missingForNotebooks } from "../../../notebooks/tools/execute.ts";
import { type Notebook, whole, writeNotebook } from "../../../notebooks/tools/notebook.ts";
import { kernelTest, ROOT } from "../_notebooks.ts";

/** Writes a notebook with these code cells. */
async function written(...sources: string[]): Promise<string> {
  const cells: Notebook["cells"] = sources.map((source, n) => ({
    ...{ id: `cell-${n}`, cell_type: "code", metadata: {}, source, execution_count: null, outputs: [] },
  }));
  const kernelspec = { display_name: "Deno", language: "typescript", name: "deno" };
  const path = join(await Deno.makeTempDir(), "01_a.ipynb");
  await writeNotebook(path, { cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
  return path;
}

kernelTest("executeNotebook() runs the cells in order, at the requested size, in the notebook's folder", async () => {
  const path = await written("const a: number = 20;\na + 1;", 'console.log(Deno.env.get("FORGER_SIZE"), Deno.cwd());', "a + 2;");
  const reported: string[] = [];
  const { notebook, seconds } = await executeNotebook(path, {
    root: ROOT,
    size: "test",
    onCell: (cell, id) => reported.push(`${cell} ${id}`),
  });
  const texts = notebook.cells.map(({ outputs }) =>
    outputs!.map(({ text, data }) => whole(text ?? data!["text/plain"] as string)).join()
  );
  assertStringIncludes(texts[0]!, "21");
  assertEquals(texts[1], `test ${await Deno.realPath(join(path, ".."))}\n`);
  assertStringIncludes(texts[2]!, "22");
  assertEquals(reported, ["0 cell-0", "1 cell-1", "2 cell-2"]);
  assertGreater(seconds, 0);
});

kernelTest("executeNotebook() keeps outputs that the kernel sends after it reports the end of a cell", async () => {
  const cells = Array.from({ length: 40 }, (_, n) => n % 2 ? `console.log(${n});` : `["value", ${n}];`);
  const { notebook } = await executeNotebook(await written(...cells), { root: ROOT });
  assertEquals(notebook.cells.filter(({ outputs }) => outputs!.length !== 1).map(({ id }) => id), []);
});

kernelTest("executeNotebook() names the cell that failed and its error, and does not change the file", async () => {
  const path = await written("1;", 'throw new RangeError("too small");', "3;");
  const before = await Deno.readTextFile(path);
  const error = await assertRejects(() => executeNotebook(path, { root: ROOT }), Error, 'cell 1 ("cell-1") failed');
  assertStringIncludes(error.message, "too small");
  assertEquals(await Deno.readTextFile(path), before);
});

Deno.test("executeNotebook() and missingForNotebooks() report a missing .venv", async () => {
  const root = await Deno.makeTempDir();
  assertStringIncludes((await missingForNotebooks(root))!, "run deno task setup");
  const path = await written("1;");
  await assertRejects(() => executeNotebook(path, { root }), Error, "there is no Python in .venv; run deno task setup");
  assert(await Deno.stat(path));
});
