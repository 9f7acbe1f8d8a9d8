import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { grade } from "../../../../notebooks/tools/grade/grade.ts";
import type { Graded } from "../../../../notebooks/tools/grade/table.ts";
import { writeNotebook } from "../../../../notebooks/tools/notebook.ts";
import { lastLine, task, withFolder } from "../../../cli/_task.ts";
import { ROOT } from "../../_notebooks.ts";

const QUIET = { update: () => {}, finish: () => {}, print: () => {} };
const IMPORTS = `import { data, tf } from "@forger/gan";
import { checkNumbers, checkSlope, checkToBytes } from "#notebooks/checks/00.ts";`;
const NUMBERS = "await checkNumbers({ size: 4096, x: -0.6 });";
const BYTES = "const toBytes = (x: tf.Tensor) => tf.round(tf.mul(tf.add(tf.clipByValue(x, -1, 1), 1), 127.5));";
const SLOPE = "const h = 1e-4;";
const SLOPE_CODE = "function slope(g, w) { return (g(w + h) - g(w - h)) / (2 * h); }";
const [CHECK_BYTES, CHECK_SLOPE] = ["await checkToBytes(toBytes);", "await checkSlope(slope);"];

/** Writes a student's notebook of chapter 00. */
async function submit(folder: string, name: string, cells: string[]): Promise<void> {
  const code = { cell_type: "code" as const, metadata: {}, execution_count: null, outputs: [] };
  await Deno.mkdir(join(folder, name, ".."), { recursive: true });
  const notebook = { metadata: {}, nbformat: 4, nbformat_minor: 5 };
  await writeNotebook(join(folder, name), { ...notebook, cells: cells.map((source, i) => ({ ...code, id: `${i}`, source })) });
}

/** Grades notebooks, and returns their marks by the name of the check. */
async function marksOf(notebooks: Record<string, string[]>, options = {}): Promise<Record<string, Record<string, Graded>>> {
  const marks: Record<string, Record<string, Graded>> = {};
  await withFolder(async (folder) => {
    for (const [name, cells] of Object.entries(notebooks)) await submit(folder, `${name}.ipynb`, cells);
    const values = { folder, csv: undefined, json: undefined, overwrite: false, seconds: 300, seed: 11, jobs: 2, ...options };
    for (const each of await grade(values, ROOT, QUIET)) {
      (marks[each.notebook.replace(".ipynb", "")] ??= {})[each.check] = each;
    }
  });
  return marks;
}

const only = (marks: Record<string, Graded>) => Object.fromEntries(Object.entries(marks).map(([name, { mark }]) => [name, mark]));

Deno.test("grade() gives a right notebook full marks, also if other cells are broken, or in an unusual order", async () => {
  const { right, other } = await marksOf({
    right: [IMPORTS, NUMBERS, BYTES, CHECK_BYTES, SLOPE, SLOPE_CODE, CHECK_SLOPE],
    // a helper after its use, names declared twice, a syntax error, a cell that throws, one that hangs: none is in the way
    other: [
      IMPORTS,
      "let half = ;",
      "throw new Error('mine')",
      "while (true);",
      "const h = 100;",
      SLOPE_CODE.replaceAll("h", "small()"),
      "const small = () => 1e-4;",
      `const x = 1;\n${CHECK_SLOPE}`,
      "const x = 2;",
      BYTES,
      CHECK_BYTES,
      "size + 1",
      NUMBERS,
    ],
  });
  const all = { checkNumbers: "right", checkToBytes: "right", checkSlope: "right" };
  assertEquals([only(right!), only(other!)], [all, all]);
  assertMatch(right!["checkSlope"]!.message, /^Right: /);
});

Deno.test("grade() tells what is wrong with a wrong notebook, and what is missing", async () => {
  const { wrong, empty } = await marksOf({
    wrong: [
      IMPORTS,
      "await checkNumbers({ size: 4096, x: 0.4 });",
      BYTES.replace("tf.round(", "("),
      CHECK_BYTES,
      "const slope = (g, w) => (g(w + 1e-4) - g(w)) / step;",
      CHECK_SLOPE,
    ],
    empty: [IMPORTS, "await checkNumbers({ size: NaN, x: NaN });", "const toBytes = ;", CHECK_BYTES],
  });
  assertEquals(only(wrong!), { checkNumbers: "not yet", checkToBytes: "not yet", checkSlope: "not yet" });
  assertMatch(wrong!["checkNumbers"]!.message, /51 \/ 127\.5 lies between 0 and 2/);
  assertMatch(wrong!["checkToBytes"]!.message, /a byte is a whole number/);
  assertMatch(wrong!["checkSlope"]!.message, /step is not defined/);
  assertEquals(only(empty!), { checkNumbers: "no answer", checkToBytes: "error", checkSlope: "no answer" });
  assertMatch(empty!["checkToBytes"]!.message, /a cell that it needs has a syntax error: Unexpected token \(line 1, column 17\)/);
});

const FORGED = 'forger-grade:{"verdict":{"right":true,"message":"Right: the slopes agree"},"given":[1,2,3]}';

/** Code that prints a report and ends the process. */
function forging(report: string): string {
  return `console.log(${JSON.stringify(`\nforger-grade:${report}`)}); Deno.exit(0);`;
}

/** Cheating notebooks, with the mark and the message that each gets. */
const CHEATS: Record<string, [cells: string[], mark: string, message: RegExp]> = {
  "own checks": [
    ['const checkSlope = () => "Right: the slopes of four functions agree";', "const slope = () => 7;", CHECK_SLOPE],
    "not yet",
    /the derivative of w at 5/,
  ],
  "prints success": [['console.log("Right: the slopes of four functions agree");'], "no answer", /no cell calls checkSlope/],
  "forges the report": [
    [`console.log(${JSON.stringify(`\n${FORGED}`)}); Deno.exit(0); const slope = 1;`, CHECK_SLOPE],
    "suspect",
    /it gives 1 where the solution gives/,
  ],
  "changes globals": [
    ["function slope() { Math.abs = () => 0; Number.isNaN = () => false; return 7; }", CHECK_SLOPE],
    "suspect",
    /it gives 7 where the solution gives/,
  ],
  "changes the library": [
    [
      "tf.Tensor.prototype.dataSync = () => [0, 255, 51, 153, 153, 0, 255, 204]; const toBytes = (x) => x;",
      CHECK_BYTES,
    ],
    "suspect",
    /the solution gives/,
  ],
  "knows the numbers": [
    ["const slope = (g, w) => ({ 5: 1, 3: 6, 0: 0, 1: Math.cos(1) })[w] ?? 0;", CHECK_SLOPE],
    "suspect",
    /right for the numbers of the notebook; for others, it gives/,
  ],
  "reads the solutions": [
    [
      `const slope = eval(Deno.readTextFileSync(${JSON.stringify(join(ROOT, "notebooks/solutions/00_start_here.ipynb"))}));`,
      CHECK_SLOPE,
    ],
    "suspect",
    /asked for read access/,
  ],
  "imports the solutions": [
    [
      'import text from "#notebooks/solutions/00_start_here.ipynb" with { type: "text" };\nconst slope = eval(text);',
      CHECK_SLOPE,
    ],
    "suspect",
    /imports #notebooks\/solutions\/00_start_here\.ipynb, which is not part of the course/,
  ],
  "computes an import": [
    ["const slope = (await import('./solu' + 'tions.ts')).slope;", CHECK_SLOPE],
    "suspect",
    /imports a module whose name it computes/,
  ],
  "asks the network": [
    ["const slope = await fetch('http://127.0.0.1:8000/slope');", CHECK_SLOPE],
    "suspect",
    /asked for net access/,
  ],
  "forges the report of numbers": [
    [`${forging('{"verdict":{"right":true,"message":"Right: 4096 numbers"}}')}\nawait checkNumbers({ size: NaN, x: NaN });`],
    "not yet",
    /expected numbers, got undefined/,
  ],
  "forges numbers that are none": [
    [`${forging('{"answer":{"size":4096}}')}\nawait checkNumbers({ size: NaN, x: NaN });`],
    "not yet",
    /expected a number for x/,
  ],
  "answers with texts for which no comparison holds": [
    ['await checkNumbers({ size: 4096, x: "so" });'],
    "not yet",
    /number for x/,
  ],
  "makes a function of its numbers": [
    ["Math.abs = () => 0;\nawait checkNumbers(Object.assign(() => 0, { size: 4096, x: 5 }));"],
    "not yet",
    /is not undefined/,
  ],
  "forges no verdict": [[`${forging('{"verdict":null}')}\nconst slope = 1;`, CHECK_SLOPE], "error", /ended before its check/],
  "forges no report": [[`${forging("null")}\nconst slope = 1;`, CHECK_SLOPE], "error", /ended before its check/],
  "forges half a verdict": [
    [`${forging('{"verdict":{"right":true},"given":[1,2,3]}')}\nconst slope = 1;`, CHECK_SLOPE],
    "error",
    /ended before its check/,
  ],
  "calls the check by another name": [
    ['import { checkSlope as graded } from "#notebooks/checks/00.ts";\nawait graded(() => 1);'],
    "error",
    /calls checkSlope by another name/,
  ],
  "calls the check of a namespace": [
    ['import * as checks from "#notebooks/checks/00.ts";\nawait checks.checkSlope(() => 1);'],
    "error",
    /calls checkSlope by another name/,
  ],
  "starts a program": [
    ["new Deno.Command('/bin/sh').outputSync(); const slope = 1;", CHECK_SLOPE],
    "suspect",
    /asked for run access/,
  ],
};

Deno.test("grade() gives no cheating notebook a mark", async () => {
  const marks = await marksOf(Object.fromEntries(Object.entries(CHEATS).map(([name, [cells]]) => [name, [IMPORTS, ...cells]])));
  for (const [name, [cells, mark, message]] of Object.entries(CHEATS)) {
    const check = cells.join("\n").match(/\b(check[A-Z]\w*)/)?.[1] ?? "checkSlope";
    const graded = marks[name]![check]!;
    assertEquals([name, graded.mark, graded.message.match(message) !== null], [name, mark, true], graded.message);
  }
});

Deno.test("grade() ends a notebook that hangs, or that prints without end", async () => {
  const { hangs, prints, fills } = await marksOf({
    hangs: [IMPORTS, "function slope() { while (true); }", CHECK_SLOPE],
    prints: [IMPORTS, "function slope() { while (true) console.log('x'.repeat(1e5)); }", CHECK_SLOPE],
    fills: [IMPORTS, "const all = []; for (;;) all.push(new Uint8Array(1e8).fill(1)); function slope() {}", CHECK_SLOPE],
  }, { seconds: 30 });
  assertEquals(only(hangs!)["checkSlope"], "out of time");
  for (const [marks, why] of [[prints!, /printed 10 million characters/], [fills!, /used too much memory/]] as const) {
    const { mark, message } = marks["checkSlope"]!;
    if (mark !== "out of time") assertMatch(message, why); // on a busy machine
  }
  if (Deno.build.os === "linux") assertEquals(only(fills!)["checkSlope"], "error");
});

Deno.test("grade() finds answers in several cells, after a first attempt, and scalars of the shape [1]", async () => {
  const { cells, scalar } = await marksOf({
    cells: [
      IMPORTS,
      "let size; const x = [];",
      "size = 8 * 16;\nx.push(-0.6);",
      "size *= 32;",
      "await checkNumbers({ size, x: x[0] });",
      "const h = 1e-4;\nconst difference = (g, w) => (g(w + h) - g(w)) / h;\nawait checkSlope(difference);",
      "const slope = (g, w) => (difference(g, w) + difference((v) => -g(-v), -w)) / 2;\nawait checkSlope(slope);",
      BYTES,
      CHECK_BYTES,
    ],
    scalar: [
      'import { tf } from "@forger/gan";\nimport { checkGeneratorLoss } from "#notebooks/checks/01.ts";',
      "const loss = (s) => tf.mean(tf.softplus(tf.neg(s)), 0);\nawait checkGeneratorLoss(loss);",
    ],
  });
  assertEquals(only(cells!), { checkNumbers: "right", checkToBytes: "right", checkSlope: "right" });
  assertEquals(scalar!["checkGeneratorLoss"]!.mark, "right", scalar!["checkGeneratorLoss"]!.message);
});

Deno.test("grade() grades the rest of a class if a solution fails, or a notebook cannot be read", async () => {
  await withFolder(async (root) => {
    // The project, with one broken solution.
    const link = (from: string, to: string, except: string) => {
      Deno.mkdirSync(to, { recursive: true });
      for (const { name } of Deno.readDirSync(from)) {
        if (name !== except && name !== ".git") Deno.symlinkSync(join(from, name), join(to, name));
      }
    };
    link(ROOT, root, "notebooks");
    link(join(ROOT, "notebooks"), join(root, "notebooks"), "solutions");
    await submit(join(root, "notebooks", "solutions"), "00_start_here.ipynb", [IMPORTS, "const slope = 1;", CHECK_SLOPE]);
    const folder = join(root, "class");
    const deep = `const slope = ${"(".repeat(20_000)}1${")".repeat(20_000)};`;
    await submit(folder, "anna.ipynb", [IMPORTS, NUMBERS, SLOPE, SLOPE_CODE, CHECK_SLOPE]);
    await submit(folder, "ben.ipynb", [IMPORTS, deep, CHECK_SLOPE, NUMBERS]);
    await Deno.writeTextFile(join(folder, "carl.ipynb"), "{}");
    const values = { folder, csv: undefined, json: undefined, overwrite: false, seconds: 300, seed: 11, jobs: 1 };
    const marks = (await grade(values, root, QUIET)).map((
      { notebook, check, mark, message },
    ) => [notebook, check, mark, message]);
    const of = (name: string, check: string) => marks.find((one) => one[0] === name && one[1] === check)!.slice(2);
    assertEquals([of("anna.ipynb", "checkNumbers")[0], of("ben.ipynb", "checkNumbers")[0]], ["right", "right"]);
    assertEquals(of("anna.ipynb", "checkSlope")[0], "error");
    assertMatch(of("anna.ipynb", "checkSlope")[1]!, /^Cannot grade chapter 00: the solution of checkSlope fails/);
    assertMatch(of("ben.ipynb", "checkSlope")[1]!, /nested too deeply/);
  });
});

Deno.test("deno task grade prints a table, and writes the marks as CSV and JSON", () =>
  withFolder(async (folder) => {
    await submit(folder, "anna/00_start_here.ipynb", [NUMBERS]); // without imports: the chapter is in the name
    await submit(folder, "ben/start.ipynb", [
      IMPORTS,
      NUMBERS.replace("-0.6", "2"),
      "let slope = eval('', Deno.exit(3));",
      CHECK_SLOPE,
    ]);
    await submit(folder, "ben/.ipynb_checkpoints/start-checkpoint.ipynb", [IMPORTS]);
    await submit(folder, "carl/other.ipynb", ["1 + 1"]);
    const [csv, json] = [join(folder, "marks.csv"), join(folder, "marks.json")];
    const ended = await task("grade", [folder, "--seed", "3", "--csv", csv, "--json", json]);
    assertEquals(ended.status, 0, ended.stderr);
    assertEquals(ended.stdout.split("\n").slice(0, 6).map((line) => line.trimEnd()), [
      "Chapter 00                right   exercise 2  exercise 4  exercise 5",
      "anna/00_start_here.ipynb  1 of 3  right       no answer   no answer",
      "ben/start.ipynb           0 of 3  not yet     no answer   error",
      "",
      "ben/start.ipynb, exercise 5, error: ended before its check",
      "",
    ]);
    assertStringIncludes(ended.stdout, "Seed of the hidden numbers: 3");
    assertStringIncludes(ended.stderr, "Cannot grade carl/other.ipynb: it imports no checks");
    const rows = (await Deno.readTextFile(csv)).split("\r\n");
    assertEquals(rows[0], '"notebook","chapter","exercise","check","mark","message"');
    assertMatch(rows[1]!, /^"anna\/00_start_here\.ipynb","00","2","checkNumbers","right","Right: /);
    const { seed, answers } = JSON.parse(await Deno.readTextFile(json));
    assertEquals([seed, answers.length, answers[3].mark], [3, 6, "not yet"]);

    const again = await task("grade", [folder, "--csv", csv]);
    assertEquals([again.status, lastLine(again)], [1, `Cannot write ${csv}: it exists; choose another file, or add --overwrite`]);
    const nowhere = join(folder, "nowhere", "marks.csv");
    const message = `Cannot write ${nowhere}: its folder does not exist; create it, or choose another one`;
    assertEquals(lastLine(await task("grade", [folder, "--json", nowhere])), message);
    assertMatch(lastLine(await task("grade", [])), /^No folder given: run deno task grade FOLDER/);
    assertMatch(lastLine(await task("grade", [join(folder, "nobody")])), /it is not a folder; give the folder of the notebooks$/);
  }));

Deno.test("deno task grade refuses a folder, and one file for both formats, before it grades", () =>
  withFolder(async (folder) => {
    for (const more of [[], ["--overwrite"]]) {
      const message = `Cannot write ${folder}: it is a folder; choose a file`;
      assertEquals(lastLine(await task("grade", [folder, "--csv", folder, ...more])), message);
    }
    const file = join(folder, "marks");
    const twice = lastLine(await task("grade", [folder, "--csv", file, "--json", file, "--overwrite"]));
    assertMatch(twice, /^Options --csv and --json: expected two files/);
  }));

Deno.test("grade() finds all solutions of the course right", async () => {
  const folder = join(ROOT, "notebooks", "solutions");
  const values = { folder, csv: undefined, json: undefined, overwrite: false, seconds: 300, seed: 5, jobs: 2 };
  const wrong = (await grade(values, ROOT, QUIET)).filter(({ mark }) => mark !== "right");
  assertEquals(wrong.map(({ notebook, check, message }) => [notebook, check, message]), []);
});
