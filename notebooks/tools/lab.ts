/** `deno task lab`: opens the notebooks in JupyterLab.
 * @module */
import type { Command } from "../../lib/cli/command.ts";
import { runCommand } from "../../lib/cli/main.ts";
import { flag, integer, text, type Values } from "../../lib/settings.ts";
import { ROOT } from "../../lib/cli/process.ts";
import { environmentIn } from "../../lib/cli/setup/environment.ts";

const options = {
  port: integer(8888, { min: 1, max: 65535, help: "Port on this machine; if it is in use, the next free port is used." }),
  ip: text({
    value: "ADDRESS",
    default: "127.0.0.1",
    help:
      "Address at which the server listens: 0.0.0.0 in a container, whose ports Docker publishes. Its token is the only lock.",
  }),
  noBrowser: flag(false, { help: "Print the address without opening a browser." }),
};

const command: Command<typeof options> = {
  name: "lab",
  about: 'Opens the notebooks in JupyterLab (installed in .venv). They run on the kernel "Deno (Forger)", which reports syntax ' +
    "errors and type errors, and keeps all variables when you press Stop. The menu Kernel, Change Kernel also offers Deno's " +
    "own kernel. The server accepts connections from this machine only, unless --ip says otherwise. Press Ctrl-C to stop it.",
  options,
  examples: [{ line: "lab", does: "open the course in the browser" }],
};

/** Returns the command-line arguments for JupyterLab. */
export function labArguments({ port, ip, noBrowser }: Values<typeof options>, root: string): string[] {
  return [
    "lab",
    `--ServerApp.ip=${ip}`,
    `--ServerApp.port=${port}`,
    `--ServerApp.root_dir=${root}`,
    "--LabApp.default_url=/lab/tree/notebooks",
    "--MultiKernelManager.default_kernel_name=deno", // of new notebooks
    ...(noBrowser ? ["--no-browser"] : []),
    // JupyterLab refuses to run as root, the usual user in a container, without this flag.
    ...(Deno.build.os !== "windows" && Deno.uid() === 0 ? ["--allow-root"] : []),
  ];
}

/** Runs JupyterLab until it ends.
 * @returns the exit status of JupyterLab.
 * @throws {Error} if JupyterLab is not installed. */
export async function lab(values: Values<typeof options>, root = ROOT): Promise<number> {
  const { jupyter } = environmentIn(root);
  // Ctrl-C also reaches JupyterLab, which asks for confirmation: this process ends when JupyterLab does.
  Deno.addSignalListener("SIGINT", () => {});
  try {
    const child = new Deno.Command(jupyter, { args: labArguments(values, root), cwd: root }).spawn();
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
    return (await child.status).code;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error('Cannot open JupyterLab: it is not installed in .venv; run "deno task setup", which reports what is missing');
  }
}

if (import.meta.main) await runCommand(command, (values) => lab(values));
