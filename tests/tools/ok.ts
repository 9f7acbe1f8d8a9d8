/** `deno task ok`: all checks that do not run the code.
 * @module */
import { dirname, join } from "node:path";
import type { Command } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { ROOT, run } from "../../lib/cli/process.ts";
import { extractNotebooks, writeCellConfig } from "../../notebooks/tools/notebook.ts";
import { projectFiles } from "./files.ts";
import { deadLinks } from "./links.ts";
import { longLines, sizeSummary } from "./size.ts";

const command: Command<Record<never, never>> = {
  name: "ok",
  about: "Checks the project without running it: format, lint, types (also of the examples in README.md and of the notebooks' " +
    "cells), documentation of the public names, links inside the project, line width, and publishing. Needs no network after " +
    "setup. Prints the size of the library. The exit status is 1 if a check fails.",
  options: {},
  examples: [{ line: "ok", does: "run all checks" }],
};

/** A check; `find` returns the problems. */
interface Check {
  name: string;
  find: () => Promise<string[]>;
}

/** Runs deno and returns its output if it fails. */
async function denoProblems(root: string, args: string[]): Promise<string[]> {
  const ended = await run(Deno.execPath(), args, { folder: root, env: { NO_COLOR: "1" } });
  return ended?.success ? [] : ended?.lines ?? ["deno does not start"];
}

/** Selects the problems found by `deno doc --lint` that this project can fix. The command also checks the exports of tfjs, and
 * reports members of the namespaces that mod.ts exports (`tf.Tensor`, `data.Image`) as private.
 * @param lines output of the command: for each problem a line "error[...]", then the location, then the source code.
 * @param root root folder of the project. */
export function ownProblems(lines: readonly string[], root: string): string[] {
  const starts = lines.flatMap((line, n) => line.startsWith("error") ? [n] : []);
  const blocks = starts.map((start, i) => lines.slice(start, starts[i + 1]));
  return blocks.filter(([what, place]) => place?.includes(`--> ${root}`) && !what!.includes("private-type-ref")).flat();
}

/** Omits problems about members that are documented elsewhere: overrides, and the settings of a system, which its fields
 * describe. */
export async function withoutDescribed(lines: readonly string[]): Promise<string[]> {
  const starts = lines.flatMap((line, n) => line.startsWith("error") ? [n] : []);
  const blocks = starts.map((start, i) => lines.slice(start, starts[i + 1]));
  const kept = await Promise.all(blocks.map(async (block) => {
    const [, path, number] = block[1]?.match(/--> (.*):(\d+):\d+$/) ?? [];
    if (!block[0]!.includes("missing-jsdoc") || path === undefined) return block;
    const source = (await Deno.readTextFile(path)).split("\n").slice(0, Number(number));
    if (/\boverride\b/.test(source.at(-1)!)) return [];
    const owner = source.findLast((line) => /^(export )?(interface|class|function|const)/.test(line)) ?? "";
    return path.includes("/lib/systems/") && /^export interface \w+Settings\b/.test(owner) ? [] : block;
  }));
  return kept.flat();
}

/** Files and folders whose types are checked. */
const TYPED = ["mod.ts", "lib", "data", "tests", "notebooks/checks", "notebooks/size.ts", "notebooks/tools", "notebooks/results"];

async function documentationProblems(root: string): Promise<string[]> {
  return await withoutDescribed(ownProblems(await denoProblems(root, ["doc", "--lint", "mod.ts"]), root));
}

async function checks(root: string, cells: string[]): Promise<Check[]> {
  const deno = (...args: string[]) => () => denoProblems(root, args);
  const there = await Promise.all(TYPED.map((path) => Deno.stat(join(root, path)).then(() => [path], () => [])));
  // Cells end in an expression, whose value Jupyter shows, and exercises leave variables unused.
  const cellRules = "--rules-exclude=no-unused-vars,verbatim-module-syntax,require-await,prefer-const";
  const notebooks = [
    { name: "lint of the notebooks", find: deno("lint", cellRules, ...cells) },
    {
      name: "types of the notebooks",
      find: async () => denoProblems(root, ["check", "--config", await writeCellConfig(root, dirname(cells[0]!)), ...cells]),
    },
  ];
  return [
    { name: "format", find: deno("fmt", "--check") },
    { name: "lint", find: deno("lint") },
    { name: "types", find: deno("check", ...there.flat()) },
    { name: "types of the examples", find: deno("check", "--doc-only", "README.md", "mod.ts") },
    { name: "documentation", find: () => documentationProblems(root) },
    ...(cells.length > 0 ? notebooks : []),
    { name: "links", find: async () => await deadLinks(root, await projectFiles(root, [".md", ".ipynb", ".ts"])) },
    { name: "line width", find: () => longLines(root) },
    { name: "publishing", find: deno("publish", "--dry-run", "--allow-dirty") },
  ];
}

/** Runs the checks one after another.
 * @returns exit status: 1 if a check found a problem. */
export async function ok(root: string): Promise<number> {
  const cells = await extractNotebooks(join(root, "notebooks"), join(root, "runs", "notebook_cells"));
  const failed: string[] = [];
  for (const { name, find } of await checks(root, cells)) {
    const found = await find();
    console.log(found.length === 0 ? `ok      ${name}` : `FAILED  ${name}\n${found.map((line) => `        ${line}`).join("\n")}`);
    if (found.length > 0) failed.push(name);
  }
  console.log(`size    ${await sizeSummary(root)}`);
  console.log(failed.length === 0 ? "All checks passed" : `Failed: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}

if (import.meta.main) await runCommand(command, () => ok(ROOT));
