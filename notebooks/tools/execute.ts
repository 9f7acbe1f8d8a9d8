/** Running a notebook on the real Deno kernel, without a browser.
 * @module */
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../lib/cli/process.ts";
import { environmentIn } from "../../lib/cli/setup/environment.ts";
import { installKernel } from "../../lib/cli/setup/kernel.ts";
import { type Notebook, readNotebook } from "./notebook.ts";

/** How to run it. */
export interface ExecuteOptions {
  /** The project's root, whose `.venv` has nbclient. */
  root: string;
  /** FORGER_SIZE; "" for what fits this machine. Default: as in this process. */
  size?: string;
  /** FORGER_BACKEND; "" for the fastest. Default: as in this process. */
  backend?: string;
  /** Told of each cell that is done.
   * @param cell its number, from 0. */
  onCell?: (cell: number, id: string, seconds: number) => void;
}

/** A notebook that ran to its end. */
export interface Executed {
  notebook: Notebook;
  /** The start of the kernel included. */
  seconds: number;
}

/** What execute.py says, line by line. */
interface Told {
  cell?: number;
  id?: string;
  seconds: number;
  error?: string;
}

/** Runs a notebook from top to bottom. The file is left as it is.
 * @throws {Error} if a cell fails, naming it; or nbclient is not there. */
export async function executeNotebook(path: string, options: ExecuteOptions): Promise<Executed> {
  const { root, size, backend, onCell } = options;
  const folder = await Deno.makeTempDir({ prefix: "forger-notebook-" });
  try {
    // The kernel is this very Deno, wherever setup's own kernel may point.
    await installKernel(folder, Deno.execPath());
    const output = join(folder, "executed.ipynb");
    const told: Told[] = [];
    const ended = await run(environmentIn(root).python, [script(), path, output], {
      env: {
        JUPYTER_PATH: join(folder, "share", "jupyter"),
        ...(size !== undefined && { FORGER_SIZE: size }),
        ...(backend !== undefined && { FORGER_BACKEND: backend }),
      },
      onLine: (line) => {
        const message = readTold(line);
        if (!message) return;
        told.push(message);
        if (message.cell !== undefined && message.error === undefined) onCell?.(message.cell, message.id!, message.seconds);
      },
    });
    const last = told.at(-1);
    if (last?.error !== undefined) throw new Error(failure(path, last));
    if (!ended?.success || !last) {
      throw new Error(
        `Cannot execute ${basename(path)}: ${ended?.lines.at(-1) ?? "there is no Python in .venv"}; run deno task setup`,
      );
    }
    return { notebook: await readNotebook(output), seconds: last.seconds };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Whether `.venv` has what it takes, and if not, why not. */
export async function missingForNotebooks(root: string): Promise<string | undefined> {
  const ended = await run(environmentIn(root).python, ["-c", "import nbclient, jupyter_client"]);
  if (ended?.success) return undefined;
  return ended ? `.venv has no nbclient (${ended.lines.at(-1)})` : "there is no Python in .venv; run deno task setup";
}

function script(): string {
  return fileURLToPath(new URL("./execute.py", import.meta.url));
}

function failure(path: string, { cell, id, error }: Told): string {
  return `Cannot execute ${basename(path)}: cell ${cell} ("${id}") failed: ${error}; mend it, or what it calls`;
}

/** Lines of other kinds come from the kernel. */
function readTold(line: string): Told | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Told;
  } catch {
    return undefined;
  }
}
