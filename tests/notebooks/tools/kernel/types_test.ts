import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { type CellCode, parseCell } from "../../../../notebooks/tools/cell_code.ts";
import { warningOf } from "../../../../notebooks/tools/kernel/certainty.ts";
import { moduleOf } from "../../../../notebooks/tools/kernel/types.ts";
import { type Message, type TestKernel, testKernel } from "./_kernel.ts";

const WITH_TYPES = { env: { FORGER_TYPES: "on" } };

/** Runs a cell, and returns the warnings beneath it, which may come after its end. */
async function warnings(kernel: TestKernel, code: string): Promise<string[]> {
  const id = await kernel.begin(code);
  await kernel.end(id);
  // Cells are checked one after the other: when this one has its warning, the one before has all of its own.
  const probe = await kernel.begin(`const probe_${id.replace(/\W/g, "_")}: number = "";`);
  const isWarning = ({ type, content }: Message) => type === "display_data" && /^Type warning/.test(content.data["text/plain"]);
  await kernel.message((message) => message.parent === probe && isWarning(message));
  await kernel.end(probe);
  const own = kernel.messages.filter((message) => message.client === 0 && message.parent === id && isWarning(message));
  return own.flatMap(({ content }) => content.data["text/plain"].split("\n").slice(1));
}

testKernel("type errors appear as a warning beneath the output, in no red, and the cell runs", async (kernel) => {
  await kernel.run('import { data, tf } from "@forger/gan";');
  const code = 'console.log("ran");\nconst size: number = "64";\nsize';
  const id = await kernel.begin(code);
  const warning = await kernel.message(({ parent, type }) => parent === id && type === "display_data"); // the first is slow
  assertStringIncludes(warning.content.data["text/plain"], "Type warning (the cell runs all the same):\nLine 2, column 7: ");
  assertMatch(warning.content.data["text/html"], /^<div role="note".*Type 'string' is not assignable to type 'number'/);
  assertEquals((await kernel.end(id)).reply.status, "ok");

  const cases: [code: string, wanted: RegExp | undefined][] = [
    ["data.toytown({ cuont: 6 });", /^Line 1, column 16: .*cuont/],
    ["function half(x: number) { return x / 2; }\nconst ok = half(3);", undefined],
    ["half('three');", /^Line 1, column 6: Argument of type 'string'/], // the function of the cell before
    ["const size = '64';\nsize.toUpperCase();", undefined], // declared again, with another type
    ["import { nothing } from '@forger/gan';", /^Line 1, column 10: .*no exported member/],
    ["const values = tf.zeros([2]).dataSync();\nvalues[0] + values[5];", undefined], // perhaps undefined, perhaps not
    ["const colour = ['red', 'blue'][0];\ntf.tensor1d([1], 'float32');", undefined],
    ["const steps = 3;\ntf.tensor1d(steps);", /^Line 2, column 13: /],
    ["let word = 'a';\nfor (const letter of word) letter.toUppercase();", /Line 2, column 35: .*toUppercase/],
  ];
  for (const [code, wanted] of cases) {
    const found = await warnings(kernel, code);
    if (wanted === undefined) assertEquals([code, found], [code, []]);
    else assertMatch(found.join("\n"), wanted, code);
  }
}, WITH_TYPES);

testKernel("warnings stay with their cells, also behind one with a syntax error", async (kernel) => {
  const wrong = await kernel.begin("const size: number = 'a';", { content: { stop_on_error: false } });
  const broken = await kernel.begin("const size = ;", { content: { stop_on_error: false } });
  const { content } = await kernel.message(({ parent, type }) => parent === wrong && type === "display_data");
  assertMatch(content.data["text/plain"], /Type 'string' is not assignable to type 'number'/);
  assertEquals((await kernel.end(broken)).outputs.map(({ type }) => type), ["error"]);
}, WITH_TYPES);

testKernel("without the type checker, cells run", async (kernel) => {
  const { outputs, reply } = await kernel.run('const size: number = "64";');
  assertEquals([outputs, reply.status], [[], "ok"]);
});

function cell(code: string): CellCode {
  const parsed = parseCell(code);
  assert(!("message" in parsed));
  return parsed;
}

Deno.test("moduleOf() keeps track of the places of lines, and takes the later of two imports of a name", () => {
  const cells = [cell('import { a, b } from "x";\na;'), cell('  import { b as a } from "y"; // again\na\n+ b;')];
  const { text, places } = moduleOf(cells);
  const lines = text.split("\n");
  const placed = [...places].map(([at, { cell, line, shift }]) => [lines[at], cells.indexOf(cell), line, shift]);
  assertEquals(placed.slice(0, 2), [['import { b as a } from "y";', 1, 0, 2], ['import { b } from "x";', 0, 0, 3]]);
  assertEquals(placed.at(-1), ["+ b;", 1, 2, 0]);
  assertEquals(lines.filter((line) => line.startsWith("void (async")).length, 2);
});

Deno.test("warningOf() keeps what is certain, and drops what may run as intended", () => {
  const [number, property] = [
    "Type 'string' is not assignable to type 'number'.",
    "Property 'x' does not exist on type 'Tensor<Rank>'.",
  ];
  assertEquals(warningOf(2322, number, ""), number);
  assertEquals(warningOf(2322, "Type 'string' is not assignable to type '\"adam\" | \"sgd\"'.", ""), undefined);
  const ranks = "Argument of type 'Tensor<Rank>' is not assignable to parameter of type 'Tensor4D'.";
  assertEquals(warningOf(2345, `${ranks}\n  Type 'Rank' is not assignable to type 'Rank.R4'.`, ""), undefined);
  assertEquals(warningOf(2339, property, "x.y"), property);
  assertEquals(warningOf(2339, property, "x = 3"), undefined); // a script may add properties
  assertEquals(warningOf(2532, "Object is possibly 'undefined'.", ""), undefined);
  const overloads = "No overload matches this call.\n  Overload 1 of 2, 'a', gave the following error.\n    " +
    "Argument of type 'number' is not assignable to parameter of type 'string'.\n  Overload 2 of 2, 'b', gave the following " +
    "error.\n    Argument of type 'number' is not assignable to parameter of type 'boolean'.";
  assertEquals(warningOf(2769, overloads, ""), "Argument of type 'number' is not assignable to parameter of type 'boolean'.");
});
