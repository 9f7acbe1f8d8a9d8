import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import {
  codeOf,
  extractNotebooks,
  formatNotebook,
  inLines,
  type Notebook,
  readNotebook,
  whole,
  writeNotebook,
} from "../../../notebooks/tools/notebook.ts";

Deno.test("inLines() and whole() are inverses, and keep line ends", () => {
  assertEquals(inLines("a\n\nb"), ["a\n", "\n", "b"]);
  assertEquals(inLines("a\n"), ["a\n"]);
  assertEquals(inLines(""), []);
  for (const text of ["", "a", "a\n", "\n\na\nb\n"]) assertEquals(whole(inLines(text)), text);
  assertEquals(whole(undefined), "");
  assertEquals(whole("a\nb"), "a\nb");
});

Deno.test("readNotebook() returns what writeNotebook() wrote in Jupyter's layout", async () => {
  const path = join(await Deno.makeTempDir(), "a.ipynb");
  const cell = { id: "a", cell_type: "markdown", metadata: {}, source: ["# Größe\n", "text"] } as const;
  const notebook = { cells: [{ ...cell, source: [...cell.source] }], metadata: {}, nbformat: 4, nbformat_minor: 5 } as Notebook;
  await writeNotebook(path, notebook);
  assertEquals(await readNotebook(path), notebook);
  const text = await Deno.readTextFile(path);
  assertEquals(text.slice(0, 15), '{\n "cells": [\n ');
  assertEquals(text.at(-1), "\n");
});

Deno.test("readNotebook() rejects a file that is not a notebook", async () => {
  const path = join(await Deno.makeTempDir(), "a.ipynb");
  for (const text of ["{", '{"cells": []}', '{"nbformat": 4}']) {
    await Deno.writeTextFile(path, text);
    await assertRejects(() => readNotebook(path), Error, "expected a notebook of format 4");
  }
});

function fileWith(source: string[], kind = "code"): string {
  const code = kind === "code" ? { execution_count: null, outputs: [] } : {};
  const cell = { cell_type: kind, id: "a", metadata: {}, source, ...code };
  const metadata = { language_info: { name: "typescript" } };
  return JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 }, undefined, 1) + "\n";
}

Deno.test("formatNotebook() formats code and Markdown, and keeps formatted text", async () => {
  const sourceOf = async (text: string) => JSON.parse(await formatNotebook(text)).cells[0].source;
  assertEquals(await sourceOf(fileWith(["let  a=1\n", "a"])), ["let a = 1;\n", "a;"]);
  assertEquals(await sourceOf(fileWith(["*  one"], "markdown")), ["- one"]);
  const formatted = await formatNotebook(fileWith(["let a = 1;\n", "a;"]));
  assertEquals(await formatNotebook(formatted), formatted);
});

Deno.test("formatNotebook() rejects a file that it cannot parse", async () => {
  await assertRejects(() => formatNotebook("{"), Error, "Cannot format the notebook");
});

const cell = { id: "a", metadata: {} };
const withImports: Pick<Notebook, "cells"> = {
  cells: [
    { ...cell, cell_type: "markdown", source: "# Title" },
    { ...cell, cell_type: "code", source: ['import { tf } from "../mod.ts";\n', "let r = 1;"] },
    { ...cell, cell_type: "code", source: 'const { plot } = await import("../mod.ts");\nr;' },
  ],
};

Deno.test("codeOf() joins the numbered code cells and keeps the targets of imports", () => {
  assertEquals(
    codeOf(withImports, "../../notebooks"),
    '// Cell 1\nimport { tf } from "../../notebooks/../mod.ts";\nlet r = 1;\n\n' +
      '// Cell 2\nconst { plot } = await import("../../notebooks/../mod.ts");\nr;\n\nexport {};\n',
  );
});

Deno.test("extractNotebooks() writes one module for each notebook and deletes old modules", async () => {
  const root = await Deno.makeTempDir();
  const [notebooks, target] = [join(root, "notebooks"), join(root, "runs", "cells")];
  assertEquals(await extractNotebooks(notebooks, target), []);
  await Deno.mkdir(join(notebooks, "solutions"), { recursive: true });
  await Deno.mkdir(target, { recursive: true });
  await Deno.writeTextFile(join(target, "99_old.ts"), "");
  for (const name of ["02_b.ipynb", "01_a.ipynb", "solutions/01_a.ipynb"]) {
    await Deno.writeTextFile(join(notebooks, name), JSON.stringify(withImports));
  }
  assertEquals(
    await extractNotebooks(notebooks, target),
    ["01_a.ts", "02_b.ts", "solutions_01_a.ts"].map((name) => join(target, name)),
  );
  assertEquals([...Deno.readDirSync(target)].map(({ name }) => name).sort(), ["01_a.ts", "02_b.ts", "solutions_01_a.ts"]);
  assertStringIncludes(await Deno.readTextFile(join(target, "01_a.ts")), 'from "../../notebooks/../mod.ts"');
  assertStringIncludes(await Deno.readTextFile(join(target, "solutions_01_a.ts")), 'from "../../notebooks/solutions/../mod.ts"');
  await Deno.remove(root, { recursive: true });
});
