/** What the tests of the notebooks share.
 * @module */
import { fileURLToPath } from "node:url";
import { basename, join } from "node:path";
import { missingForNotebooks } from "../../lib/cli/notebooks/execute.ts";
import { type Notebook, readNotebook, whole } from "../../lib/cli/notebooks/notebook.ts";
import { allNotebooks } from "../../lib/cli/notebooks.ts";

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
