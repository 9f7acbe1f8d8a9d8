/** `deno task grade`: grades the exercises in students' notebooks.
 * @module */
import { dirname, join, relative } from "node:path";
import { isFolder } from "../../../lib/data/cache.ts";
import { type Command, UsageError } from "../../../lib/cli/command.ts";
import { commandArgs } from "../../../lib/cli/entry.ts";
import { status } from "../../../lib/cli/main.ts";
import { fromWhereCalled, isThere, toWhereCalled } from "../../../lib/cli/paths.ts";
import { ROOT } from "../../../lib/cli/process.ts";
import { type Progress, statusLine } from "../../../lib/cli/status_line.ts";
import { flag, integer, text, type Values } from "../../../lib/settings.ts";
import { readNotebook } from "../notebook.ts";
import { type Marked, Marker } from "./marks.ts";
import { cellsOf, chapterOf, exercisesOf } from "./submission.ts";
import { csvOf, type Graded, tableOf, visible } from "./table.ts";

const options = {
  folder: text({
    value: "FOLDER",
    default: undefined,
    help: "Folder with the notebooks, in any subfolders; --folder may be omitted, as in deno task grade FOLDER.",
  }),
  csv: text({ value: "FILE", default: undefined, help: "CSV file for the marks: a row for each answer." }),
  json: text({ value: "FILE", default: undefined, help: "JSON file for the marks." }),
  overwrite: flag(false, { help: "Replace the files given by --csv and --json if they exist." }),
  seconds: integer(60, { min: 1, max: 86_400, unit: "seconds", help: "Time for each answer, after which it is ended." }),
  seed: integer<number | undefined>(undefined, {
    min: 0,
    help: "Seed of the hidden numbers, which makes a run repeatable. Default: a random one, which is printed.",
  }),
  jobs: integer(Math.max(1, Math.floor(navigator.hardwareConcurrency / 2)), {
    min: 1,
    help: "Number of answers that run at the same time. Each may use 4 GB of memory.",
  }),
};

type GradeValues = Values<typeof options>;

const command: Command<typeof options> = {
  name: "grade",
  usage: "FOLDER",
  about: "Grades the exercises in students' notebooks, and prints a table. Uses the checks of this project, whatever is in the " +
    "notebooks. An answer that is a function must also agree with the solution for random numbers. Each answer runs in a " +
    "process of its own, which may see a cleaned environment and nothing else, with the cells that declare what it uses and no " +
    'others, on the CPU, for a limited time. The mark "suspect" is for answers that a check accepts but that are wrong for ' +
    "other numbers, and for those that ask for files, the network or modules outside of the course: look at them yourself. " +
    "Answers that are numbers cannot be varied.",
  options,
  examples: [
    { line: "grade submissions", does: "print the marks of all notebooks in the folder" },
    { line: "grade submissions --csv marks.csv", does: "also write them to a file, for a spreadsheet" },
  ],
};

/** Grades all notebooks in a folder.
 * @returns the marks, by notebook and exercise. */
export async function grade(values: GradeValues, root = ROOT, progress: Progress = statusLine()): Promise<Graded[]> {
  const folder = fromWhereCalled(values.folder!);
  const marker = new Marker({ root, seed: values.seed!, seconds: values.seconds });
  const answers = await answersIn(folder, root, progress);
  let done = 0;
  const work = answers.values();
  // One answer that cannot be graded must not cost the marks of the others.
  const failed = (error: unknown): Marked => ({ mark: "error", message: error instanceof Error ? error.message : String(error) });
  const grader = async () => {
    for (const { graded, cells } of work) {
      progress.update("grade", "Grading", `${done} of ${answers.length} answers (${visible(graded.notebook)})`);
      Object.assign(graded, await marker.mark(cells, graded).catch(failed));
      done++;
    }
  };
  await Promise.all(Array.from({ length: values.jobs }, grader)).finally(() => progress.finish("grade"));
  return answers.map(({ graded }) => graded);
}

/** Finds the answers in all notebooks of a folder. */
async function answersIn(folder: string, root: string, progress: Progress) {
  const answers: { graded: Graded; cells: ReturnType<typeof cellsOf> }[] = [];
  for (const path of await notebooksBelow(folder)) {
    const name = relative(folder, path).replaceAll("\\", "/");
    try {
      const notebook = await readNotebook(path);
      const chapter = chapterOf(notebook, path);
      if (chapter === undefined) throw new Error("it imports no checks, and its name does not begin with a chapter's number");
      const cells = cellsOf(notebook);
      for (const exercise of await exercisesOf(root, chapter)) {
        answers.push({ graded: { notebook: name, ...exercise, mark: "error", message: "" }, cells });
      }
    } catch (error) {
      progress.print(visible(`Cannot grade ${name}: ${(error as Error).message}`));
    }
  }
  return answers;
}

/** Lists the notebooks in a folder and its subfolders, without Jupyter's checkpoints. */
async function notebooksBelow(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (name.startsWith(".")) continue;
    if (isDirectory) paths.push(...await notebooksBelow(join(folder, name)));
    else if (name.endsWith(".ipynb")) paths.push(join(folder, name));
  }
  return paths.sort();
}

async function main(given: GradeValues): Promise<number> {
  if (given.folder === undefined) throw new UsageError("No folder given: run deno task grade FOLDER; see --help");
  const folder = fromWhereCalled(given.folder);
  if (!await isFolder(folder)) {
    throw new Error(`Cannot grade ${given.folder}: it is not a folder; give the folder of the notebooks`);
  }
  const files = [given.csv, given.json].filter((path) => path !== undefined).map((path) => fromWhereCalled(path));
  if (new Set(files).size < files.length) {
    throw new UsageError("Options --csv and --json: expected two files, got the same twice");
  }
  for (const path of files) {
    if (await isFolder(path)) throw new Error(`Cannot write ${toWhereCalled(path)}: it is a folder; choose a file`);
    if (!given.overwrite && await isThere(path)) {
      throw new Error(`Cannot write ${toWhereCalled(path)}: it exists; choose another file, or add --overwrite`);
    }
  }
  for (const path of files) {
    if (!await isFolder(dirname(path))) {
      throw new Error(`Cannot write ${toWhereCalled(path)}: its folder does not exist; create it, or choose another one`);
    }
  }
  const values = { ...given, seed: given.seed ?? crypto.getRandomValues(new Uint32Array(1))[0]! };
  const graded = await grade(values);
  if (graded.length === 0) throw new Error(`Cannot grade ${given.folder}: it contains no notebook of the course`);
  console.log(`${tableOf(graded)}\n\nSeed of the hidden numbers: ${values.seed}`);
  const write = async (path: string | undefined, content: string) => {
    if (path === undefined) return;
    await Deno.writeTextFile(fromWhereCalled(path), content, { createNew: !given.overwrite });
    console.log(`Marks: ${path}`);
  };
  await write(given.csv, csvOf(graded));
  await write(given.json, JSON.stringify({ seed: values.seed, answers: graded }, undefined, 2) + "\n");
  return 0;
}

/** Inserts `--folder` before the first argument if this argument is a folder rather than an option. */
function withFolder([first, ...rest]: readonly string[]): string[] {
  if (first === undefined) return [];
  return first.startsWith("-") || first === "help" ? [first, ...rest] : ["--folder", first, ...rest];
}

if (import.meta.main) Deno.exit(await status(command, main, withFolder(commandArgs())));
