/** Finds the root folder of the project, and runs child processes.
 * @module */
import { fileURLToPath } from "node:url";

/** Root folder of the project, which contains deno.json; "" if Forger was not loaded from a folder. */
export const ROOT: string = import.meta.url.startsWith("file:") ? fileURLToPath(new URL("../../", import.meta.url)) : "";

/** Result of a program that has ended. */
export interface Ended {
  success: boolean;
  /** Non-blank lines of stdout and stderr, in the order in which they arrived. */
  lines: string[];
}

export interface RunOptions {
  /** Environment variables to set in addition to those of this process. */
  env?: Record<string, string>;
  /** Working directory. Default: the working directory of this process. */
  folder?: string;
  /** Called with each line as it arrives. */
  onLine?: (line: string) => void;
}

/** Runs a program without input and waits for it to end.
 * @returns `undefined` if the program does not exist or cannot be started. */
export async function run(program: string, args: string[], options: RunOptions = {}): Promise<Ended | undefined> {
  const { env = {}, folder, onLine } = options;
  const lines: string[] = [];
  const take = (line: string) => (lines.push(line), onLine?.(line));
  let child: Deno.ChildProcess;
  try {
    const cwd = folder === undefined ? {} : { cwd: folder };
    child = new Deno.Command(program, { args, env, ...cwd, stdin: "null", stdout: "piped", stderr: "piped" }).spawn();
  } catch (error) {
    // Operating systems raise different errors for a program that is missing, not executable, or built for another machine.
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
  const [status] = await Promise.all([child.status, eachLine(child.stdout, take), eachLine(child.stderr, take)]);
  return { success: status.success, lines };
}

async function eachLine(stream: ReadableStream<Uint8Array>, take: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)) {
    const parts = (rest + text).split(/[\r\n]+/);
    rest = parts.pop()!;
    parts.filter((line) => line.trim() !== "").forEach(take);
  }
  if (rest.trim() !== "") take(rest);
}
