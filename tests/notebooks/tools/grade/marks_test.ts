import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { differenceOf } from "../../../../notebooks/tools/grade/marks.ts";
import { cellsOf, chapterOf, exercisesOf, moduleFor } from "../../../../notebooks/tools/grade/submission.ts";
import { csvOf, type Graded, tableOf } from "../../../../notebooks/tools/grade/table.ts";
import { VARIANTS } from "../../../../notebooks/tools/grade/variants.ts";
import type { Notebook } from "../../../../notebooks/tools/notebook.ts";
import { course, isLesson, ROOT, stem, texts } from "../../_notebooks.ts";

const EXERCISE = { chapter: "00", number: 5, check: "checkSlope" };

function notebook(...codes: string[]): Notebook {
  const cells = codes.map((source, i) => ({ id: `${i}`, cell_type: "code" as const, metadata: {}, source }));
  return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
}

Deno.test("each exercise that asks for a function has a hidden variant, and each variant an exercise", async () => {
  const wanted: Record<string, string[]> = {};
  for (const lesson of (await course()).filter(isLesson)) {
    const code = texts(lesson, "code").map(({ text }) => text).join("\n");
    const functions = [...code.matchAll(/\bawait (check[A-Z]\w*)\((?!\{)/g)].map(([, check]) => check!);
    wanted[stem(lesson).slice(0, 2)] = functions.sort();
  }
  const got = Object.entries(VARIANTS).map(([chapter, variants]) => [chapter, Object.keys(variants).sort()]);
  assertEquals(Object.fromEntries(got), wanted);
});

Deno.test("exercisesOf() lists the exercises of a chapter with their numbers", async () => {
  const exercises = await exercisesOf(ROOT, "00");
  assertEquals(exercises.map(({ number, check }) => [number, check]), [[2, "checkNumbers"], [4, "checkToBytes"], [
    5,
    "checkSlope",
  ]]);
});

Deno.test("chapterOf() reads the imports, or else the file name", () => {
  assertEquals(chapterOf(notebook('import { checkSlope } from "#notebooks/checks/00.ts";'), "mine.ipynb"), "00");
  assertEquals(chapterOf(notebook("1"), "anna/07_pix2pix (1).ipynb"), "07");
  assertEquals(chapterOf(notebook("1"), "anna_12_more.ipynb"), "12");
  assertEquals(chapterOf(notebook("1"), "2026_report.ipynb"), undefined);
});

Deno.test("moduleFor() takes the cells that an answer needs, and no others", () => {
  const of = (...codes: string[]) => moduleFor(cellsOf(notebook(...codes)), EXERCISE, ROOT, 1);
  const module = of(
    "import { tf } from '@forger/gan';",
    "const a = 1;",
    "const b = 2;",
    "const slope = () => a;",
    "await checkSlope(slope)",
  );
  assertStringIncludes(module, "const a = 1;\nconst slope = () => a;\nawait $graded(slope)");
  assert(!module.includes("const b") && !module.includes("@forger/gan"), module);
  assertStringIncludes(
    of("const a = 1;", "const a = tf;", "import { tf } from '@forger/gan';\nawait checkSlope(a)"),
    "import { tf }",
  );
  assertThrows(() => of("1"), Error, "no cell calls checkSlope");
  assertThrows(
    () => of("import { a } from './a.ts';\nawait checkSlope(a)"),
    Error,
    "imports ./a.ts, which is not part of the course",
  );
  assertThrows(() => of("export const a = 1;\nawait checkSlope(a)"), Error, "exports something");
});

Deno.test("differenceOf() allows rounding errors, and no others", () => {
  const value = { shape: [2], values: [1, 1000] };
  assertEquals(differenceOf({ shape: [2], values: [1.00005, 1000.5] }, value), undefined);
  assertEquals(differenceOf({ shape: [2], values: [1.1, 1000] }, value), "it gives 1.1 where the solution gives 1");
  assertEquals(differenceOf({ shape: [1, 2], values: [1, 1000] }, value), "it gives [1,2] where the solution gives [2]");
  assertEquals(
    differenceOf({ error: "RangeError" }, value),
    'it gives {"error":"RangeError"} where the solution gives ' + JSON.stringify(value),
  );
  assertEquals([differenceOf(Infinity, Infinity), differenceOf(5, Infinity) === undefined], [undefined, false]);
  assertEquals([differenceOf(NaN, NaN), differenceOf("a", "a"), differenceOf([], [])], [undefined, undefined, undefined]);
  assertEquals(differenceOf(undefined, 1), "it gives undefined where the solution gives 1");
});

Deno.test("tableOf() and csvOf() show the control characters of students, and shorten what is long", () => {
  const mark = { ...EXERCISE, mark: "error" as const };
  const marks: Graded[] = [
    { notebook: "a\x1b[1A.ipynb", ...mark, message: "Error: \x1b[2J\rall\u202e right" },
    { notebook: "b.ipynb", ...mark, message: "x".repeat(1e6) },
    { notebook: "\t=1+1.ipynb", ...mark, message: " =1+1" },
  ];
  for (const text of [tableOf(marks), csvOf(marks).replaceAll("\r\n", "\n")]) {
    // deno-lint-ignore no-control-regex -- that is what must not be there
    assert(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/.test(text), JSON.stringify(text));
    assertStringIncludes(text, String.raw`Error: \u001b[2J\u000dall\u202e right`);
    assert(text.length < 4000, `${text.length} characters`);
  }
  assertStringIncludes(csvOf(marks), `"' =1+1"`);
});

Deno.test("csvOf() writes no formulas, and tableOf() leaves out exercises that a notebook lacks", () => {
  const marks: Graded[] = [
    { notebook: "=1+1.ipynb", ...EXERCISE, mark: "right", message: 'Right: "slopes"' },
    { notebook: "b.ipynb", chapter: "00", number: 2, check: "checkNumbers", mark: "suspect", message: "why" },
  ];
  assertStringIncludes(csvOf(marks), `"'=1+1.ipynb","00","5","checkSlope","right","Right: ""slopes"""\r\n`);
  assertEquals(tableOf(marks).split("\n"), [
    "Chapter 00  right   exercise 5  exercise 2",
    "=1+1.ipynb  1 of 1  right",
    "b.ipynb     0 of 1              suspect",
    "",
    "b.ipynb, exercise 2, suspect: why",
  ]);
});
