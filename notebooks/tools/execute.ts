/** Execution of a notebook on the kernel that its metadata name, Deno's or "Deno (Forger)", without a browser.
 * @module */
import { basename, dirname, join, resolve } from "node:path";
import { run } from "../../lib/cli/process.ts";
import { environmentIn, installForgerKernel, installKernel } from "../../lib/cli/setup/environment.ts";
import { type Notebook, readNotebook } from "./notebook.ts";

/** Options of {@linkcode executeNotebook}. */
export interface ExecuteOptions {
  /** Root folder of the project, whose `.venv` has nbclient. */
  root: string;
  /** Value of FORGER_SIZE; "" selects a size that suits this machine. Default: the value in this process. */
  size?: string;
  /** Value of FORGER_BACKEND; "" selects the fastest. Default: the value in this process. */
  backend?: string;
  /** Working folder of the kernel, within the project. Default: the notebook's folder, as in JupyterLab. */
  folder?: string;
  /** Called after each code cell.
   * @param cell zero-based index of the cell. */
  onCell?: (cell: number, id: string, seconds: number) => void;
}

/** A notebook that was executed completely. */
export interface Executed {
  notebook: Notebook;
  /** Duration, including the start of the kernel. */
  seconds: number;
}

/** A message of execute.py: one line of JSON. */
interface Message {
  cell?: number;
  id?: string;
  seconds: number;
  error?: string;
}

/** Runs a notebook from top to bottom and returns it with its outputs. The file does not change.
 * @throws {Error} if a cell fails, which the message names, or if nbclient is not installed. */
export async function executeNotebook(path: string, options: ExecuteOptions): Promise<Executed> {
  const { root, size, backend, folder = dirname(path), onCell } = options;
  const temporary = await Deno.makeTempDir({ prefix: "forger-notebook-" });
  try {
    // The kernels use the Deno of this process, which may differ from the one that setup registered.
    const deno = Deno.execPath();
    await installKernel(temporary, deno);
    await installForgerKernel(temporary, { deno, python: environmentIn(root).python, root });
    const output = join(temporary, "executed.ipynb");
    const messages: Message[] = [];
    const args = [join(import.meta.dirname!, "execute.py"), path, output, resolve(folder)];
    const ended = await run(environmentIn(root).python, args, {
      env: {
        JUPYTER_PATH: join(temporary, "share", "jupyter"),
        ...(size !== undefined && { FORGER_SIZE: size }),
        ...(backend !== undefined && { FORGER_BACKEND: backend }),
      },
      onLine: (line) => {
        const message = readMessage(line);
        if (!message) return;
        messages.push(message);
        if (message.cell !== undefined && message.error === undefined) onCell?.(message.cell, message.id!, message.seconds);
      },
    });
    const last = messages.at(-1);
    if (last?.error !== undefined) throw new Error(failure(path, last));
    if (!ended?.success || !last) {
      const reason = ended?.lines.at(-1) ?? "there is no Python in .venv";
      throw new Error(`Cannot execute ${basename(path)}: ${reason}; run deno task setup`);
    }
    return { notebook: await readNotebook(output), seconds: last.seconds };
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
}

/** Checks whether `.venv` can execute notebooks.
 * @returns the reason, if it cannot. */
export async function missingForNotebooks(root: string): Promise<string | undefined> {
  const ended = await run(environmentIn(root).python, ["-c", "import nbclient, jupyter_client"]);
  if (ended?.success) return undefined;
  return ended ? `.venv has no nbclient (${ended.lines.at(-1)})` : "there is no Python in .venv; run deno task setup";
}

function failure(path: string, { cell, id, error }: Message): string {
  return `Cannot execute ${basename(path)}: cell ${cell} ("${id}") failed: ${error}; correct the cell or the code that it calls`;
}

/** Parses a line that execute.py printed; returns `undefined` for other lines, such as those of the kernel. */
function readMessage(line: string): Message | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Message;
  } catch {
    return undefined;
  }
}
