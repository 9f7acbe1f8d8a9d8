/** What the tests of the notebooks share.
 * @module */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { basename, join } from "node:path";
import { executeNotebook, missingForNotebooks } from "../../notebooks/tools/execute.ts";
import { type Notebook, type NotebookOutput, readNotebook, whole } from "../../notebooks/tools/notebook.ts";
import { allNotebooks } from "../../notebooks/tools/notebooks.ts";

/** The project's root. */
export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A notebook of the project. */
export interface Course {
  /** From the root: "notebooks/07_pix2pix.ipynb". */
  name: string;
  path: string;
  notebook: Notebook;
}

/** Every notebook, the solutions too. */
export async function course(): Promise<Course[]> {
  const read = async (path: string) => ({ name: path.slice(ROOT.length), path, notebook: await readNotebook(path) });
  return await Promise.all((await allNotebooks(ROOT)).map(read));
}

/** Whether it is one of the lessons, and not a collection of solutions. */
export function isLesson({ path }: Course): boolean {
  return !path.includes("solutions");
}

/** The texts of all cells of a kind, with their ids. */
export function texts({ notebook }: Course, kind: "markdown" | "code"): { id: string; text: string }[] {
  return notebook.cells.filter(({ cell_type }) => cell_type === kind).map(({ id, source }) => ({ id, text: whole(source) }));
}

/** The file name without its ending: "07_pix2pix". */
export function stem({ path }: Course): string {
  return basename(path, ".ipynb");
}

/** A test that needs a kernel; without nbclient in .venv it is skipped, with the reason. */
export function kernelTest(name: string, run: () => Promise<void>): void {
  Deno.test(name, async (test) => {
    const missing = await missingForNotebooks(ROOT);
    if (missing === undefined) return await run();
    console.warn(`skipped: ${missing}`);
    await test.step({ name: "skipped", ignore: true, fn: () => {} });
  });
}

/** The path of a file beside the tests. */
export function beside(name: string): string {
  return join(ROOT, "tests", "notebooks", name);
}

/** What a cell showed. */
export function outputsOf(notebook: Notebook, id: string): NotebookOutput[] {
  const cell = notebook.cells.find((cell) => cell.id === id);
  assert(cell, `there is no cell ${id}`);
  return cell.outputs ?? [];
}

/** All text that a cell showed. */
export function textOf(notebook: Notebook, id: string): string {
  return outputsOf(notebook, id).map(({ text, data }) => whole(text ?? data?.["text/plain"] as string)).join("\n");
}

/** Numbers in a text, in their order. */
export function numbersIn(text: string): number[] {
  return [...text.matchAll(/-?\d+(?:\.\d+)?/g)].map(([number]) => Number(number));
}

/** The rows of a table that console.table printed, as numbers, without the head and the index. */
export function rowsOf(text: string): number[][] {
  const rows = text.split("\n").filter((line) => line.startsWith("│")).slice(1);
  return rows.map((line) => numbersIn(line.split("│").slice(2).join(" ")));
}

/** The lesson as it lies in the repository, with its outputs. */
export function keptLesson(name: string): Promise<Notebook> {
  return readNotebook(join(ROOT, "notebooks", `${name}.ipynb`));
}

/** Its solutions, likewise. */
export function keptSolutions(name: string): Promise<Notebook> {
  return readNotebook(join(ROOT, "notebooks", "solutions", `${name}.ipynb`));
}

/** Registers the tests that every lesson has: it and its solutions run on the Deno kernel at the test size.
 * @param name of the file: "03_asking_for_a_seven".
 * @param unanswered what each of its checks says before it is answered. */
export function testLesson(name: string, unanswered: Record<string, string>): void {
  const run = async (...path: string[]) => {
    return (await executeNotebook(join(ROOT, "notebooks", ...path, `${name}.ipynb`), { root: ROOT, size: "test" })).notebook;
  };
  kernelTest(`${name}.ipynb runs to its end on the Deno kernel, and its checks say what is to be done`, async () => {
    const notebook = await run();
    assertEquals(Object.fromEntries(Object.keys(unanswered).map((id) => [id, textOf(notebook, id)])), unanswered);
  });
  kernelTest(`solutions/${name}.ipynb runs to its end, and its answers are right`, async () => {
    const notebook = await run("solutions");
    for (const id of Object.keys(unanswered)) assertMatch(textOf(notebook, id), /^Right: /);
  });
}

/** What a check says of a cell with a number to be filled in. */
export const NUMBERS_MISSING = "Not yet: put a number in the place of each NaN";
/** And of a function to be written. */
export const CODE_MISSING = 'Not yet: "Your turn"';
