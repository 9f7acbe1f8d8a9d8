/** The folder `.venv` of the project: what is in it, and how it is made.
 *
 * `.venv/forger.json`, the stamp, says what setup has finished there. It says "working" while pip is at work, so that the next run
 * knows an environment that was cut off half-way, and makes it afresh.
 * @module */
import { join } from "node:path";
import { run } from "../process.ts";
import type { Python } from "./python.ts";

/** What setup has done. */
export interface Stamp {
  state: "working" | "ready";
  /** Version of the Python that made the environment, when setup made it. One that somebody else made has none, and is never removed. */
  python?: string;
  /** pip's requirement that put TensorFlow there, if it is there. */
  tensorflow?: string;
  /** pip's requirements that put JupyterLab there, if it is there. */
  jupyter?: string;
}

/** Paths of an environment. */
export interface Environment {
  folder: string;
  python: string;
  jupyter: string;
}

/** The environment of a project. */
export function environmentIn(root: string): Environment {
  const folder = join(root, ".venv");
  const windows = Deno.build.os === "windows";
  const program = (name: string) => join(folder, windows ? "Scripts" : "bin", windows ? `${name}.exe` : name);
  return { folder, python: program("python"), jupyter: program("jupyter") };
}

/** The stamp of an environment, or none if it has none, or one that cannot be read. */
export function readStamp({ folder }: Environment): Stamp | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(join(folder, "forger.json"))) as Stamp;
  } catch {
    return undefined;
  }
}

/** Writes the stamp; a process that dies meanwhile leaves the old one or the new one. */
export function writeStamp({ folder }: Environment, stamp: Stamp): void {
  const path = join(folder, "forger.json");
  Deno.writeTextFileSync(`${path}.new`, JSON.stringify(stamp, null, 2) + "\n");
  Deno.renameSync(`${path}.new`, path);
}

/** Whether what the stamp says is there is there. A look at a few files, not at all: it is done before every task. */
export function isWhole(environment: Environment, stamp: Stamp): boolean {
  if (stamp.state !== "ready" || !exists(environment.python)) return false;
  if (stamp.jupyter !== undefined && !exists(environment.jupyter)) return false;
  return stamp.tensorflow === undefined || tensorflowFolder(environment) !== undefined;
}

/** The folder of TensorFlow's libraries in an environment, if they are there. */
function tensorflowFolder({ folder }: Environment): string | undefined {
  try {
    for (const { name } of Deno.readDirSync(join(folder, "lib"))) {
      const libraries = join(folder, "lib", name, "site-packages", "tensorflow");
      if (exists(join(libraries, LIBRARY))) return libraries;
    }
  } catch { /* no such folder */ }
}

/** The file that holds most of TensorFlow: pip unpacks it among the first, so that pip's own work is judged by the stamp. */
const LIBRARY = Deno.build.os === "darwin" ? "libtensorflow_cc.2.dylib" : "libtensorflow_cc.so.2";

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Makes the environment, empty but for pip. One that was cut off half-way, or that has lost its Python, is removed first; one that
 * somebody else made is used as it is.
 * @returns why it could not, for a person; nothing if it could. */
export async function makeEnvironment(
  environment: Environment,
  python: Python,
  onProgress: (stage: string) => void = () => {},
): Promise<string | undefined> {
  const stamp = readStamp(environment);
  const usable = exists(environment.python);
  if (usable && stamp?.state === "ready") return undefined;
  if (usable && stamp?.python === undefined) return writeStamp(environment, { state: "ready" }), undefined;
  onProgress(`${stamp ? "Making .venv afresh, as it was left unfinished," : "Making .venv"} with Python ${python.version}`);
  // The pip of a setup that has just been killed is still dying: see pip.ts.
  if (stamp?.state === "working") await new Promise((resolve) => setTimeout(resolve, 1000));
  await emptyFolder(environment.folder);
  writeStamp(environment, { state: "working", python: python.version });
  const ended = await run(python.program, ["-I", "-m", "venv", environment.folder]);
  if (!ended?.success) {
    return `Cannot make .venv with ${python.program} (it says: ${
      ended?.lines.at(-1) ?? "nothing"
    }); repair that Python, or put another on PATH`;
  }
  writeStamp(environment, { state: "ready", python: python.version });
}

/** Empties the folder, but for the file that setup holds locked. */
async function emptyFolder(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name } of Deno.readDir(folder)) {
    if (name !== LOCK) await Deno.remove(join(folder, name), { recursive: true });
  }
}

/** Held by the setup that is at work. */
const LOCK = "forger.lock";

/** Runs `work` while no other process does the same for this environment; a process that dies lets go.
 * @param onWait called when another one is at work and must be waited for. */
export async function withLock<T>({ folder }: Environment, onWait: () => void, work: () => Promise<T>): Promise<T> {
  await Deno.mkdir(folder, { recursive: true });
  using file = await Deno.open(join(folder, LOCK), { create: true, write: true });
  const waiting = setTimeout(onWait, 1000);
  await file.lock(true);
  clearTimeout(waiting);
  return await work();
}
