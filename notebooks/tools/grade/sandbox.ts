/** Runs a module in a process that may do nothing but compute, for a limited time.
 * @module */
import { join } from "node:path";
import { MARK, type Report } from "./inside.ts";

/** What came of a run. */
export interface Run {
  /** What the module reported, if it did. */
  report?: Report | undefined;
  /** Whether it was ended because its time was over. */
  isLate: boolean;
  /** Its last error: "ReferenceError: size is not defined". */
  error: string;
}

/** Environment variables without which Deno does not find its cache. */
const KEPT = ["DENO_DIR", "HOME", "XDG_CACHE_HOME", "USERPROFILE", "LOCALAPPDATA", "SystemRoot"];
const MEMORY = 2000; // megabytes of JavaScript objects
const MOST_OUTPUT = 10_000_000; // characters, after which the process is ended

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
    const child = new Deno.Command(Deno.execPath(), { args, cwd: folder, clearEnv: true, env, ...PIPES }).spawn();
    let isLate = false;
    const timer = setTimeout(() => (isLate = true, kill(child)), 1000 * seconds);
    const [stdout, stderr] = await Promise.all([textOf(child.stdout, child), textOf(child.stderr, child), child.status]);
    clearTimeout(timer);
    const line = stdout.split("\n").findLast((line) => line.startsWith(MARK));
    return { isLate, error: errorIn(stderr), report: line === undefined ? undefined : reportIn(line) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const PIPES = { stdin: "null", stdout: "piped", stderr: "piped" } as const;

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch { /* it has ended */ }
}

async function textOf(stream: ReadableStream<Uint8Array>, child: Deno.ChildProcess): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)) {
    if (text.length < MOST_OUTPUT) text += part;
    else kill(child);
  }
  return text;
}

/** Reads a report; numbers that JSON cannot express become numbers again. */
function reportIn(line: string): Report | undefined {
  const revive = (_: string, value: unknown) => {
    const number = (value as { number?: string } | null)?.number;
    return typeof number === "string" && Object.keys(value as object).length === 1 ? Number(number) : value;
  };
  try {
    return JSON.parse(line.slice(MARK.length), revive) as Report;
  } catch {
    return undefined; // the module has forged it, and badly
  }
}

function errorIn(stderr: string): string {
  const line = stderr.split("\n").find((line) => /^error: /.test(line)) ?? stderr.trim().split("\n")[0]!;
  return line.replace(/^error: (Uncaught )?(\(in promise\) )?/, "").trim();
}
