import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { withFolder } from "../cli/_task.ts";
import { functionSizes, LIB_LIMITS, longLines, sizeReport } from "./size.ts";

const source = `export async function one(
  a: number,
): Promise<void> {
  if (a > 0) {
    await two();
  }
}

class Thing {
  method(a: string): void {
    for (const b of a) {
      console.log(b);
    }
  }
}

const three = (a: number) => {
  return a;
};
const notOne = {
  a: 1,
};
`;

Deno.test("functionSizes() finds functions, methods and arrow functions only", () => {
  assertEquals(functionSizes(source), [{ line: 1, lines: 7 }, { line: 10, lines: 5 }, { line: 17, lines: 3 }]);
});

/** Creates a project in a folder. */
async function write(root: string, files: Record<string, string>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(join(root, name, ".."), { recursive: true });
    await Deno.writeTextFile(join(root, name), text);
  }
}

Deno.test("longLines() counts characters of code and comments, and skips data", () =>
  withFolder(async (root) => {
    await write(root, {
      "mod.ts": `// ${"é".repeat(127)}\n// ${"é".repeat(128)}\n`,
      "tests/a_test.ts": "\n" + "x".repeat(200),
      "tests/oracle/a.ts": "x".repeat(200),
      "tests/fixtures/a.ts": "x".repeat(200),
    });
    assertEquals(await longLines(root), ["mod.ts:2: 131 columns", "tests/a_test.ts:2: 200 columns"]);
  }));

Deno.test("sizeReport() adds up the folders of lib and lists what is too long", () =>
  withFolder(async (root) => {
    await write(root, {
      "lib/tf.ts": "a\n",
      "lib/data/a.ts": "a\n".repeat(251),
      "lib/data/deep/b.ts": `function b() {\n${"  a\n".repeat(40)}}\n`,
      "tests/a_test.ts": "a\n",
    });
    const [head, ...lines] = await sizeReport(root);
    assertEquals(head!.split(/ +/), ["folder", "files", "lines", "median"]);
    assertEquals(lines.slice(0, 2).map((line) => line.split(/ +/)), [["lib/data", "2", "293", "251"], ["lib", "1", "1", "1"]]);
    assertEquals(lines.slice(2), [
      `lib: 3 files (limit ${LIB_LIMITS.files}), 294 lines (limit ${LIB_LIMITS.lines})`,
      "Too long: 2",
      "lib/data/a.ts: file of 251 lines",
      "lib/data/deep/b.ts:1: function of 42 lines",
    ]);
  }));
