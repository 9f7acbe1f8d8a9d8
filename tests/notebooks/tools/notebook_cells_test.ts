import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { codeOf, extractNotebooks } from "../../../notebooks/tools/notebook_cells.ts";

const notebook = {
  cells: [
    { cell_type: "markdown", source: "# Title" },
    { cell_type: "code", source: ['import { tf } from "../../mod.ts";\n', "let r = 1;"] },
    { cell_type: "code", source: 'const { plot } = await import("../../mod.ts");\nr;' },
  ],
};

Deno.test("codeOf() joins the code cells, numbered, with imports that lead to the same files", () => {
  assertEquals(
    codeOf(notebook, "../../notebooks"),
    '// Cell 1\nimport { tf } from "../../../mod.ts";\nlet r = 1;\n\n' +
      '// Cell 2\nconst { plot } = await import("../../../mod.ts");\nr;\n\nexport {};\n',
  );
});

Deno.test("extractNotebooks() writes one module each, and leaves no old one", async () => {
  const root = await Deno.makeTempDir();
  const [notebooks, target] = [join(root, "notebooks"), join(root, "runs", "cells")];
  assertEquals(await extractNotebooks(notebooks, target), []);
  await Deno.mkdir(join(notebooks, "solutions"), { recursive: true });
  await Deno.mkdir(target, { recursive: true });
  await Deno.writeTextFile(join(target, "99_old.ts"), "");
  for (const name of ["02_b.ipynb", "01_a.ipynb", "solutions/01_a.ipynb"]) {
    await Deno.writeTextFile(join(notebooks, name), JSON.stringify(notebook));
  }
  assertEquals(
    await extractNotebooks(notebooks, target),
    ["01_a.ts", "02_b.ts", "solutions_01_a.ts"].map((name) => join(target, name)),
  );
  assertEquals([...Deno.readDirSync(target)].map(({ name }) => name).sort(), ["01_a.ts", "02_b.ts", "solutions_01_a.ts"]);
  assertStringIncludes(await Deno.readTextFile(join(target, "01_a.ts")), 'from "../../../mod.ts"');
  assertStringIncludes(await Deno.readTextFile(join(target, "solutions_01_a.ts")), 'from "../../../notebooks/mod.ts"');
  await Deno.remove(root, { recursive: true });
});
