/** Notebook files (nbformat 4.5): reading, writing, formatting, and extracting their code.
 * @module */
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";

/** Text in a notebook file: one string, or a list of lines that include their line ends. */
export type NotebookText = string | string[];

/** One output of a code cell. */
export interface NotebookOutput {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  /** Name of the stream, for output of type "stream": "stdout" or "stderr". */
  name?: string;
  text?: NotebookText;
  /** Representations of the same value, keyed by MIME type. */
  data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  ename?: string;
  evalue?: string;
  traceback?: string[];
  [field: string]: unknown;
}

/** A cell: Markdown, or code with its outputs. */
export interface NotebookCell {
  id: string;
  cell_type: "markdown" | "code" | "raw";
  metadata: Record<string, unknown>;
  source: NotebookText;
  execution_count?: number | null;
  outputs?: NotebookOutput[];
}

/** Record of the run that produced a notebook's outputs. */
export interface Provenance {
  /** Digest of the notebook's code and of all that it imports, at the time of the run. */
  digest: string;
  /** Duration of the run, including the start of the kernel. */
  seconds: number;
}

/** A notebook. */
export interface Notebook {
  cells: NotebookCell[];
  metadata: { kernelspec?: { name: string }; forger?: Provenance; [field: string]: unknown };
  nbformat: number;
  nbformat_minor: number;
}

/** Joins a text into one string. Returns "" for `undefined`. */
export function whole(text: NotebookText | undefined): string {
  return Array.isArray(text) ? text.join("") : text ?? "";
}

/** Splits a text into lines as Jupyter does, so that a diff shows the lines that changed. */
export function inLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Reads a notebook.
 * @throws {Error} if the file is not a notebook of format 4. */
export async function readNotebook(path: string): Promise<Notebook> {
  const text = await Deno.readTextFile(path);
  try {
    const notebook = JSON.parse(text) as Notebook;
    if (Array.isArray(notebook.cells) && notebook.nbformat === 4) return notebook;
  } catch { /* reported below */ }
  throw new Error(`Cannot read ${path}: expected a notebook of format 4; restore it from the repository`);
}

/** Serializes a notebook in Jupyter's layout. */
export function notebookText(notebook: Notebook): string {
  return JSON.stringify(notebook, undefined, 1) + "\n";
}

/** Writes a notebook in Jupyter's layout. */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await Deno.writeTextFile(path, notebookText(notebook));
}

/** Formats the code and the Markdown of a notebook as `deno fmt` does.
 *
 * `deno fmt --check` (2.9.6) reports every notebook as unformatted, even directly after formatting it, unless the file is in its
 * cache. deno.json therefore excludes notebooks, and the tests compare with the result of this function.
 * @param text content of the notebook file.
 * @throws {Error} if the code cannot be parsed. */
export async function formatNotebook(text: string): Promise<string> {
  const cwd = join(import.meta.dirname!, "..", ".."); // the folder of deno.json, which has the line width
  const args = ["fmt", "--ext", "ipynb", "-"];
  const child = new Deno.Command(Deno.execPath(), { args, cwd, stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
  const writing = new Blob([text]).stream().pipeTo(child.stdin);
  const { success, stdout, stderr } = await child.output();
  await writing.catch(() => {}); // on a syntax error deno exits before it has read everything; the error below reports it
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot format the notebook: ${decoder.decode(stderr).trim()}; correct its code`);
  return decoder.decode(stdout);
}

/** Joins all code cells of a notebook into one module, each after a comment with its number, since `deno lint` and `deno check`
 * skip notebooks.
 * @param up path from the module's folder to the notebook's folder, which keeps relative imports valid: "../../notebooks". */
export function codeOf({ cells }: Pick<Notebook, "cells">, up: string): string {
  const parts = cells.flatMap(({ cell_type, source }, n) => cell_type === "code" ? `// Cell ${n}\n${whole(source)}\n` : []);
  // Cells use top-level await, which only modules allow.
  return (parts.join("\n") + "\nexport {};\n").replaceAll(/(\bfrom |\bimport\(|\bimport )"(\.\.?\/)/g, `$1"${up}/$2`);
}

/** Writes a configuration for checking the types of cells: that of the project, except that `values[0]` is not undefined. The
 * kernel does not warn of such code either, and lessons are easier to read without `!`.
 * @returns path of the configuration. */
export async function writeCellConfig(root: string, folder: string): Promise<string> {
  const { imports, links, compilerOptions } = JSON.parse(await Deno.readTextFile(join(root, "deno.json")));
  const absolute = (path: string) => path.startsWith("./") ? pathToFileURL(join(root, path)).href : path;
  const path = join(folder, "deno.json");
  const config = {
    imports: Object.fromEntries(Object.entries<string>(imports ?? {}).map(([name, path]) => [name, absolute(path)])),
    ...links && { links: links.map((path: string) => join(root, path)) },
    compilerOptions: { ...compilerOptions, noUncheckedIndexedAccess: false },
  };
  await Deno.writeTextFile(path, JSON.stringify(config));
  return path;
}

/** Writes the code of each notebook in a folder and in its subfolder "solutions" as a module. Deletes the target folder first.
 * @returns paths of the modules. */
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

/** Lists the notebooks in a folder, sorted by name. Returns none if the folder does not exist. */
export async function notebookPaths(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) if (name.endsWith(".ipynb")) names.push(name);
  } catch { /* the folder does not exist */ }
  return names.sort().map((name) => join(folder, name));
}
