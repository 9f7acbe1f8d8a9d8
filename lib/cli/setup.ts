/** `deno task setup`: everything that the other tasks need, fetched and put in place. Run again, it does what is missing.
 *
 * 1. The npm packages, into Deno's cache.
 * 2. `.venv` with TensorFlow's wheel, of whose C library Forger's fast backend is made.
 * 3. JupyterLab and what executes notebooks, into `.venv` too, and the Deno kernel for them.
 *
 * Without 2 and 3 everything but the notebooks runs on WebAssembly, so what fails there is told and is no failure.
 * @module */
import type { Command } from "./command.ts";
import { runCommand } from "./main.ts";
import { ROOT } from "./root.ts";
import { fetchNpmPackages } from "./setup/npm.ts";
import { setUpPython } from "./setup/setup_python.ts";
import { type Progress, statusLine } from "./status_line.ts";

const command: Command<Record<never, never>> = {
  name: "setup",
  about:
    "Fetches what Forger needs, into Deno's cache and into the folder .venv of the project: the npm packages, TensorFlow's wheel " +
    "(for its C library), JupyterLab and the Deno kernel. About 3 GB of disk at the peak. Done already, it takes a moment and changes " +
    "nothing; cut off, it is repaired by the next run. To start from nothing, remove .venv. All other tasks run it first.",
  options: {},
  examples: [{ line: "setup", does: "set up, or see that all is there" }],
};

/** Sets the project up.
 * @returns exit status: 1 without the npm packages, for then nothing runs; 0 otherwise. */
export async function setUp(root: string, progress: Progress): Promise<number> {
  const started = performance.now();
  // The one is held up by the network and the other by the disk: together they take little more than the longer of them.
  const [npm, python] = await Promise.all([
    fetchNpmPackages(root, (stage, detail) => progress.update("npm", stage, detail)).finally(() => progress.finish("npm")),
    setUpPython(root, progress),
  ]);
  for (const complaint of [...python.complaints, ...(npm ? [npm] : [])]) progress.print(`Setup: ${complaint}`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  progress.print(`Setup: ${python.changed ? `done in ${seconds} s` : "nothing more to do"} (${python.summary})`);
  return npm ? 1 : 0;
}

if (import.meta.main) await runCommand(command, () => setUp(ROOT, statusLine()));
