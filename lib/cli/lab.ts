/** `deno task lab`: the notebooks in JupyterLab.
 * @module */
import { flag, integer, type Values } from "../settings.ts";
import type { Command } from "./command.ts";
import { runCommand } from "./main.ts";
import { ROOT } from "./root.ts";
import { environmentIn } from "./setup/environment.ts";

const options = {
  port: integer(8888, { min: 1, max: 65535, help: "Port on this machine; the next free one if it is taken." }),
  noBrowser: flag(false, { help: "Only print the address." }),
};

const command: Command<typeof options> = {
  name: "lab",
  about:
    "Opens the notebooks in JupyterLab, from .venv, with the Deno kernel. It can be reached from this machine alone. Ctrl-C ends it.",
  options,
  examples: [{ line: "lab", does: "open the course in the browser" }],
};

/** Arguments of JupyterLab. */
export function labArguments({ port, noBrowser }: Values<typeof options>, root: string): string[] {
  return [
    "lab",
    "--ServerApp.ip=127.0.0.1",
    `--ServerApp.port=${port}`,
    `--ServerApp.root_dir=${root}`,
    "--LabApp.default_url=/lab/tree/notebooks",
    ...(noBrowser ? ["--no-browser"] : []),
    // In a container one is often root; JupyterLab asks to be told that this is meant.
    ...(Deno.build.os !== "windows" && Deno.uid() === 0 ? ["--allow-root"] : []),
  ];
}

/** Runs JupyterLab until it is ended.
 * @returns its exit status. */
export async function lab(values: Values<typeof options>, root = ROOT): Promise<number> {
  const { jupyter } = environmentIn(root);
  // Ctrl-C in a terminal goes to JupyterLab as well, which asks whether it is meant: let it answer, and end with it.
  Deno.addSignalListener("SIGINT", () => {});
  try {
    const child = new Deno.Command(jupyter, { args: labArguments(values, root), cwd: root }).spawn();
    if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
    return (await child.status).code;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error('Cannot open JupyterLab: it is not in .venv; run "deno task setup", which says what is missing');
  }
}

if (import.meta.main) await runCommand(command, (values) => lab(values));
