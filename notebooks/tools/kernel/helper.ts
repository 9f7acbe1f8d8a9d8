/** What the Forger kernel must know of a cell: a process beside Deno's kernel that parses cells and checks their types.
 *
 * Reads a JSON object a line from stdin: `{ code, check }`. For each, prints `{ code, problem }`: the code to run, and the syntax
 * error or null; and some time after it, if `check` is set, `{ warnings }`: what to display beneath the cell, or null.
 * @module */
import { parseCell } from "../cell_code.ts";
import { TypeChecker } from "./types.ts";

const types = new TypeChecker(Deno.cwd());
let said: Promise<void> = Promise.resolve(); // warnings come in the order of the cells
let rest = "";
for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (rest + text).split("\n");
  rest = lines.pop()!;
  lines.forEach((line) => answer(JSON.parse(line)));
}
Deno.exit(0); // with the language server, as soon as the kernel ends

function answer({ code, check }: { code: string; check: boolean }): void {
  const say = (message: unknown) => console.log(JSON.stringify(message));
  const cell = parseCell(code);
  const isProblem = "message" in cell;
  say({ code: isProblem ? code : cell.stoppable, problem: isProblem ? cell : null });
  if (!check) return;
  const warnings = isProblem ? Promise.resolve(undefined) : types.check(cell);
  said = Promise.all([warnings.catch(() => undefined), said]).then(([display]) => say({ warnings: display ?? null }));
}
