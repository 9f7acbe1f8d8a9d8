/** `deno task notebooks`: regenerates the outputs of the course.
 *
 * Like make, it runs only stale notebooks: those whose code, or a file that they import, changed since their last run (see
 * digest.ts).
 * @module */
import { basename, join } from "node:path";
import type { Command } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { flag, text, type Values } from "../../lib/settings.ts";
import { ROOT } from "../../lib/cli/process.ts";
import { type Progress, statusLine } from "../../lib/cli/status_line.ts";
import { digestOf } from "./digest.ts";
import { executeNotebook, missingForNotebooks } from "./execute.ts";
import { formatNotebook, notebookPaths, notebookText, readNotebook } from "./notebook.ts";
import { slimNotebook } from "./slim.ts";

const options = {
  only: text({
    value: "NAME",
    default: undefined,
    help: 'Only notebooks whose path contains this text, such as "07" or "solutions".',
  }),
  all: flag(false, { help: "Also run the notebooks whose outputs are up to date." }),
  list: flag(false, { help: "List the stale notebooks without running them." }),
};

/** The kernel of the course: one that every installation of Deno has. */
const KERNELSPEC = { display_name: "Deno", language: "typescript", name: "deno" };

const command: Command<typeof options> = {
  name: "notebooks",
  about:
    "Runs the notebooks of the course and of its solutions from top to bottom on the Deno kernel in .venv, and stores their " +
    "outputs in compact form. Skips a notebook if neither its code nor anything that it imports has changed since its last " +
    "run. Ignores FORGER_SIZE and FORGER_BACKEND, so that the stored outputs are those that a reader gets by default. If a " +
    "notebook fails, its file does not change and the exit status is 1.",
  options,
  examples: [
    { line: "notebooks", does: "run the stale notebooks" },
    { line: "notebooks --only 07 --all", does: "run one notebook, stale or not" },
  ],
};

/** Returns whether a notebook's code, or a file that it imports, has changed since its outputs were made. */
export async function isStale(path: string, root: string): Promise<boolean> {
  const notebook = await readNotebook(path);
  return notebook.metadata.forger?.digest !== await digestOf(notebook, path, root);
}

/** Lists all notebooks of the course, then those of its solutions, each sorted by name. */
export async function allNotebooks(root: string): Promise<string[]> {
  const folder = join(root, "notebooks");
  return [...await notebookPaths(folder), ...await notebookPaths(join(folder, "solutions"))];
}

/** Runs the stale notebooks, or those selected by the options.
 * @returns the exit status. */
export async function notebooks(values: Values<typeof options>, root: string, progress: Progress): Promise<number> {
  const paths = (await allNotebooks(root)).filter((path) => path.slice(root.length).includes(values.only ?? ""));
  if (paths.length === 0) {
    throw new Error(`Cannot run notebooks: no path contains "${values.only}"; choose a name from the folder notebooks/`);
  }
  const stale: string[] = [];
  for (const path of paths) if (values.all || await isStale(path, root)) stale.push(path);
  if (values.list) {
    for (const path of stale) console.log(path.slice(root.length).replace(/^[\\/]/, ""));
    return 0;
  }
  const missing = stale.length > 0 ? await missingForNotebooks(root) : undefined;
  if (missing) throw new Error(`Cannot run notebooks: ${missing}`);
  let failed = 0;
  for (const path of stale) if (!await refresh(path, root, progress)) failed++;
  progress.print(`Notebooks: ${stale.length - failed} run, ${failed} failed, ${paths.length - stale.length} up to date`);
  return failed > 0 ? 1 : 0;
}

/** Runs one notebook and writes it with its outputs.
 * @returns whether it succeeded. */
async function refresh(path: string, root: string, progress: Progress): Promise<boolean> {
  const name = basename(path);
  try {
    const [text, before] = [await Deno.readTextFile(path), await readNotebook(path)];
    const digest = await digestOf(before, path, root); // before the run, during which files may change
    progress.update(name, `Running ${name}`);
    const { notebook, seconds } = await executeNotebook(path, {
      root,
      size: "",
      backend: "",
      onCell: (cell, id) => progress.update(name, `Running ${name}`, `cell ${cell + 1} of ${before.cells.length} (${id})`),
    });
    if (await Deno.readTextFile(path) !== text) {
      progress.print(`Cannot store the outputs of ${name}: the file changed during the run; run it again`);
      return false;
    }
    notebook.metadata.kernelspec = KERNELSPEC; // JupyterLab stores the name under which setup installs the kernel
    notebook.metadata.forger = { digest, seconds: Math.round(seconds) };
    await Deno.writeTextFile(path, await formatNotebook(notebookText(await slimNotebook(notebook))));
    progress.print(`${name}: ${Math.round(seconds)} s`);
    return true;
  } catch (error) {
    progress.print(error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    progress.finish(name);
  }
}

if (import.meta.main) await runCommand(command, (values) => notebooks(values, ROOT, statusLine()));
