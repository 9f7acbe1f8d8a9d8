import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ownProblems } from "./ok.ts";
import { withFolder } from "../cli/_task.ts";

const OK = import.meta.resolve("./ok.ts");

/** Runs `ok` on a folder. */
async function ok(root: string): Promise<{ status: number; stdout: string }> {
  const code = `import { ok } from "${OK}"; Deno.exit(await ok(${JSON.stringify(root)}));`;
  const { code: status, stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", "--no-check", code], stdin: "null" })
    .output();
  return { status, stdout: new TextDecoder().decode(stdout) };
}

/** A small project that passes all checks. */
const GOOD: Record<string, string> = {
  "deno.json": JSON.stringify({ name: "@forger/small", version: "0.1.0", license: "MIT", exports: "./mod.ts" }, undefined, 2) +
    "\n",
  "mod.ts": '/** A number.\n * @module */\nexport * from "./lib/one.ts";\n',
  "lib/one.ts": "/** One. */\nexport const one = 1 as const;\n",
  "tests/one_test.ts": 'Deno.test("one", () => {});\n',
  "README.md": '# Small\n\n```ts\nimport { one } from "./mod.ts";\nconsole.log(one);\n```\n',
  LICENSE: "MIT\n",
};

/** Changes to the project, each with the check that must fail and a part of its output. */
const BAD: [file: string, text: string, check: string, words: string][] = [
  ["lib/one.ts", "/** One. */\nexport const one=1 as const;\n", "format", "lib/one.ts"],
  ["lib/one.ts", "/** One. */\nexport const one: any = 1;\n", "lint", "no-explicit-any"],
  ["tests/one_test.ts", 'const one: string = 1;\nDeno.test("one", () => console.log(one));\n', "types", "TS2322"],
  [
    "README.md",
    '# Small\n\n```ts\nimport { two } from "./mod.ts";\nconsole.log(two);\n```\n',
    "types of the examples",
    "two",
  ],
  ["lib/one.ts", "export const one = 1 as const;\n", "documentation", "lib/one.ts"],
  ["README.md", "# Small\n\n[Two](two.md)\n", "links", "the link to two.md points to a file"],
  ["lib/one.ts", `/** ${"One ".repeat(40)}*/\nexport const one = 1 as const;\n`, "line width", "lib/one.ts:1: 166 columns"],
];

Deno.test("ok() accepts a project without problems, and names the check that fails", () =>
  withFolder(async (root) => {
    const write = async (files: Record<string, string>) => {
      for (const [name, text] of Object.entries(files)) {
        await Deno.mkdir(join(root, name, ".."), { recursive: true });
        await Deno.writeTextFile(join(root, name), text);
      }
    };
    await write(GOOD);
    const good = await ok(root);
    assertEquals([good.status, good.stdout.trimEnd().split("\n").at(-1)], [0, "All checks passed"], good.stdout);
    for (const [file, text, check, words] of BAD) {
      await write({ ...GOOD, [file]: text });
      const bad = await ok(root);
      assertEquals(bad.status, 1, `${check}: ${bad.stdout}`);
      assertStringIncludes(bad.stdout, `FAILED  ${check}\n`);
      assertStringIncludes(bad.stdout, words);
    }
  }));

Deno.test("ownProblems() omits problems of tfjs and members of namespaces", () => {
  const lines = [
    "error[missing-jsdoc]: exported symbol is missing JSDoc documentation",
    "  --> /project/lib/a.ts:1:1",
    "error[missing-jsdoc]: exported symbol is missing JSDoc documentation",
    "  --> /cache/tfjs/tensor.d.ts:1:1",
    "error[private-type-ref]: public type 'a' references private type 'Tensor'",
    "  --> /project/lib/a.ts:2:1",
    "error: Found 3 documentation lint errors.",
  ];
  assertEquals(ownProblems(lines, "/project/"), lines.slice(0, 2));
  assert(ownProblems([], "/project/").length === 0);
});
