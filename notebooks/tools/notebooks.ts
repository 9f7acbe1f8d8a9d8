/** `deno task notebooks`: the outputs of the course, made anew.
 *
 * Like make: a notebook is run where its outputs are stale, that is, where its code or a file that it imports is another than when it was
 * last run (see notebooks/digest.ts).
 * @module */
import { basename, join } from "node:path";
import type { Command } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { notebookPaths } from "./notebook_cells.ts";
import { digestOf } from "./digest.ts";
import { executeNotebook, missingForNotebooks } from "./execute.ts";
import { formatNotebook } from "./format.ts";
import { notebookText, readNotebook } from "./notebook.ts";
import { slimNotebook } from "./slim.ts";
import { flag, text, type Values } from "../../lib/settings.ts";
import { ROOT } from "../../lib/cli/root.ts";
import { type Progress, statusLine } from "../../lib/cli/status_line.ts";

const options = {
  only: text({
    value: "NAME",
    default: undefined,
    help: 'Only notebooks whose path contains this, such as "07" or "solutions".',
  }),
  all: flag({ help: "Run also the notebooks whose outputs are up to date." }),
  list: flag({ help: "Only say which notebooks are stale, and run none." }),
};

const command: Command<typeof options> = {
  name: "notebooks",
  about:
    "Runs the notebooks of the course, and of its solutions, from top to bottom on the Deno kernel in .venv, and writes their outputs " +
    "back, made small. A notebook whose code, and all that it imports, is as it was when it last ran is left alone. FORGER_SIZE and " +
    "FORGER_BACKEND are not heeded: what is kept is what a reader sees at first. A notebook that fails is left as it was, and the exit " +
    "status is 1.",
  options,
  examples: [
    { line: "notebooks", does: "run what is stale" },
    { line: "notebooks --only 07 --all", does: "run one, whatever its state" },
  ],
};

/** Whether a notebook's outputs are of another code than it has. */
export async function isStale(path: string, root: string): Promise<boolean> {
  const notebook = await readNotebook(path);
  return notebook.metadata.forger?.digest !== await digestOf(notebook, path, root);
}

/** Every notebook of the course and of its solutions, sorted. */
export async function allNotebooks(root: string): Promise<string[]> {
  const folder = join(root, "notebooks");
  return [...await notebookPaths(folder), ...await notebookPaths(join(folder, "solutions"))];
}

/** Runs the notebooks that need it.
 * @returns exit status. */
export async function notebooks(values: Values<typeof options>, root: string, progress: Progress): Promise<number> {
  const paths = (await allNotebooks(root)).filter((path) => path.slice(root.length).includes(values.only ?? ""));
  if (paths.length === 0) throw new Error(`Cannot run notebooks: none is called "${values.only}"; name one of notebooks/`);
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

/** Runs one, and writes it with its outputs. */
async function refresh(path: string, root: string, progress: Progress): Promise<boolean> {
  const name = basename(path);
  try {
    const [text, before] = [await Deno.readTextFile(path), await readNotebook(path)];
    const digest = await digestOf(before, path, root); // of what runs now, whatever is written to the files meanwhile
    progress.update(name, `Running ${name}`);
    const { notebook, seconds } = await executeNotebook(path, {
      root,
      size: "",
      backend: "",
      onCell: (cell, id) => progress.update(name, `Running ${name}`, `cell ${cell + 1} of ${before.cells.length} (${id})`),
    });
    if (await Deno.readTextFile(path) !== text) {
      progress.print(`${name} was written to while it ran, and is left as it is now: run it again`);
      return false;
    }
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
