import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { allNotebooks, isStale, notebooks } from "../../../notebooks/tools/notebooks.ts";
import { type Notebook, readNotebook, writeNotebook } from "../../../notebooks/tools/notebook.ts";
import type { Progress } from "../../../lib/cli/status_line.ts";
import { kernelTest, ROOT } from "../_notebooks.ts";

/** Creates a project with two notebooks, one of which fails, and a solution. It links to this project's .venv. */
async function project(): Promise<string> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  await Deno.mkdir(join(root, "notebooks", "solutions"), { recursive: true });
  await Deno.symlink(await Deno.realPath(join(ROOT, ".venv")), join(root, ".venv"));
  await Deno.writeTextFile(join(root, "mod.ts"), "export const one = 1;\n");
  const write = (name: string, source: string) => {
    const cell = {
      id: "a",
      cell_type: "code",
      metadata: {},
      source,
      execution_count: null,
      outputs: [],
    } as Notebook["cells"][number];
    const kernelspec = { display_name: "Deno", language: "typescript", name: "deno" };
    return writeNotebook(join(root, "notebooks", name), {
      cells: [cell],
      metadata: { kernelspec },
      nbformat: 4,
      nbformat_minor: 5,
    });
  };
  await write("01_a.ipynb", 'import { one } from "../mod.ts";\nconsole.log(one, Deno.env.get("FORGER_SIZE"));');
  await write("02_b.ipynb", 'throw new Error("not finished");');
  await write("solutions/01_a.ipynb", "2;");
  return root;
}

function screen(): { lines: string[]; progress: Progress } {
  const lines: string[] = [];
  return { lines, progress: { update() {}, finish() {}, print: (line) => void lines.push(line) } };
}

const NONE = { only: undefined, all: false, list: false };

kernelTest("notebooks() runs stale notebooks, does not change one that fails, and skips those that are up to date", async () => {
  const root = await project();
  const [first, second, solution] = await allNotebooks(root) as [string, string, string];
  const unfinished = await Deno.readTextFile(second);
  const { lines, progress } = screen();
  assertEquals(await notebooks(NONE, root, progress), 1);
  assertEquals(lines.at(-1), "Notebooks: 2 run, 1 failed, 0 up to date");
  assertStringIncludes(lines.join("\n"), "not finished");
  assertEquals(await Deno.readTextFile(second), unfinished);
  assertEquals((await readNotebook(first)).cells[0]!.outputs!.map(({ text }) => text), [["1 \n"]]);
  assertEquals(await isStale(first, root), false);
  assertEquals(await isStale(solution, root), false);

  assertEquals(await notebooks({ ...NONE, only: "01" }, root, progress), 0);
  assertEquals(lines.at(-1), "Notebooks: 0 run, 0 failed, 2 up to date");
  await Deno.writeTextFile(join(root, "mod.ts"), "export const one = 11;\n");
  assert(await isStale(first, root));
  assertEquals(await notebooks({ ...NONE, only: "01" }, root, progress), 0);
  assertEquals(lines.at(-1), "Notebooks: 1 run, 0 failed, 1 up to date");
});

Deno.test("notebooks() rejects a name that matches no notebook", async () => {
  const root = await Deno.makeTempDir();
  await assertRejects(() => notebooks({ ...NONE, only: "99" }, root, screen().progress), Error, 'contains "99"');
});
