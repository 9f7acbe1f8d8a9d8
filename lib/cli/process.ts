/** Other programs, run to their end.
 * @module */

/** How a program ended, and what it said. */
export interface Ended {
  /** Its exit status was 0. */
  success: boolean;
  /** Its stdout and stderr, line by line, as they came. */
  lines: string[];
}

/** How to run a program. */
export interface RunOptions {
  /** Added to this process's environment. */
  env?: Record<string, string>;
  folder?: string;
  /** Told of each line when it comes. */
  onLine?: (line: string) => void;
}

/** Runs a program without input until it ends.
 * @returns `undefined` if there is no such program, or it cannot be started. */
export async function run(program: string, args: string[], options: RunOptions = {}): Promise<Ended | undefined> {
  const { env = {}, folder, onLine } = options;
  const lines: string[] = [];
  const take = (line: string) => (lines.push(line), onLine?.(line));
  let child: Deno.ChildProcess;
  try {
    const cwd = folder === undefined ? {} : { cwd: folder };
    child = new Deno.Command(program, { args, env, ...cwd, stdin: "null", stdout: "piped", stderr: "piped" }).spawn();
  } catch (error) {
    // Not found, not executable, made for another machine: whatever the system calls it, the program is not there to be used.
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
