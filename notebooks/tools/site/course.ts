/** The course as the site presents it: chapters, whose cells are blocks, with the solution of each exercise.
 * @module */
import { basename, join } from "node:path";
import { type Notebook, type NotebookOutput, notebookPaths, readNotebook, whole } from "../notebook.ts";

/** A part of a chapter: a piece of Markdown, or a code cell with its outputs. */
export type Block = MarkdownBlock | CodeBlock;

/** A piece of a Markdown cell. Cells are divided before each section and each exercise. */
export interface MarkdownBlock {
  kind: "markdown";
  text: string;
  /** Number of the exercise that this piece begins. */
  exercise?: number;
  place: Place;
}

/** A code cell. */
export interface CodeBlock {
  kind: "code";
  code: string;
  outputs: NotebookOutput[];
  place: Place;
}

/** Where a block comes from, for error messages and links. */
export interface Place {
  /** Path of the notebook, relative to the root, with forward slashes. */
  file: string;
  /** Number of the cell, counted from 0. */
  cell: number;
}

/** The solutions of a chapter. */
export interface Solutions {
  /** What precedes the first solution: the imports and the data that the solutions use. */
  setup: Block[];
  /** The blocks of each solution, keyed by the number of the exercise. */
  exercises: Map<number, Block[]>;
}

/** A chapter. */
export interface Chapter {
  /** Name of the notebook without its extension: "07_pix2pix". */
  name: string;
  /** Path of the notebook, relative to the root, with forward slashes. */
  file: string;
  /** Number of the chapter, as in its title: "7". Empty if its title has none. */
  number: string;
  /** Title without the number. */
  title: string;
  /** Markdown of the quotation below the title, which says what the chapter is about; empty if there is none. */
  promise: string;
  blocks: Block[];
  solutions: Solutions | undefined;
}

/** Reads the chapters in a folder of notebooks, and their solutions in its subfolder "solutions".
 * @param root root folder of the project.
 * @throws {Error} if there are no notebooks, or if one of them is damaged or has no outputs. */
export async function readCourse(root: string): Promise<Chapter[]> {
  const paths = await notebookPaths(join(root, "notebooks"));
  if (paths.length === 0) {
    throw new Error(`Cannot build the site: there are no notebooks in ${join(root, "notebooks")}; run it in a clone of Forger`);
  }
  const solved = new Set((await notebookPaths(join(root, "notebooks", "solutions"))).map((path) => basename(path)));
  return await Promise.all(paths.map(async (path) => {
    const file = `notebooks/${basename(path)}`;
    const notebook = await readWithOutputs(root, file);
    if (!solved.has(basename(path))) return chapterOf(file, notebook);
    const solutions = `notebooks/solutions/${basename(path)}`;
    return chapterOf(file, notebook, { file: solutions, notebook: await readWithOutputs(root, solutions) });
  }));
}

/** Reads a notebook and checks that its cells have been run. */
async function readWithOutputs(root: string, file: string): Promise<Notebook> {
  const notebook = await readNotebook(join(root, file));
  const broken = notebook.cells.findIndex((cell) => typeof cell !== "object" || cell === null || cell.source === undefined);
  if (broken >= 0) throw new Error(`Cannot read ${file}: cell ${broken} has no source; restore it from the repository`);
  const code = notebook.cells.filter(({ cell_type }) => cell_type === "code");
  if (code.length > 0 && code.every(({ outputs }) => !outputs?.length)) {
    throw new Error(
      `Cannot build the site: ${file} has no outputs; run "deno task notebooks --only ${basename(file, ".ipynb")}"`,
    );
  }
  return notebook;
}

/** Does some work, and adds the place to the message of an error. */
export function within<T>(place: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new Error(`${(error as Error).message} (${place})`);
  }
}

/** Divides a notebook into blocks.
 * @param file path of the notebook, relative to the root.
 * @param solved notebook with the solutions. */
export function chapterOf(file: string, notebook: Notebook, solved?: { file: string; notebook: Notebook }): Chapter {
  const first = whole(notebook.cells.find(({ cell_type }) => cell_type === "markdown")?.source);
  const name = basename(file, ".ipynb");
  const [, number = "", title = name] = first.match(/^# +(?:(\d+[a-z]?) *· *)?(.+)$/m) ?? [];
  const promise = first.match(/^(?:>.*(?:\n|$))+/m)?.[0].replaceAll(/^> ?/gm, "").trim() ?? "";
  const solutions = solved && solutionsOf(blocksOf(solved.notebook, solved.file));
  return { name, file, number, title: title.trim(), promise, blocks: blocksOf(notebook, file), solutions };
}

/** Divides the cells of a notebook. Empty cells and raw cells are left out. */
export function blocksOf(notebook: Notebook, file: string): Block[] {
  return notebook.cells.flatMap((cell, n): Block[] => {
    const text = whole(cell.source);
    const place = { file, cell: n };
    if (text.trim() === "") return [];
    if (cell.cell_type === "code") return [{ kind: "code", code: text.trimEnd(), outputs: cell.outputs ?? [], place }];
    return cell.cell_type === "markdown" ? pieces(text).map((piece) => ({ kind: "markdown", ...piece, place })) : [];
  });
}

const EXERCISE = /^\*\*Exercise (\d+)\b/;

/** Divides Markdown before sections and exercises, but not within code. */
function pieces(text: string): { text: string; exercise?: number }[] {
  const parts: string[][] = [[]];
  let fence = "";
  for (const line of text.split("\n")) {
    const mark = line.match(/^\s*(```|~~~)/)?.[1];
    if (mark && fence === "") fence = mark;
    else if (mark === fence) fence = "";
    if (fence === "" && (/^## /.test(line) || EXERCISE.test(line))) parts.push([]);
    parts.at(-1)!.push(line);
  }
  return parts.map((lines) => lines.join("\n").trim()).filter((part) => part !== "").map((part) => {
    const number = part.match(EXERCISE)?.[1];
    return { text: part, ...number !== undefined && { exercise: Number(number) } };
  });
}

/** Sorts the blocks of a notebook of solutions by exercise. The first block, which contains the title, is left out. */
function solutionsOf(blocks: Block[]): Solutions {
  const solutions: Solutions = { setup: [], exercises: new Map() };
  let current = solutions.setup;
  for (const block of blocks) {
    if (block.kind === "markdown" && block.exercise !== undefined) {
      current = solutions.exercises.get(block.exercise) ?? [];
      solutions.exercises.set(block.exercise, current);
    }
    if (block.kind === "code" || !block.text.startsWith("# ")) current.push(block);
  }
  return solutions;
}

/** Returns the number of the exercise that a block belongs to, for each block of a chapter. An exercise ends before the next one
 * and before the next section. */
export function exerciseOf(blocks: readonly Block[]): (number | undefined)[] {
  let current: number | undefined;
  return blocks.map((block) => {
    if (block.kind === "markdown" && block.exercise !== undefined) current = block.exercise;
    else if (block.kind === "markdown" && /^#{1,2} /.test(block.text)) current = undefined;
    return current;
  });
}

/** Lists the numbers of the equations that a chapter sets, as in `\tag{7.1}`. */
export function equationsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => {
    return block.kind === "markdown" ? [...block.text.matchAll(/\\tag\{([^{}]+)\}/g)].map(([, tag]) => tag!) : [];
  });
}
