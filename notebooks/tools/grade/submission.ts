/** What of a notebook an exercise needs: the cell that calls its check, and the cells that declare what that one uses.
 * @module */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type CellCode, type Import, parseCell, type SyntaxProblem } from "../cell_code.ts";
import { type Notebook, notebookPaths, readNotebook, whole } from "../notebook.ts";

/** An exercise that a cell checks. */
export interface Exercise {
  /** "07". */
  chapter: string;
  number: number;
  /** Name of the check: "checkFrozenStep". */
  check: string;
}

/** A cell of a student: parsed, or with a syntax error. */
type Cell = CellCode | SyntaxProblem & { code: string };

/** Mark of an answer. `suspect` is an answer that its check accepts although it is wrong for other numbers, or that asked for
 * something that no answer needs. */
export type Mark = "right" | "not yet" | "no answer" | "out of time" | "error" | "suspect";

/** A notebook that cannot be graded as far as an exercise goes; the message says why. */
export class Ungradable extends Error {
  /** Mark of the exercise. */
  readonly mark: Mark;

  /** @param message why it cannot be graded.
   * @param mark of the exercise. */
  constructor(message: string, mark: Mark = "error") {
    super(message);
    this.mark = mark;
  }
}

/** What answers may import: a path to anything else would be a way out of the sandbox, since Deno reads the modules that a module
 * names without asking for permission. */
const IMPORTS = /^(@forger\/gan|@std\/assert|#notebooks\/(checks\/)?\w+\.ts)$/;
const CHECKS = /#notebooks\/checks\/(\d\d)\.ts/;

/** Returns the number of the chapter that a notebook belongs to: by the checks that it imports, or else by its file name. */
export function chapterOf({ cells }: Notebook, path: string): string | undefined {
  const imported = cells.map(({ source }) => whole(source).match(CHECKS)?.[1]).find((chapter) => chapter !== undefined);
  return imported ?? path.match(/(?:^|[^\d])(\d\d)_[^/\\]*\.ipynb$/)?.[1];
}

/** Returns the path of a chapter's notebook, or of its solutions. */
export async function courseNotebook(root: string, chapter: string, folder = "."): Promise<string> {
  const paths = await notebookPaths(join(root, "notebooks", folder));
  const path = paths.find((path) => /\d\d(?=_[^/\\]*$)/.exec(path)?.[0] === chapter);
  if (path === undefined) throw new Ungradable(`the course has no chapter ${chapter}`);
  return path;
}

/** Lists the exercises of a chapter that a cell checks, in their order. */
export async function exercisesOf(root: string, chapter: string): Promise<Exercise[]> {
  const { cells } = await readNotebook(await courseNotebook(root, chapter));
  const exercises: Exercise[] = [];
  let number = 0;
  for (const { cell_type, source } of cells) {
    const text = whole(source);
    if (cell_type === "markdown") number = Number([...text.matchAll(/\*\*Exercise (\d+)/g)].at(-1)?.[1] ?? number);
    for (const [, check] of cell_type === "code" ? text.matchAll(/\bawait (check[A-Z]\w*)\(/g) : []) {
      exercises.push({ chapter, number, check: check! });
    }
  }
  return exercises;
}

/** Takes the code cells of a notebook apart. */
export function cellsOf(notebook: Notebook): Cell[] {
  const codes = notebook.cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => whole(source));
  return codes.map((code) => ({ code, ...parseCell(code) }));
}

/** Returns a module that computes the answer to an exercise, and passes it to the checks of the project instead of those of the
 * notebook.
 * @param cells those of the notebook.
 * @param seed of the hidden variant.
 * @throws {Ungradable} if the notebook has no answer, or one that cannot be graded. */
export function moduleFor(cells: readonly Cell[], exercise: Exercise, root: string, seed: number): string {
  const needed = neededCells(cells, exercise.check);
  const imports = importsFor(needed, cells);
  const forbidden = [...imports.map(({ from }) => from), ...needed.flatMap(({ dynamicImports }) => dynamicImports)]
    .find((from) => from === undefined || !IMPORTS.test(from));
  if (imports.some(({ from }) => from === forbidden) || needed.some(({ dynamicImports }) => dynamicImports.includes(forbidden))) {
    const name = forbidden ?? "a module whose name it computes";
    throw new Ungradable(`imports ${name}, which is not part of the course`, "suspect");
  }
  // Only the last cell counts: earlier ones may be attempts that it builds on.
  const bodies = needed.map((cell, i) => bodyOf(cell, exercise.check, i === needed.length - 1 ? "$graded" : "$passed"));
  const declared = needed.flatMap(({ declares }) => declares);
  const repeats = new Set(declared).size < declared.length;
  const url = (path: string) => JSON.stringify(pathToFileURL(join(root, "notebooks", path)).href);
  const [chapter, check] = [JSON.stringify(exercise.chapter), JSON.stringify(exercise.check)];
  return [
    `import { reporting as $reporting } from ${url("tools/grade/inside.ts")};`,
    `import * as $checks from ${url(`checks/${exercise.chapter}.ts`)};`,
    ...imports.map(({ text }) => text),
    `const $graded = $reporting(${chapter}, ${check}, $checks[${check}], ${seed});`,
    "const $passed = async (_answer: unknown) => {};",
    // A name that two cells declare needs two scopes.
    ...(repeats ? bodies.map((body) => `await (async () => {\n${body}`) : bodies),
    repeats ? "})();".repeat(bodies.length) : "",
    "export {};\n",
  ].join("\n");
}

/** The last cell that calls a check, and before it, in their order, the cells that declare or change what it needs. */
function neededCells(cells: readonly Cell[], check: string): CellCode[] {
  const last = cells.findLastIndex((cell) =>
    "message" in cell ? cell.code.includes(check) : cell.calls.some(({ name }) => name === check)
  );
  if (last < 0) throw withoutCall(cells, check);
  const [chosen, known, open] = [new Set([last]), new Set<string>([check]), [last]];
  for (let index; (index = open.pop()) !== undefined;) {
    for (const name of parsedCell(cells[index]!).needs) {
      if (known.has(name)) continue;
      known.add(name);
      const at = cells.findLastIndex((cell, i) => i <= last && (declares(cell, name) || mayDeclare(cell, name)));
      const changing = cells.flatMap((cell, i) => at >= 0 && i > at && i <= last && changes(cell, name) ? [i] : []);
      for (const index of at < 0 ? [] : [at, ...changing]) if (!chosen.has(index)) open.push(index), chosen.add(index);
    }
  }
  return [...chosen].sort((a, b) => a - b).map((index) => parsedCell(cells[index]!));
}

/** Says why there is no call of a check: the notebook has none, or gives the check another name. */
function withoutCall(cells: readonly Cell[], check: string): Ungradable {
  const renamed = new RegExp(String.raw`\b${check}\s+as\s|\.\s*${check}\b`);
  const isRenamed = cells.some((cell) => !("message" in cell) && (cell.needs.has(check) || renamed.test(cell.code)));
  if (!isRenamed) return new Ungradable(`no cell calls ${check}`, "no answer");
  return new Ungradable(`calls ${check} by another name; look at it yourself, or let it call ${check}(...)`);
}

function changes(cell: Cell, name: string): boolean {
  return !("message" in cell) && cell.changes.includes(name);
}

function declares(cell: Cell, name: string): boolean {
  return !("message" in cell) && cell.declares.includes(name);
}

/** Whether a cell with a syntax error may declare a name. */
function mayDeclare(cell: Cell, name: string): boolean {
  return "message" in cell &&
    new RegExp(String.raw`\b(const|let|var|function|class)\s+${name.replaceAll("$", "\\$")}\b`).test(cell.code);
}

function parsedCell(cell: Cell): CellCode {
  if (!("message" in cell)) return cell;
  throw new Ungradable(`a cell that it needs has a syntax error: ${cell.message} (line ${cell.line}, column ${cell.column})`);
}

/** The imports of any cell that some cells need; the last one of each name. */
function importsFor(needed: readonly CellCode[], cells: readonly Cell[]): Import[] {
  const names = new Set(needed.flatMap(({ needs }) => [...needs]));
  const declared = new Set(needed.flatMap(({ declares }) => declares));
  const all = cells.flatMap((cell) => "message" in cell ? [] : cell.imports);
  const byName = new Map(all.map((each) => [each.name, each]));
  return [...byName.values()].filter(({ name }) => name !== undefined && names.has(name) && !declared.has(name));
}

/** The code of a cell, which calls another function in place of a check. */
function bodyOf(cell: CellCode, check: string, other: string): string {
  if (cell.body === undefined) throw new Ungradable("a cell that it needs exports something, or declares a module");
  const calls = cell.calls.filter(({ name }) => name === check).toSorted((a, b) => b.start - a.start);
  return calls.reduce((body, { start, end }) => body.slice(0, start) + other + body.slice(end), cell.body);
}
