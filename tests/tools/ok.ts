/** `deno task ok`: everything that can be checked without running the code.
 * @module */
import { join } from "node:path";
import type { Command } from "../../lib/cli/command.ts";
import { projectFiles } from "./files.ts";
import { deadLinks } from "./links.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { extractNotebooks } from "../../notebooks/tools/notebook_cells.ts";
import { run } from "../../lib/cli/process.ts";
import { ROOT } from "../../lib/cli/root.ts";
import { sizeReport } from "./size.ts";

const command: Command<Record<never, never>> = {
  name: "ok",
  about: "Checks the project without running it: format, lint, types (the examples in README.md and the notebooks' cells too), " +
    "documentation of the public names, dead links inside the project, and whether it could be published. Needs no network once set " +
    "up. Prints how long files and functions are, which is no failure. Exit status 1 if a check fails.",
  options: {},
  examples: [{ line: "ok", does: "all checks" }],
};

/** One check: what it found wrong, nothing if all is well. */
interface Check {
  name: string;
  find: () => Promise<string[]>;
}

/** Runs deno, and tells what it complains of: nothing if it ends well. */
async function complaintsOf(root: string, args: string[]): Promise<string[]> {
  const ended = await run(Deno.execPath(), args, { folder: root, env: { NO_COLOR: "1" } });
  return ended?.success ? [] : ended?.lines ?? ["deno does not start"];
}

/** The complaints of `deno doc --lint` that the project can do something about: it goes through what tfjs exports too, and takes for private
 * whatever mod.ts exports in a namespace (`tf.Tensor`, `data.Picture`).
 * @param lines what it printed: for each complaint a line "error[...]", then the place, then the source.
 * @param root the project's. */
export function ownComplaints(lines: readonly string[], root: string): string[] {
  const begins = lines.flatMap((line, n) => line.startsWith("error") ? [n] : []);
  const blocks = begins.map((begin, i) => lines.slice(begin, begins[i + 1]));
  return blocks.filter(([what, place]) => place?.includes(`--> ${root}`) && !what!.includes("private-type-ref")).flat();
}

function checks(root: string, cells: string[]): Check[] {
  const deno = (...args: string[]) => () => complaintsOf(root, args);
  // Cells end in an expression, for its value to be shown, and an exercise leaves unused what is to be filled in.
  const cellRules = "--rules-exclude=no-unused-vars,verbatim-module-syntax,require-await,prefer-const";
  const notebooks = [
    { name: "lint of the notebooks", find: deno("lint", cellRules, ...cells) },
    { name: "types of the notebooks", find: deno("check", ...cells) },
  ];
  return [
    { name: "format", find: deno("fmt", "--check") },
    { name: "lint", find: deno("lint") },
    { name: "types", find: deno("check", "mod.ts", "lib", "tests") },
    { name: "types of the examples", find: deno("check", "--doc-only", "README.md", "mod.ts") },
    { name: "documentation", find: async () => ownComplaints(await complaintsOf(root, ["doc", "--lint", "mod.ts"]), root) },
    ...(cells.length > 0 ? notebooks : []),
    { name: "links", find: async () => await deadLinks(root, await projectFiles(root, [".md", ".ipynb", ".ts"])) },
    { name: "publishing", find: deno("publish", "--dry-run", "--allow-dirty") },
  ];
}

/** Runs the checks, one after the other.
 * @returns exit status: 1 if one of them found something. */
export async function ok(root: string): Promise<number> {
  const cells = await extractNotebooks(join(root, "notebooks"), join(root, "runs", "notebook_cells"));
  const failed: string[] = [];
  for (const { name, find } of checks(root, cells)) {
    const found = await find();
    console.log(found.length === 0 ? `ok      ${name}` : `FAILED  ${name}\n${found.map((line) => `        ${line}`).join("\n")}`);
    if (found.length > 0) failed.push(name);
  }
  console.log("sizes   " + (await sizeReport(root)).join("\n        "));
  console.log(failed.length === 0 ? "All checks passed" : `Failed: ${failed.join(", ")}`);
  return failed.length === 0 ? 0 : 1;
}

if (import.meta.main) await runCommand(command, () => ok(ROOT));
