/** useBackend() in a separate process, to test permissions, environment variables and messages.
 * @module */

/** Output of a process. */
export interface Printed {
  stdout: string;
  stderr: string;
}

/** Runs _use.ts.
 * @param flags flags of `deno run`.
 * @param name requested backend, or "" for none.
 * @param env environment variables in addition to those of this process.
 * @returns on stdout, the name of the backend and the result of 2 + 2, or the error. */
export async function run(flags: string[], name: string, env: Record<string, string> = {}, quiet = true): Promise<Printed> {
  const script = new URL("_use.ts", import.meta.url).pathname;
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", ...flags, script, name, ...(quiet ? ["quiet"] : [])],
    env: { NO_COLOR: "1", FORGER_BACKEND: "", ...env },
    stdout: "piped",
    stderr: "piped",
  });
  const { stdout, stderr } = await command.output();
  return { stdout: new TextDecoder().decode(stdout).trim(), stderr: new TextDecoder().decode(stderr).trim() };
}
