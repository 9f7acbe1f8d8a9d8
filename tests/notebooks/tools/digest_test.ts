import { assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { digestOf, essence } from "../../../notebooks/tools/digest.ts";
import type { Notebook } from "../../../notebooks/tools/notebook.ts";

function notebookOf(code: string, prose = "Text"): Notebook {
  const cells: Notebook["cells"] = [
    { id: "a", cell_type: "markdown", metadata: {}, source: [prose] },
    { id: "b", cell_type: "code", metadata: {}, source: code, outputs: [] },
  ];
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

/** Creates a project in which a notebook imports mod.ts, which imports part.ts; nothing imports other.ts. Its import map names
 * mod.ts and the folder notebooks/. */
async function project(): Promise<{ root: string; path: string; digest: (code?: string, prose?: string) => Promise<string> }> {
  const root = await Deno.realPath(await Deno.makeTempDir());
  await Deno.writeTextFile(join(root, "mod.ts"), 'export * from "./part.ts";\n');
  await Deno.writeTextFile(join(root, "part.ts"), "/** One. */\nexport const one: number = 1;\n");
  await Deno.writeTextFile(join(root, "other.ts"), "export const two = 2;\n");
  const imports = { "@std/assert": "jsr:@std/assert@^1", "@forger/gan": "./mod.ts", "#notebooks/": "./notebooks/" };
  await Deno.writeTextFile(join(root, "deno.json"), JSON.stringify({ imports }));
  await Deno.mkdir(join(root, "notebooks", "checks"), { recursive: true });
  await Deno.writeTextFile(join(root, "notebooks", "checks", "01.ts"), "export const three = 3;\n");
  const path = join(root, "notebooks", "01_a.ipynb");
  const standard = 'import { one } from "../mod.ts";\none;';
  return { root, path, digest: (code = standard, prose) => digestOf(notebookOf(code, prose), path, root) };
}

Deno.test("digestOf() changes with the code and with a file that is imported indirectly", async () => {
  const { root, digest } = await project();
  const before = await digest();
  assertMatch(before, /^[0-9a-f]{64}$/);
  assertEquals(await digest(), before);
  assertNotEquals(await digest('import { one } from "../mod.ts";\none + 1;'), before);
  await Deno.writeTextFile(join(root, "part.ts"), "export const one: number = 2;\n");
  assertNotEquals(await digest(), before);
});

Deno.test("digestOf() changes with a file that is imported by a name of the import map", async () => {
  const { root, digest } = await project();
  const [forger, check] = ['import { one } from "@forger/gan";', 'const { three } = await import("#notebooks/checks/01.ts");'];
  const before = [await digest(forger), await digest(check)];
  await Deno.writeTextFile(join(root, "part.ts"), "export const one: number = 2;\n");
  assertNotEquals(await digest(forger), before[0]);
  assertEquals(await digest(check), before[1]);
  await Deno.writeTextFile(join(root, "notebooks", "checks", "01.ts"), "export const three = 4;\n");
  assertNotEquals(await digest(check), before[1]);
});

Deno.test("digestOf() follows no import of another package", async () => {
  const { root, digest } = await project();
  const before = await digest('import { assert } from "@std/assert";');
  await Deno.writeTextFile(join(root, "deno.json"), '{ "imports": { "@std/assert": "jsr:@std/assert@^1.0.1" } }');
  assertEquals(await digest('import { assert } from "@std/assert";'), before);
});

Deno.test("digestOf() does not change with Markdown, comments, indentation, or a file that is not imported", async () => {
  const { root, digest } = await project();
  const before = await digest();
  assertEquals(await digest(undefined, "Better text"), before);
  assertEquals(await digest('// why\nimport { one } from "../mod.ts";\n  one;'), before);
  await Deno.writeTextFile(join(root, "part.ts"), "/** The first\n * number. */\n\nexport const one: number =\n  1;\n");
  await Deno.writeTextFile(join(root, "other.ts"), "export const two = 3;\n");
  assertEquals(await digest(), before);
});

Deno.test("digestOf() does not depend on the project's location", async () => {
  assertEquals(await (await project()).digest(), await (await project()).digest());
});

Deno.test("digestOf() names an import whose file does not exist", async () => {
  const { digest } = await project();
  await assertRejects(() => digest('import { one } from "../none.ts";'), Error, "none.ts");
  await assertRejects(() => digest('import { one } from "#notebooks/none.ts";'), Error, "none.ts");
});

Deno.test("essence() keeps comments that share a line with code", () => {
  assertEquals(
    essence("const a = 1; // one\n/* no */\n * no\n// no\n\tconst b =\n    a / 2;"),
    "const a = 1; // one const b = a / 2;",
  );
});
