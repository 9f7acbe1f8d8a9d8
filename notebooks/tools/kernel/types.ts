/** Type errors of cells, as warnings beneath their outputs.
 *
 * Deno's kernel runs a cell without checking its types. This checker does it meanwhile, and says nothing where it is not certain
 * (see certainty.ts). It needs some seconds to start and about 0.6 GB of memory, and ends after some minutes without a cell.
 * @module */
import type { CellCode } from "../cell_code.ts";
import { warningOf } from "./certainty.ts";
import { type Diagnostic, LanguageServer } from "./language_server.ts";

const MOST = 3; // warnings beneath a cell
const IDLE = 600_000; // milliseconds without a cell after which the language server ends
const MEMORY = 1.5e9; // bytes that must be available for it to start
const [OPEN, CLOSE] = ["void (async () => {", "});"];

/** Where a line of the module comes from. */
interface Place {
  cell: CellCode;
  line: number;
  /** What to add to a column of the module to get that of the cell. */
  shift: number;
}

/** One TypeScript module of all cells that ran, in their order.
 *
 * Each cell is the body of a function inside of the cell before. So it sees what earlier cells declared, and may declare a name
 * again; and TypeScript does not take a variable for what it was at the end of an earlier cell, since a function may have changed
 * it. Where two cells import the same name, the later one counts. */
export function moduleOf(cells: readonly CellCode[]): { text: string; places: Map<number, Place> } {
  const [lines, places, imported] = [[] as string[], new Map<number, Place>(), new Set<string>()];
  for (const cell of cells.toReversed()) {
    for (const { name, text, at, line, column } of cell.imports) {
      if (name !== undefined && imported.has(name)) continue;
      places.set(lines.push(text.replaceAll("\n", " ")) - 1, { cell, line, shift: column - at });
    }
    cell.imports.forEach(({ name }) => name !== undefined && imported.add(name));
  }
  for (const cell of cells) {
    lines.push(OPEN);
    cell.body!.split("\n").forEach((text, line) => places.set(lines.push(text) - 1, { cell, line, shift: 0 }));
  }
  return { text: [...lines, CLOSE.repeat(cells.length), "export {};\n"].join("\n"), places };
}

/** Checks cells in the order in which they run. */
export class TypeChecker {
  #folder: string;
  #cells: CellCode[] = [];
  #server: LanguageServer | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #idle: ReturnType<typeof setTimeout> | undefined;
  #isOff = false;

  /** @param folder the working folder of the cells. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Checks a cell that is about to run.
   * @returns what to display beneath it, if anything. */
  check(cell: CellCode): Promise<Record<string, string> | undefined> {
    // A brace at the beginning is an object for Deno's kernel, and a block for TypeScript.
    if (cell.body === undefined || cell.code.trimStart().startsWith("{")) return Promise.resolve(undefined);
    // The same cell, run again, declares the same names again.
    this.#cells = [...this.#cells.filter(({ code }) => code !== cell.code), cell];
    const { text, places } = moduleOf(this.#cells);
    const found = this.#last.then(() => this.#diagnostics(text));
    this.#last = found;
    return found.then((diagnostics) => displayOf(warningsOf(diagnostics, places, cell)));
  }

  async #diagnostics(text: string): Promise<Diagnostic[]> {
    if (this.#isOff) return [];
    clearTimeout(this.#idle);
    try {
      if (!this.#server && Deno.systemMemoryInfo().available < MEMORY) return [];
      this.#server ??= new LanguageServer(this.#folder);
      return await this.#server.diagnostics(text);
    } catch {
      this.#isOff = true; // cells run all the same
      return [];
    } finally {
      this.#idle = setTimeout(() => this.#end(), IDLE);
    }
  }

  #end(): void {
    this.#server?.[Symbol.dispose]();
    this.#server = undefined;
  }
}

/** The warnings of a cell: "Line 2, column 7: ...". */
function warningsOf(diagnostics: readonly Diagnostic[], places: Map<number, Place>, cell: CellCode): string[] {
  return diagnostics.flatMap(({ range: { start }, code, message }) => {
    const place = places.get(start.line);
    if (place?.cell !== cell) return [];
    const column = start.character + place.shift;
    const text = warningOf(code ?? 0, message, cell.code.split("\n")[place.line]!.slice(column));
    return text ? [`Line ${place.line + 1}, column ${column + 1}: ${text}`] : [];
  });
}

/** Representations of warnings: text, and HTML in the colours of JupyterLab's warnings. */
function displayOf(warnings: string[]): Record<string, string> | undefined {
  if (warnings.length === 0) return undefined;
  const more = warnings.length > MOST ? [`and ${warnings.length - MOST} more`] : [];
  const [title, shown] = ["Type warning (the cell runs all the same):", [...warnings.slice(0, MOST), ...more]];
  const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const style = "border-left:4px solid var(--jp-warn-color1,#f57c00);padding:2px 0 2px 10px";
  return {
    "text/plain": [title, ...shown].join("\n"),
    "text/html": `<div role="note" style="${style}"><div><b>${title}</b></div>${
      shown.map((line) => `<div>${escaped(line)}</div>`).join("")
    }</div>`,
  };
}
