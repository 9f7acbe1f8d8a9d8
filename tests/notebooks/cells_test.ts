import { assert, assertEquals, assertGreaterOrEqual, assertLessOrEqual } from "@std/assert";
import { join } from "node:path";
import { executeNotebook } from "../../notebooks/tools/execute.ts";
import { extractNotebooks, formatNotebook, whole, writeCellConfig, writeNotebook } from "../../notebooks/tools/notebook.ts";
import { run } from "../../lib/cli/process.ts";
import { course, isLesson, kernelTest, ROOT, stem, textOf, texts } from "./_notebooks.ts";

const notebooks = await course();

/** Lines of a cell at most, and columns of a line: JupyterLab shows so many in a window 1280 pixels wide, its side bar open. */
const [MOST_LINES, MOST_COLUMNS] = [15, 104];

Deno.test("there are notebooks, each with its solutions, and each with a test that runs it", async () => {
  const lessons = notebooks.filter(isLesson);
  assertGreaterOrEqual(lessons.length, 1);
  assertEquals(notebooks.filter((notebook) => !isLesson(notebook)).map(stem), lessons.map(stem));
  for (const lesson of lessons) await Deno.stat(join(ROOT, "tests", "notebooks", `${stem(lesson)}_test.ts`));
});

for (const lesson of notebooks) {
  Deno.test(`${lesson.name} is for the Deno kernel, and its cells have names of their own`, () => {
    assertEquals(lesson.notebook.metadata.kernelspec, { display_name: "Deno", language: "typescript", name: "deno" } as never);
    const ids = lesson.notebook.cells.map(({ id }) => id);
    assertEquals([...new Set(ids)], ids);
  });

  Deno.test(`${lesson.name} becomes slides: one for each heading, and under it one for each cell of prose`, () => {
    for (const { id, cell_type, metadata, source } of lesson.notebook.cells) {
      if (cell_type !== "markdown") continue;
      const wanted = /^#/.test(whole(source)) ? "slide" : "subslide";
      assertEquals([id, (metadata.slideshow as { slide_type: string } | undefined)?.slide_type], [id, wanted]);
    }
  });

  Deno.test(`${lesson.name} has short cells, and a sentence between any two of code`, () => {
    for (const { id, text } of texts(lesson, "code")) {
      const lines = text.trimEnd().split("\n");
      assertLessOrEqual(lines.length, MOST_LINES, `cell ${id} has ${lines.length} lines`);
      for (const line of lines) assertLessOrEqual(line.length, MOST_COLUMNS, `cell ${id} has a line of ${line.length} columns`);
    }
    const kinds = lesson.notebook.cells.map(({ cell_type }) => cell_type);
    const pairs = kinds.flatMap((kind, i) =>
      kind === "code" && kinds[i + 1] === "code" ? [lesson.notebook.cells[i + 1]!.id] : []
    );
    // After its exercise's cell a check follows at once.
    assertEquals(pairs.filter((id) => !id.startsWith("check-")), []);
  });

  Deno.test(`${lesson.name} imports Forger's public names, assertions, and what lies in notebooks/ for it, all by name`, () => {
    const code = texts(lesson, "code").map(({ text }) => text).join("\n");
    const imports = [...code.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)].map(([, name]) => name!);
    // The kernel resolves a relative import against its working folder, which may be any folder of the clone.
    const own = ["#notebooks/size.ts", "#notebooks/workers.ts", `#notebooks/checks/${stem(lesson).slice(0, 2)}.ts`];
    const allowed = ["@std/assert", "@forger/gan", ...own];
    assertEquals(imports.filter((name) => !allowed.includes(name)), []);
  });

  Deno.test(`${lesson.name} is formatted`, async () => {
    const text = await Deno.readTextFile(lesson.path);
    assert(text === await formatNotebook(text), `not formatted: run deno fmt --ext ipynb - < ${lesson.name}`);
  });
}

Deno.test("the code of all notebooks type-checks and passes lint", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const modules = await extractNotebooks(join(ROOT, "notebooks"), join(folder, "cells"));
    assertEquals(modules.length, notebooks.length);
    // All in one call: most of the time goes to the library, which they share.
    await deno("check", "--config", await writeCellConfig(ROOT, folder), ...modules);
    // Cells end in an expression, for its value to be shown, and leave unused what an exercise is to fill in.
    await deno("lint", "--rules-exclude=no-unused-vars,require-await,prefer-const,no-unversioned-import", ...modules);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("deno.json maps the names that notebooks import", async () => {
  const { imports } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))) as { imports: Record<string, string> };
  assertEquals([imports["@forger/gan"], imports["#notebooks/"]], ["./mod.ts", "./notebooks/"]);
});

for (const folder of [".", "notebooks", "tests/notebooks"]) {
  kernelTest(`imports of a notebook work in a kernel whose working folder is ${folder}`, async () => {
    const lesson = notebooks.find(({ name }) => name.endsWith("05_from_picture_to_picture.ipynb"))!;
    const imports = texts(lesson, "code").flatMap(({ text }) => text.split("\n").filter((line) => /^import /.test(line)));
    const source = [...imports, "console.log(Deno.cwd(), chooseSize({ name: 'cpu' }), typeof pix2pix, typeof checkMiddles);"];
    const cell = { ...lesson.notebook.cells.find(({ cell_type }) => cell_type === "code")!, source: source.join("\n") };
    const path = await Deno.makeTempFile({ suffix: ".ipynb" });
    try {
      await writeNotebook(path, { ...lesson.notebook, cells: [cell] });
      const { notebook } = await executeNotebook(path, { root: ROOT, size: "test", folder: join(ROOT, folder) });
      assertEquals(textOf(notebook, cell.id), `${await Deno.realPath(join(ROOT, folder))} test function function\n`);
    } finally {
      await Deno.remove(path);
    }
  });
}

async function deno(...args: string[]): Promise<void> {
  const ended = await run(Deno.execPath(), args, { folder: ROOT, env: { NO_COLOR: "1" } });
  assert(ended?.success, `deno ${args.join(" ")}:\n${ended?.lines.join("\n")}`);
}

for (const lesson of notebooks.filter(isLesson)) {
  Deno.test(`${lesson.name} shows its data within five cells, asks in each section, and ends in exercises`, () => {
    const figures = lesson.notebook.cells.map(({ outputs = [] }) => outputs.some(({ data }) => data?.["image/png"]));
    assertLessOrEqual(figures.indexOf(true), 4);
    assertGreaterOrEqual(figures.indexOf(true), 0);
    const prose = texts(lesson, "markdown").map(({ text }) => text).join("\n");
    const [before, exercises, ...rest] = prose.split(/^## Exercises$/m);
    assertEquals(rest, []);
    for (const section of sections(before!)) {
      assert(/\*\*Checkpoint\.\*\*/.test(section), `no checkpoint in "${section.split("\n")[0]}"`);
    }
    const count = [...exercises!.matchAll(/^\*\*Exercise \d+ \((recall|numbers|change a number|code)\)\.\*\*/gm)].length;
    assertGreaterOrEqual(count, 4);
    assertLessOrEqual(count, 6);
    assert(texts(lesson, "code").some(({ text }) => /\bawait check[A-Z]\w+\(/.test(text)), "no exercise is checked by a cell");
  });

  Deno.test(`${lesson.name} has about as many cells of prose as of code`, () => {
    const ratio = texts(lesson, "markdown").length / texts(lesson, "code").length;
    assert(ratio > 0.8 && ratio < 1.3, `${ratio.toFixed(2)} cells of prose for one of code`);
  });
}

/** The numbered sections of a notebook's prose. */
function sections(prose: string): string[] {
  return prose.split(/^## (?=\d)/m).slice(1);
}
