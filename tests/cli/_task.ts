/** Execution of tasks in separate processes, with exactly the permissions that deno.json gives them.
 * @module */
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Result of a task. */
export interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a task without running setup first.
 * @param name name of the task in deno.json.
 * @param env environment variables to set in addition to those of this process. The backend is WebAssembly by default, because
 * it runs everywhere. */
export async function task(name: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const { code, stdout, stderr } = await start(name, args, env).output();
  return { status: code, stdout: new TextDecoder().decode(stdout), stderr: new TextDecoder().decode(stderr) };
}

/** Starts a task in the same way as {@linkcode task}, without waiting for its end.
 * @param cwd working folder. Default: the root of the project. */
export function start(name: string, args: string[], env: Record<string, string> = {}, cwd = ROOT): Deno.ChildProcess {
  const config = JSON.parse(Deno.readTextFileSync(`${ROOT}deno.json`)) as { tasks: Record<string, { command: string }> };
  const [, run, ...words] = config.tasks[name]!.command.split(" ");
  const script = words.findIndex((word) => word.endsWith(".ts"));
  words[script] = `${ROOT}${words[script]}`;
  const command = new Deno.Command(Deno.execPath(), {
    args: [run!, "--no-prompt", ...words, ...args],
    cwd,
    ...{ stdin: "null", stdout: "piped", stderr: "piped" } as const,
    env: surroundings(env).env,
  });
  return command.spawn();
}

/** Returns the arguments of Deno for a task. */
export async function words(name: string, args: string[]): Promise<string[]> {
  const config = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)) as { tasks: Record<string, { command: string }> };
  const [, run, ...rest] = config.tasks[name]!.command.split(" ");
  return [run!, "--no-prompt", ...rest, ...args];
}

/** Returns the working directory and the environment of a task. */
export function surroundings(env: Record<string, string> = {}): { cwd: string; env: Record<string, string> } {
  return { cwd: ROOT, env: { NO_COLOR: "1", FORGER_BACKEND: "wasm", FORGER_DEBUG: "", INIT_CWD: "", _: "", ...env } };
}

/** Runs a test with a temporary folder. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "forger-" });
  await test(folder).finally(() => Deno.remove(folder, { recursive: true }));
}

/** Returns the last line of stderr: the error, if there is one. */
export function lastLine({ stderr }: Ended): string {
  return stderr.trimEnd().split("\n").at(-1) ?? "";
}
