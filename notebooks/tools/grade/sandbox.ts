/** Runs a module in a process that may do nothing but compute, for a limited time.
 * @module */
import { join } from "node:path";
import { MARK, type Report } from "./inside.ts";

/** What came of a run. */
export interface Run {
  /** What the module reported, if it did. */
  report?: Report | undefined;
  /** Why it was ended, if it did not end by itself. */
  ended?: "time" | "output" | "memory" | undefined;
  /** Its last error: "ReferenceError: size is not defined". */
  error: string;
}

/** Environment variables without which Deno does not find its cache. */
const KEPT = ["DENO_DIR", "HOME", "XDG_CACHE_HOME", "USERPROFILE", "LOCALAPPDATA", "SystemRoot"];
const MEMORY = 2000; // megabytes of JavaScript objects
const ALL_MEMORY = 4_000_000; // kilobytes, with typed arrays; on Linux
const MOST_OUTPUT = 10_000_000; // characters, after which the process is ended

/** What is said of an answer that was ended. */
export const ENDS = {
  output: `ended after it had printed ${MOST_OUTPUT / 1e6} million characters`,
  memory: `ended, since it used too much memory: more than ${MEMORY} MB for objects, or ${ALL_MEMORY / 1000} MB in all`,
} as const;

/** Runs a module.
 * @param root folder of the project, whose names the module can import.
 * @param seconds after which it is ended. */
export async function runModule(code: string, root: string, seconds: number): Promise<Run> {
  const folder = await Deno.makeTempDir({ prefix: "forger-grade-" });
  try {
    const module = join(folder, "answer.ts");
    await Deno.writeTextFile(module, code);
    const kept = KEPT.flatMap((name) => Deno.env.get(name) === undefined ? [] : [[name, Deno.env.get(name)!]]);
    const env = { ...Object.fromEntries(kept), FORGER_BACKEND: "cpu", FORGER_SIZE: "test", NO_COLOR: "1" };
    // No permission but to see this environment: no files, no network, no programs, no native code. npm packages and modules of
    // the network are not loaded unless they are in Deno's cache.
    const options = ["--no-prompt", "--no-check", "--quiet", "--cached-only", "--no-remote", "--frozen", "--allow-env"];
    const args = ["run", ...options, `--config=${join(root, "deno.json")}`, `--v8-flags=--max-old-space-size=${MEMORY}`, module];
    const [program, ...before] = Deno.build.os === "linux" ? LIMITED : [];
    const command = new Deno.Command(program ?? Deno.execPath(), {
      args: program ? [...before, Deno.execPath(), ...args] : args,
      ...{ cwd: folder, clearEnv: true, env, ...PIPES },
    });
    const child = command.spawn();
    let ended: Run["ended"];
    const end = (reason: "time" | "output") => (ended ??= reason, kill(child));
    const timer = setTimeout(end, 1000 * seconds, "time");
    const texts = [child.stdout, child.stderr].map((stream) => textOf(stream, () => end("output")));
    const [stdout, stderr] = await Promise.all([...texts, child.status]) as [string, string, Deno.CommandStatus];
    clearTimeout(timer);
    const line = stdout.split("\n").findLast((line) => line.startsWith(MARK));
    if (/out of memory|Array buffer allocation failed/.test(stderr)) ended ??= "memory";
    return { ended, error: errorIn(stderr), report: line === undefined ? undefined : reportIn(line) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const PIPES = { stdin: "null", stdout: "piped", stderr: "piped" } as const;

/** Starts a program that may use `ALL_MEMORY`. */
const LIMITED = ["sh", "-c", `ulimit -d ${ALL_MEMORY} 2>/dev/null; exec "$0" "$@"`];

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch { /* it has ended */ }
}

async function textOf(stream: ReadableStream<Uint8Array>, tooMuch: () => void): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)) {
    if (text.length < MOST_OUTPUT) text += part;
    else tooMuch();
  }
  return text;
}

/** Reads a report; numbers that JSON cannot express become numbers again. A report of another form is forged, and none. */
function reportIn(line: string): Report | undefined {
  const revive = (_: string, value: unknown) => {
    const number = (value as { number?: string } | null)?.number;
    return typeof number === "string" && Object.keys(value as object).length === 1 ? Number(number) : value;
  };
  try {
    const report = JSON.parse(line.slice(MARK.length), revive) as Report | null;
    const { verdict } = report ?? {};
    const isVerdict = verdict === undefined || typeof verdict?.right === "boolean" && typeof verdict.message === "string";
    return typeof report === "object" && report !== null && isVerdict ? report : undefined;
  } catch {
    return undefined; // the module has forged it, and badly
  }
}

function errorIn(stderr: string): string {
  const line = stderr.split("\n").find((line) => /^error: /.test(line)) ?? stderr.trim().split("\n")[0]!;
  return line.replace(/^error: (Uncaught )?(\(in promise\) )?/, "").trim();
}
