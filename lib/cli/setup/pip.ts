/** pip, run so that a person sees how far it is and, if it fails, why.
 * @module */
import { join } from "node:path";
import { run } from "../process.ts";

/** Runs pip so that it ends within half a second when setup is killed: left to itself it would go on, and write into the environment
 * that the next setup makes. */
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

/** How pip is to be run. */
export interface PipOptions {
  /** The environment's Python. */
  python: string;
  /** pip's own arguments: requirements, constraints. */
  args: string[];
  /** A folder for what is being downloaded, on the environment's disk. */
  scratch: string;
  /** Told what pip does and how far it is, about twice a second. */
  onProgress: (stage: string, detail: string) => void;
}

/** Tries again after a connection that broke, and seconds to wait for an answer: pip's own 5 and 15 keep a class without a network
 * waiting. */
const CONNECTION = ["--retries", "2", "--timeout", "20"];

/** Why pip could not install. */
export interface PipFailure {
  /** For a person, with the cure. */
  reason: string;
  /** Whether the environment is as it was: pip fetches everything before it installs anything, so that it mostly is. */
  untouched: boolean;
  /** Whether there is no network: then the next package need not be tried. */
  offline: boolean;
}

/** Installs packages.
 * @returns what went wrong; nothing if nothing did. */
export async function pipInstall({ python, args, scratch, onProgress }: PipOptions): Promise<PipFailure | undefined> {
  await Deno.mkdir(scratch, { recursive: true });
  const told = teller(scratch, onProgress);
  const timer = setInterval(told.tick, 500);
  try {
    const common = [
      "--no-input",
      "--disable-pip-version-check",
      "--progress-bar",
      "off",
      "--only-binary",
      ":all:",
      ...CONNECTION,
    ];
    const options = { env: { TMPDIR: scratch }, onLine: told.line };
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

/** Turns pip's lines, and the files that grow, into stages. */
function teller(scratch: string, onProgress: PipOptions["onProgress"]) {
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

/** What pip's line begins with when it has everything and begins to change the environment. */
const INSTALLING = "Installing collected packages: ";

/** What a line of pip says of its work, if anything: exported for the tests. */
export function stageOf(line: string): string | undefined {
  const file = line.trim().match(/^(Downloading|Using cached) (?:\S*\/)?([A-Za-z0-9_.]+?)-\d\S* \(([\d.]+) ([kM])B\)/);
  // The hundred small ones flash by: naming each would only flicker.
  if (file && file[4] === "M" && Number(file[3]) >= 5) {
    const [, verb, name, amount] = file;
    return verb === "Downloading" ? `Downloading ${name} (${amount} MB)` : `Reading ${name} (${amount} MB) from pip's cache`;
  }
  if (line.startsWith(INSTALLING)) {
    const packages = line.slice(INSTALLING.length).split(", ");
    return packages.length === 1 ? `Unpacking ${packages[0]}` : `Installing ${packages.length} packages`;
  }
  if (/^(Collecting|Looking in)/.test(line.trim())) return "Asking which packages are needed";
}

/** Bytes of the largest file under a folder: the one that pip downloads. */
function largestFile(folder: string): number {
  let largest = 0;
  try {
    for (const entry of Deno.readDirSync(folder)) {
      const path = join(folder, entry.name);
      largest = Math.max(largest, entry.isDirectory ? largestFile(path) : Deno.statSync(path).size);
    }
  } catch { /* pip removed it meanwhile */ }
  return largest;
}

const OFFLINE = 'no network, or the package index does not answer; connect and run "deno task setup"';

/** Why pip failed, from what it said: exported for the tests. */
export function pipFailure(lines: readonly string[]): string {
  const all = lines.join("\n");
  if (/No space left on device|Errno 28/.test(all)) return 'the disk is full; free 3 GB and run "deno task setup"';
  if (/connection broken|ConnectTimeout|ReadTimeout|ConnectionError|name resolution|Max retries|SSLError/i.test(all)) {
    return OFFLINE;
  }
  if (/No matching distribution/.test(all)) return "there is no wheel for this Python on this machine; try another Python 3";
  if (/No module named pip/.test(all)) return 'its pip does not work; remove the folder .venv and run "deno task setup"';
  const last = lines.findLast((line) => /^ERROR|^error/i.test(line.trim())) ?? lines.at(-1) ?? "it ended without a word";
  return `pip says: ${last.trim().slice(0, 200)}; mend that and run "deno task setup"`;
}
