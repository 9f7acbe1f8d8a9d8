/** `deno task size`: the size of the library by folder, and the files, functions and lines that are too long.
 *
 * Functions are recognized by the layout of `deno fmt`: a function ends at the next line that begins with a brace and has
 * the same indentation as its first line. This is precise enough for counting and needs no parser.
 * @module */
import { relative } from "node:path";
import type { Command } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { ROOT } from "../../lib/cli/process.ts";
import { projectFiles } from "./files.ts";

/** Folder of the pages for browsers: a program of its own, with its own limits. */
const PAGES = "lib/play/";
/** Maximum size of the pages. */
export const PAGE_LIMITS = { files: 80, lines: 9_500 } as const;
/** Maximum size of the library without the pages. */
export const LIB_LIMITS = { files: 260, lines: 30_000 } as const;
/** Maximum number of lines in a file and in a function, and of columns in a line. */
export const LIMITS = { file: 250, function: 40, columns: 130 } as const;

/** Folders whose files contain data rather than code. */
const DATA = ["tests/oracle/", "tests/fixtures/"];

/** Position and length of a function. */
export interface FunctionSize {
  /** One-based number of the first line. */
  line: number;
  lines: number;
}

/** Line that begins a named function or a method. */
const NAMED = /^(?:[a-z]+ )*(?:function\b|\*?[\w$#[\].]+(?:<.*>)?\(.*\)(?::.*)? \{$)/;
const NOT_A_METHOD = /^(?:if|for|while|switch|catch|return|await|else|do|try|new)\b/;

/** Lists the functions of a formatted source file whose bodies have several lines. */
export function functionSizes(source: string): FunctionSize[] {
  const lines = source.split("\n");
  const sizes: FunctionSize[] = [];
  lines.forEach((line, n) => {
    if (!line.endsWith("{")) return;
    const indent = line.match(/^ */)![0];
    const words = line.trim();
    // A signature of several lines ends with ") {" or "): Type {"; its first line has the same indentation.
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

/** A source file of the project. */
interface Source {
  /** Path relative to the root, with forward slashes. */
  name: string;
  text: string;
}

async function readSources(root: string): Promise<Source[]> {
  const paths = await projectFiles(root, [".ts"]);
  const read = async (path: string) => ({
    name: relative(root, path).replaceAll("\\", "/"),
    text: await Deno.readTextFile(path),
  });
  const sources = await Promise.all(paths.map(read));
  return sources.filter(({ name }) => !DATA.some((folder) => name.startsWith(folder)));
}

/** Lists the lines of the project's TypeScript files that have too many columns, as "path:line: 140 columns". Comments count.
 * @param root root folder of the project. */
export async function longLines(root: string): Promise<string[]> {
  return (await readSources(root)).flatMap(linesOf);
}

function linesOf({ name, text }: Source): string[] {
  return text.split("\n").flatMap((line, n) => {
    const columns = [...line].length; // characters, not UTF-16 units
    return columns > LIMITS.columns ? `${name}:${n + 1}: ${columns} columns` : [];
  });
}

function lineCount(text: string): number {
  return text.split("\n").length - 1;
}

/** Describes the total size of lib and its limits in one line.
 * @param root root folder of the project. */
export async function sizeSummary(root: string): Promise<string> {
  return total((await readSources(root)).filter(({ name }) => name.startsWith("lib/")));
}

function total(lib: readonly Source[]): string {
  const sizeOf = (name: string, files: readonly Source[], limits: { files: number; lines: number }): string => {
    const lines = files.reduce((sum, { text }) => sum + lineCount(text), 0);
    return `${name}: ${files.length} files (limit ${limits.files}), ${lines} lines (limit ${limits.lines})`;
  };
  const [pages = [], rest = []] = [true, false].map((isPage) => lib.filter(({ name }) => name.startsWith(PAGES) === isPage));
  return [sizeOf("lib", rest, LIB_LIMITS), ...pages.length > 0 ? [sizeOf("lib/play", pages, PAGE_LIMITS)] : []].join("; ");
}

/** Reports the size of each folder of lib, the total, and everything that is too long.
 * @param root root folder of the project.
 * @returns lines for the user. */
export async function sizeReport(root: string): Promise<string[]> {
  const sources = await readSources(root);
  const lib = sources.filter(({ name }) => name.startsWith("lib/"));
  const folders = Map.groupBy(lib, ({ name }) => name.split("/").slice(0, -1).slice(0, 2).join("/"));
  const rows = [...folders].map(([folder, files]) => {
    const lines = files.map(({ text }) => lineCount(text)).sort((a, b) => a - b);
    const sum = lines.reduce((a, b) => a + b, 0);
    return [folder, `${files.length}`, `${sum}`, `${lines[lines.length >> 1]}`];
  });
  const table = [["folder", "files", "lines", "median"], ...rows].map(([folder, ...numbers]) =>
    folder!.padEnd(16) + numbers.map((number) => number.padStart(8)).join("")
  );
  const long = sources.flatMap((source) => [...longParts(source), ...linesOf(source)]);
  return [...table, total(lib), `Too long: ${long.length === 0 ? "nothing" : long.length}`, ...long];
}

/** Describes the file if it is too long, and its functions that are too long. */
function longParts({ name, text }: Source): string[] {
  const lines = lineCount(text);
  const functions = functionSizes(text).filter((found) => found.lines > LIMITS.function);
  return [
    ...(lines > LIMITS.file ? [`${name}: file of ${lines} lines`] : []),
    ...functions.map(({ line, lines }) => `${name}:${line}: function of ${lines} lines`),
  ];
}

const command: Command<Record<never, never>> = {
  name: "size",
  about:
    "Reports the files and lines in each folder of lib, the totals and their limits, and what is too long: files of more than " +
    `${LIMITS.file} lines, functions of more than ${LIMITS.function} lines, and lines of more than ${LIMITS.columns} columns.`,
  options: {},
  examples: [{ line: "size", does: "report sizes" }],
};

if (import.meta.main) await runCommand(command, async () => (await sizeReport(ROOT)).forEach((line) => console.log(line)));
