/** useBackend() in a process of its own, for what one process can show only once: permissions, variables, what is printed.
 * @module */

/** What a process printed. */
export interface Printed {
  stdout: string;
  stderr: string;
}

/** Runs _use.ts.
 * @param flags of `deno run`. @param name the backend to name, or "" for none. @param env variables, beside those of this process.
 * @returns on stdout the backend's name and the result of a small sum, or the error. */
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
