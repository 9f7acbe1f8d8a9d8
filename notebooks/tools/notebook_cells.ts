/** The code of the notebooks as files, since `deno lint` and `deno check` pass notebooks over.
 * @module */
import { dirname, join, relative } from "node:path";

/** A notebook, as far as it is read here (nbformat 4). */
export interface Notebook {
  cells: { cell_type: string; source: string | string[] }[];
}

/** The text of a cell; a notebook may keep it in lines. */
export function cellText(cell: Notebook["cells"][number]): string {
  return typeof cell.source === "string" ? cell.source : cell.source.join("");
}

/** All code cells of a notebook as one module, each behind a comment with its number.
 * @param up path from the module's folder to the notebook's, so that relative imports still lead to their files: "../../notebooks". */
export function codeOf(notebook: Notebook, up: string): string {
  const parts = notebook.cells.map((cell, n) => ({ cell, n })).filter(({ cell }) => cell.cell_type === "code");
  const cells = parts.map(({ cell, n }) => `// Cell ${n}\n${cellText(cell)}\n`);
  // Cells await at the top level, which only a module may.
  return (cells.join("\n") + "\nexport {};\n").replaceAll(/(\bfrom |\bimport\(|\bimport )"(\.\.?\/)/g, `$1"${up}/$2`);
}

/** Writes a module for each notebook of a folder and of the folder "solutions" in it, and removes what an earlier call left.
 * @returns the modules' paths. */
export async function extractNotebooks(notebooks: string, target: string): Promise<string[]> {
  await Deno.remove(target, { recursive: true }).catch(() => {});
  const modules: string[] = [];
  for (const path of [...await notebookPaths(notebooks), ...await notebookPaths(join(notebooks, "solutions"))]) {
    await Deno.mkdir(target, { recursive: true });
    const module = join(target, relative(notebooks, path).replaceAll(/[\\/]/g, "_").replace(/\.ipynb$/, ".ts"));
    const up = relative(target, dirname(path)).replaceAll("\\", "/");
    await Deno.writeTextFile(module, codeOf(JSON.parse(await Deno.readTextFile(path)) as Notebook, up));
    modules.push(module);
  }
  return modules;
}

/** The notebooks of a folder, in the order of their names; none if there is no such folder. */
export async function notebookPaths(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".ipynb")) names.push(name);
  } catch { /* no notebooks yet */ }
  return names.sort().map((name) => join(folder, name));
}
