/** Runs pip, reports its progress, and explains its failures.
 * @module */
import { join } from "node:path";
import { run } from "../process.ts";

/** Python program that runs pip and terminates it within half a second if setup is killed. Otherwise, pip would continue, and
 * write to the environment that the next setup creates. */
const PIP = `
import os, runpy, sys, threading, time
parent = os.getppid()
def watch():
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
threading.Thread(target=watch, daemon=True).start()
sys.argv[0] = "pip"
runpy.run_module("pip", run_name="__main__", alter_sys=True)
`;

export interface PipOptions {
  /** Python interpreter of the environment. */
  python: string;
  /** Arguments of `pip install`: requirements and constraints. */
  args: string[];
  /** Folder for temporary files, on the same disk as the environment. Deleted afterwards. */
  scratch: string;
  /** Called about twice a second. */
  onProgress: (stage: string, detail: string) => void;
}

/** Number of retries, and timeout in seconds. With pip's defaults, 5 retries and 15 seconds, pip takes minutes to fail if
 * there is no network. */
const CONNECTION = ["--retries", "2", "--timeout", "20"];

export interface PipFailure {
  /** Message for the user: why the installation failed, and what to do. */
  reason: string;
  /** Whether the environment is unchanged. Most failures leave the environment unchanged, since pip downloads everything before
   * installing. */
  untouched: boolean;
  /** Whether the network is unavailable, so that further installations would fail as well. */
  offline: boolean;
}

/** Installs packages.
 * @returns The failure, if the installation fails. */
export async function pipInstall({ python, args, scratch, onProgress }: PipOptions): Promise<PipFailure | undefined> {
  await Deno.mkdir(scratch, { recursive: true });
  const stages = stageTracker(scratch, onProgress);
  const timer = setInterval(stages.tick, 500);
  try {
    const quiet = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"];
    const common = [...quiet, "--only-binary", ":all:", ...CONNECTION];
    const options = { env: { TMPDIR: scratch }, onLine: stages.line };
    const ended = await run(python, ["-I", "-u", "-c", PIP, "install", ...common, ...args], options);
    if (ended?.success) return undefined;
    const lines = ended?.lines ?? [];
    const reason = pipFailure(lines);
    return { reason, untouched: !lines.some((line) => line.startsWith(INSTALLING)), offline: reason === OFFLINE };
  } finally {
    clearInterval(timer);
    await Deno.remove(scratch, { recursive: true });
  }
}

/** Derives the current stage from pip's output, and the progress of a download from the size of its file. */
function stageTracker(scratch: string, onProgress: PipOptions["onProgress"]) {
  let stage = "";
  let since = performance.now();
  const tick = () => {
    const seconds = Math.round((performance.now() - since) / 1000);
    if (stage.startsWith("Downloading")) onProgress(stage, `${(largestFile(scratch) / 1e6).toFixed(0)} MB`);
    else if (stage) onProgress(stage, seconds > 1 ? `(${seconds} s)` : "");
  };
  const line = (text: string) => {
    const next = stageOf(text);
    if (!next) return;
    stage = next;
    since = performance.now();
    tick();
  };
  return { tick, line };
}

/** Prefix of the line that pip prints after all downloads, before it changes the environment. */
const INSTALLING = "Installing collected packages: ";

/** Returns the stage that a line of pip's output announces, if any. Exported for the tests. */
export function stageOf(line: string): string | undefined {
  const file = line.trim().match(/^(Downloading|Using cached) (?:\S*\/)?([A-Za-z0-9_.]+?)-\d\S* \(([\d.]+) ([kM])B\)/);
  // Packages below 5 MB are too numerous, and download too fast, to be worth showing.
  if (file && file[4] === "M" && Number(file[3]) >= 5) {
    const [, verb, name, amount] = file;
    return verb === "Downloading" ? `Downloading ${name} (${amount} MB)` : `Reading ${name} (${amount} MB) from pip's cache`;
  }
  if (line.startsWith(INSTALLING)) {
    const packages = line.slice(INSTALLING.length).split(", ");
    return packages.length === 1 ? `Unpacking ${packages[0]}` : `Installing ${packages.length} packages`;
  }
  return /^(Collecting|Looking in)/.test(line.trim()) ? "Resolving dependencies" : undefined;
}

/** Returns the size in bytes of the largest file under a folder: the one that pip is downloading. */
function largestFile(folder: string): number {
  let largest = 0;
  try {
    for (const entry of Deno.readDirSync(folder)) {
      const path = join(folder, entry.name);
      largest = Math.max(largest, entry.isDirectory ? largestFile(path) : Deno.statSync(path).size);
    }
  } catch { /* pip has just deleted it */ }
  return largest;
}

const AGAIN = 'run "deno task setup"';
const OFFLINE = `the network is unavailable, or the package index does not respond; connect to a network and ${AGAIN}`;

/** Patterns of errors in pip's output, with explanations. The first matching pattern is used. */
const FAILURES: readonly [RegExp, string][] = [
  [/No space left on device|Errno 28/, `the disk is full; free up 3 GB and ${AGAIN}`],
  [/connection broken|ConnectTimeout|ReadTimeout|ConnectionError|name resolution|Max retries|SSLError/i, OFFLINE],
  [/No matching distribution/, "there is no wheel for this version of Python and this machine; try another version of Python 3"],
  [/No module named pip/, `pip in .venv does not work; delete the folder .venv and ${AGAIN}`],
];

/** Explains a failure based on pip's output. Exported for the tests. */
export function pipFailure(lines: readonly string[]): string {
  const known = FAILURES.find(([pattern]) => pattern.test(lines.join("\n")));
  if (known) return known[1];
  const last = lines.findLast((line) => /^ERROR/i.test(line.trim())) ?? lines.at(-1) ?? "no output";
  return `pip failed (${last.trim().slice(0, 200)}); fix this and ${AGAIN}`;
}
