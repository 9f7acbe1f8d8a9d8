import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { type CellCode, parseCell } from "../../../notebooks/tools/cell_code.ts";
import { projectFiles } from "../../tools/files.ts";
import { course, ROOT, texts } from "../_notebooks.ts";

function parsed(code: string): CellCode {
  const cell = parseCell(code);
  assert(!("message" in cell), `cannot be parsed: ${JSON.stringify(cell)}`);
  return cell;
}

/** The code with stoppable awaits, by Deno's own parser; `undefined` if it cannot parse the code. */
function stoppableByDeno(text: string): string | undefined {
  const inserts: [at: number, text: string][] = [];
  const create = (): Deno.lint.LintVisitor => ({
    // An await ends where its operand does, the parentheses around it included, which are no part of the operand's range.
    AwaitExpression: ({ range: [start, end] }) => {
      const operand = start + text.slice(start).match(/^await(\s|\/\/.*\n)*/)![0].length;
      inserts.push([operand, "$stoppable("], [end, ")"]);
    },
    ForOfStatement: ({ await: isAwait, right: { range } }) => {
      if (isAwait) inserts.push([range[0], "$stoppableEach("], [range[1], ")"]);
    },
  });
  try {
    Deno.lint.runPlugin({ name: "test", rules: { awaits: { create } } }, "cell.ts", text);
  } catch {
    return undefined;
  }
  return inserts.sort(([a], [b]) => b - a).reduce((code, [at, insert]) => code.slice(0, at) + insert + code.slice(at), text);
}

Deno.test("parseCell() finds awaits as Deno's parser does, in all code of the project", async () => {
  const files = await Promise.all((await projectFiles(ROOT, [".ts"])).map((path) => Deno.readTextFile(path)));
  const cells = (await course()).flatMap((notebook) => texts(notebook, "code").map(({ text }) => text));
  let compared = 0;
  for (const code of [...files, ...cells].filter((text) => text.includes("await"))) {
    const wanted = stoppableByDeno(code);
    if (wanted === undefined) continue;
    compared++;
    assertEquals(parsed(code).stoppable, wanted);
  }
  assertGreater(compared, 300);
});

Deno.test("parseCell() wraps whole operands of awaits, and leaves alone what is no await", () => {
  const cases: Record<string, string> = {
    "await a.b(c)[d]!.e`f`?.(g);": "await $stoppable(a.b(c)[d]!.e`f`?.(g));",
    "await (x).y + (await (z));": "await $stoppable((x).y) + (await $stoppable((z)));",
    "await x as Y;": "await $stoppable(x) as Y;",
    "await await x;": "await $stoppable(await $stoppable(x));",
    "`${await x} ${(await y).z}`;": "`${await $stoppable(x)} ${(await $stoppable(y)).z}`;",
    "await a\nf()\nawait b // c": "await $stoppable(a)\nf()\nawait $stoppable(b) // c",
    "for await (const [a, b] of f(await x)) g();": "for await (const [a, b] of $stoppableEach(f(await $stoppable(x)))) g();",
    "const 日 = '😀'; await f<T>(日);": "const 日 = '😀'; await $stoppable(f<T>(日));",
    "const page = <p>await x</p>; await y": "const page = <p>await x</p>; await $stoppable(y)",
    "await using file = open();": "await using file = open();",
    "// await x\n/* await y */ `await ${1} z`; o.await(x); /await/.test(s)":
      "// await x\n/* await y */ `await ${1} z`; o.await(x); /await/.test(s)",
  };
  for (const [code, wanted] of Object.entries(cases)) assertEquals(parsed(code).stoppable, wanted);
});

Deno.test("parseCell() lists what a cell imports, declares and calls", () => {
  const cell = parsed(
    'import a, { b as c, type D } from "x";\nimport "y";\nconst { e, f: [g, ...h], i = 3, ...j } = c();\n' +
      "function k() { let inner; }\nclass L {}\nenum M { N }\ntype O = D;\ninterface P {}\n" +
      "let [q] = await import('z'), r = import(a);",
  );
  assertEquals(cell.imports.map(({ from, name, text, line, column }) => [from, name, text, line, column]), [
    ["x", "a", 'import a from "x";', 0, 7],
    ["x", "c", 'import { b as c } from "x";', 0, 12],
    ["x", "D", 'import { type D } from "x";', 0, 20],
    ["y", undefined, 'import "y";', 1, 0],
  ]);
  for (const { text, at, name } of cell.imports.slice(0, 1)) assertEquals(text.slice(at).startsWith(name!), true);
  assertEquals(cell.declares, ["e", "g", "h", "i", "j", "k", "L", "M", "O", "P", "q", "r"]);
  assertEquals(cell.calls.map(({ name, start, end }) => [name, cell.code.slice(start, end)]), [["c", "c"]]);
  assertEquals(cell.dynamicImports, ["z", undefined]);
  assertEquals(cell.body!.split("\n").slice(0, 2).join("").trim(), "");
  assertEquals(cell.body!.length, cell.code.length);
  assertEquals(parsed("export const x = 1;").body, undefined);
});

Deno.test("parseCell() gives the place of a syntax error", () => {
  assertEquals(parseCell("let b: number = ;"), { message: "Unexpected token", line: 1, column: 17 });
  assertEquals(parseCell("a;\nlet text = `abc"), { message: "Unterminated template", line: 2, column: 13 });
  assertEquals(parseCell("const s = “text”;"), { message: "Unexpected character '“'", line: 1, column: 11 });
});

Deno.test("parseCell() says of a cell that is nested too deeply for the stack that it is", () => {
  for (const code of [`const sum = ${"1+".repeat(50_000)}1;`, `const all = ${"(".repeat(20_000)}1${")".repeat(20_000)};`]) {
    const found = parseCell(code);
    assert("message" in found && found.isTooDeep, "it was parsed");
    assertMatch(found.message, /nested too deeply/);
  }
});

Deno.test("parseCell() lists the names whose values a cell changes", () => {
  const changed = (code: string) => parsed(code).changes;
  assertEquals(changed("size = 3; a.b[0] = 1; ({ c, d: [e] } = f); g++; if (g) { h += 1; }"), ["size", "a", "c", "e", "g", "h"]);
  assertEquals(changed("list.push(1); all.deep.set(1, 2); list.map(f); other.read()"), ["list", "all"]);
  assertEquals(changed("let own = 1; own = 2; function f() { outer = 1; } const g = () => outer++;"), []);
});

Deno.test("parseCell() lists the names that a cell needs from elsewhere", () => {
  const cases: Record<string, string[]> = {
    "const a = b.c + d[e];": ["b", "d", "e"],
    "function f(x: T, { y = z }) { const w = x; return w + y + v; }\nf(1);": ["T", "v", "z"],
    "for (const point of points) { sum(point); }": ["points", "sum"],
    "({ a, b: c, d() { return e; } });": ["a", "c", "e"],
    "try { g(); } catch (error) { h(error); }": ["g", "h"],
    "import { i } from 'i';\nconst step = (m) => m.train(i);": ["i"],
    "class K extends L { #m = n; get o() { return this.#m; } }": ["L", "n"],
  };
  for (const [code, wanted] of Object.entries(cases)) assertEquals([code, [...parsed(code).needs].sort()], [code, wanted.sort()]);
});
