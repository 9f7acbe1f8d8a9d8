import { assert, assertEquals, assertGreater } from "@std/assert";
import { join } from "node:path";
import { environmentIn } from "../../../../lib/cli/setup/environment.ts";
import { projectFiles } from "../../../tools/files.ts";
import { course, kernelTest, ROOT, texts } from "../../_notebooks.ts";

interface Inserted {
  inserts: [position: number, text: string][];
  text: string;
}

/** What the kernel inserts into cells. */
async function inserted(cells: string[]): Promise<Inserted[]> {
  const args = [join(import.meta.dirname!, "inserts.py")];
  const child = new Deno.Command(environmentIn(ROOT).python, { args, stdin: "piped", stdout: "piped" }).spawn();
  const writing = new Blob([JSON.stringify(cells)]).stream().pipeTo(child.stdin);
  const [{ stdout, success }] = await Promise.all([child.output(), writing]);
  assert(success);
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** What should be inserted, by Deno's own parser; undefined if the text cannot be parsed. */
function wanted(text: string): [number, string][] | undefined {
  const inserts: [number, string][] = [];
  const wrap = ([start, end]: Deno.lint.Range, call: string) => inserts.push([start, call], [end, ")"]);
  const create = (): Deno.lint.LintVisitor => ({
    // An await ends where its operand does, the parentheses around it included, which are no part of the operand's range.
    AwaitExpression: ({ range: [start, end] }) =>
      void wrap([start + text.slice(start).match(/^await\s*/)![0].length, end], "$stoppable("),
    ForOfStatement: (node) => void (node.await && wrap(node.right.range, "$stoppableEach(")),
  });
  try {
    Deno.lint.runPlugin({ name: "test", rules: { awaits: { create } } }, "cell.ts", text);
  } catch {
    return undefined;
  }
  return inserts.sort(([a], [b]) => a - b);
}

kernelTest("the kernel finds the operands of awaits as Deno's parser does, in all code of the project", async () => {
  const files = await Promise.all((await projectFiles(ROOT, [".ts"])).map((path) => Deno.readTextFile(path)));
  const cells = (await course()).flatMap((notebook) => texts(notebook, "code").map(({ text }) => text));
  // Python counts characters where JavaScript counts halves of those beyond U+FFFF.
  const codes = [...files, ...cells].filter((text) => text.includes("await") && !/[\ud800-\udfff]/.test(text));
  const found = await inserted(codes);
  let [total, right] = [0, 0];
  codes.forEach((code, i) => {
    const expected = (wanted(code) ?? []).map(String);
    const got = found[i]!.inserts.map(String);
    assertEquals(got.filter((insert) => !expected.includes(insert)), [], code.slice(0, 300));
    total += expected.length;
    right += got.length;
  });
  assertGreater(total, 2000);
  assertGreater(right / total, 0.97);
});

kernelTest("the kernel leaves alone what is no await, and what only a parser could tell", async () => {
  const same = [
    "// await x\n/* await y */ 'await z';",
    "`await ${1} x`;",
    "({ await: 1 }).await; o.await(x); o?.await;",
    "<p>await x</p>;",
    'if (x) /"/.test(s); y = "await f(1)";',
    "await using file = open();",
    "await f<Type>(x);",
    "await x < 3;",
    "await function () {};",
    "const text = `await x",
    "let a = (await x;",
  ];
  assertEquals((await inserted(same)).map(({ text }) => text), same);
});

kernelTest("the kernel wraps whole operands", async () => {
  const cases: Record<string, string> = {
    "await a.b(c)[d]!.e?.(f)`g`;": "await $stoppable(a.b(c)[d]!.e?.(f)`g`);",
    "await new A.B(c).d() + 1;": "await $stoppable(new A.B(c).d()) + 1;",
    "await x as Y;": "await $stoppable(x) as Y;",
    "await await x;": "await $stoppable(await $stoppable(x));",
    "`${await x} ${(await y).z}`;": "`${await $stoppable(x)} ${(await $stoppable(y)).z}`;",
    "await a\nf()\nawait b // c": "await $stoppable(a)\nf()\nawait $stoppable(b) // c",
    "for await (const [a, b] of f(await x)) g();": "for await (const [a, b] of $stoppableEach(f(await $stoppable(x)))) g();",
    "x = y! / 2; const r = /[/'\"]/g; await z": "x = y! / 2; const r = /[/'\"]/g; await $stoppable(z)",
    "const f = <T extends U>(a: T) => a; await f(1)": "const f = <T extends U>(a: T) => a; await $stoppable(f(1))",
    "await import('x')": "await $stoppable(import('x'))",
  };
  assertEquals((await inserted(Object.keys(cases))).map(({ text }) => text), Object.values(cases));
});
