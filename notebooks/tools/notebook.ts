/** Notebook files (nbformat 4.5), as far as the tasks read and write them.
 * @module */

/** Text as the format keeps it: whole, or in lines that hold their line ends. */
export type NotebookText = string | string[];

/** What a code cell showed. */
export interface NotebookOutput {
  output_type: "stream" | "display_data" | "execute_result" | "error";
  /** Of a stream: "stdout" or "stderr". */
  name?: string;
  text?: NotebookText;
  /** The same thing in several forms, by MIME type. */
  data?: Record<string, unknown>;
  metadata?: Record<string, unknown>;
  ename?: string;
  evalue?: string;
  traceback?: string[];
  [field: string]: unknown;
}

/** A cell: prose, or code with what it showed. */
export interface NotebookCell {
  id: string;
  cell_type: "markdown" | "code" | "raw";
  metadata: Record<string, unknown>;
  source: NotebookText;
  execution_count?: number | null;
  outputs?: NotebookOutput[];
}

/** How the outputs in a notebook came about. */
export interface Provenance {
  /** Of the notebook's code and of what it imports, when it was run. */
  digest: string;
  /** What it took, the start of the kernel included. */
  seconds: number;
}

/** A notebook. */
export interface Notebook {
  cells: NotebookCell[];
  metadata: { kernelspec?: { name: string }; forger?: Provenance; [field: string]: unknown };
  nbformat: number;
  nbformat_minor: number;
}

/** A text in one piece. */
export function whole(text: NotebookText | undefined): string {
  return Array.isArray(text) ? text.join("") : text ?? "";
}

/** A text in lines, as Jupyter writes them, so that a change of one line is seen as one. */
export function inLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Reads a notebook.
 * @throws {Error} if the file is no notebook. */
export async function readNotebook(path: string): Promise<Notebook> {
  const text = await Deno.readTextFile(path);
  try {
    const notebook = JSON.parse(text) as Notebook;
    if (Array.isArray(notebook.cells) && notebook.nbformat === 4) return notebook;
  } catch { /* said below */ }
  throw new Error(`Cannot read ${path}: it is no notebook of format 4; restore it from the repository`);
}

/** A notebook as the text of a file, in Jupyter's layout. */
export function notebookText(notebook: Notebook): string {
  return JSON.stringify(notebook, undefined, 1) + "\n";
}

/** Writes a notebook as Jupyter does. */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await Deno.writeTextFile(path, notebookText(notebook));
}
