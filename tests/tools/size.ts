/** `deno task size`: how long files and functions are, and which are too long.
 *
 * It reads the layout that `deno fmt` gives: a function ends at the first line that is indented like its beginning and starts with a
 * brace. That is exact enough for a count, and needs no compiler.
 * @module */
import { join, relative } from "node:path";
import type { Command } from "../../lib/cli/command.ts";
import { projectFiles } from "./files.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { ROOT } from "../../lib/cli/root.ts";

/** Lines from which on a file is two things, and a function too: STYLE, rule 2. */
export const LONG_FILE = 200;
export const LONG_TEST_FILE = 300;
export const LONG_FUNCTION = 40;

/** A function's place and length in lines. */
export interface FunctionSize {
  /** From 1. */
  line: number;
  lines: number;
}

/** First words of a line that begins a function with a name, or a method. */
const NAMED =
  /^(?:export |default |async |static |private |protected |override |get |set )*(?:function\b|[\w$#[\].]+(?:<.*>)?\(.*\)(?::.*)? \{$)/;
const NOT_A_METHOD = /^(?:if|for|while|switch|catch|return|await|else|do|try|new)\b/;

/** The functions with a body of several lines in a formatted source. */
export function functionSizes(source: string): FunctionSize[] {
  const lines = source.split("\n");
  const sizes: FunctionSize[] = [];
  lines.forEach((line, n) => {
    if (!line.endsWith("{")) return;
    const indent = line.match(/^ */)![0];
    const words = line.trim();
    // A head of several lines ends with ") {" or "): Type {": go back to where it begins.
    let start = n;
    if (words.startsWith(")")) {
      while (start > 0 && !(lines[--start]!.startsWith(indent) && /^[^\s)]/.test(lines[start]!.slice(indent.length))));
    }
    const head = lines[start]!.trim();
    const opens = words.startsWith(")") || words.endsWith("=> {") || NAMED.test(head);
    if (!opens || NOT_A_METHOD.test(head) && !words.endsWith("=> {")) return;
    const end = lines.findIndex((other, m) => m > n && other.startsWith(indent + "}"));
    if (end > 0) sizes.push({ line: start + 1, lines: end - start + 1 });
  });
  return sizes;
}

/** The report: what is too long, then the medians.
 * @returns lines for a person. */
export async function sizeReport(root: string): Promise<string[]> {
  const report: string[] = [];
  const fileSizes: number[] = [];
  const functions: number[] = [];
  for (const folder of ["lib", "tests"]) {
    for (const path of await projectFiles(join(root, folder), [".ts"]).catch(() => [])) {
      const source = await Deno.readTextFile(path);
      const lines = source.split("\n").length - 1;
      const name = relative(root, path);
      if (lines > (folder === "tests" ? LONG_TEST_FILE : LONG_FILE)) report.push(`${name}: ${lines} lines`);
      if (folder === "tests") continue;
      fileSizes.push(lines);
      for (const size of functionSizes(source)) {
        functions.push(size.lines);
        if (size.lines > LONG_FUNCTION) report.push(`${name}:${size.line}: a function of ${size.lines} lines`);
      }
    }
  }
  report.push(
    `lib: ${fileSizes.length} files, median ${median(fileSizes)} lines; ${functions.length} functions, median ${
      median(functions)
    } lines`,
  );
  return report;
}

/** The middle one of some numbers, the upper one of two; 0 of none. */
function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}

const command: Command<Record<never, never>> = {
  name: "size",
  about:
    `Lists the files of more than ${LONG_FILE} lines (tests: ${LONG_TEST_FILE}) and the functions of more than ${LONG_FUNCTION}, ` +
    "and says how long they are in the middle.",
  options: {},
  examples: [],
};

if (import.meta.main) await runCommand(command, async () => (await sizeReport(ROOT)).forEach((line) => console.log(line)));
