/** The Python environment in the project's `.venv` folder: its state, its creation, its lock, and its Jupyter kernels.
 *
 * The file `.venv/forger.json`, called the stamp, records what setup has installed. The state in the stamp is "working" while
 * pip is running, so that the next setup recognizes an interrupted installation and starts over.
 * @module */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { run } from "../process.ts";
import type { Python } from "./python.ts";

export interface Stamp {
  state: "working" | "ready";
  /** Version of Python that created the environment. Absent if the user created the environment; setup never deletes such an
   * environment. */
  python?: string;
  /** pip requirement specifier of TensorFlow, if it is installed. */
  tensorflow?: string;
  /** pip requirement specifiers of JupyterLab and related packages, if they are installed. */
  jupyter?: string;
}

export interface Environment {
  folder: string;
  python: string;
  jupyter: string;
}

export function environmentIn(root: string): Environment {
  const folder = join(root, ".venv");
  const windows = Deno.build.os === "windows";
  const program = (name: string) => join(folder, windows ? "Scripts" : "bin", windows ? `${name}.exe` : name);
  return { folder, python: program("python"), jupyter: program("jupyter") };
}

/** Reads the stamp of an environment.
 * @returns `undefined` if the stamp is missing or cannot be parsed. */
export function readStamp({ folder }: Environment): Stamp | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(join(folder, "forger.json"))) as Stamp;
  } catch {
    return undefined;
  }
}

export function writeStamp({ folder }: Environment, stamp: Stamp): void {
  const path = join(folder, "forger.json");
  Deno.writeTextFileSync(`${path}.new`, JSON.stringify(stamp, null, 2) + "\n");
  Deno.renameSync(`${path}.new`, path);
}

/** Creates the environment, with pip as its only package. First deletes an environment that setup created, if it is unfinished or
 * its Python does not start. Keeps an environment that setup did not create.
 * @returns An error message if the creation fails. */
export async function makeEnvironment(
  environment: Environment,
  python: Python,
  onProgress?: (stage: string) => void,
): Promise<string | undefined> {
  const stamp = readStamp(environment);
  const usable = (await run(environment.python, ["-I", "-c", ""]))?.success === true;
  if (!usable && !stamp?.python && existsSync(join(environment.folder, "pyvenv.cfg"))) {
    return `Cannot use ${environment.folder}: its Python does not start, and setup did not create it; delete the folder`;
  }
  if (usable && stamp?.state === "ready") return undefined;
  if (usable && stamp?.python === undefined) return writeStamp(environment, { state: "ready" }), undefined;
  onProgress?.(`${stamp ? "Recreating the unfinished .venv" : "Creating .venv"} with Python ${python.version}`);
  // pip may run for another half second after the setup that started it was killed (see pip.ts).
  if (stamp?.state === "working") await new Promise((resolve) => setTimeout(resolve, 1000));
  await emptyFolder(environment.folder);
  writeStamp(environment, { state: "working", python: python.version });
  const ended = await run(python.program, ["-I", "-m", "venv", environment.folder]);
  if (!ended?.success) {
    const output = ended?.lines.at(-1) ?? "no output";
    return `Cannot create .venv with ${python.program} (${output}); repair this Python installation, or put another one on PATH`;
  }
  return writeStamp(environment, { state: "ready", python: python.version }), undefined;
}

/** Deletes the contents of the folder except for the lock file. */
async function emptyFolder(folder: string): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name } of Deno.readDir(folder)) {
    if (name !== LOCK) await Deno.remove(join(folder, name), { recursive: true });
  }
}

/** Name of the file that a running setup keeps locked. */
const LOCK = "forger.lock";

/** Runs `work` while holding the environment's lock. The operating system releases the lock if the process dies.
 * @param onWait A function to call if another process holds the lock for more than a second. */
export async function withLock<T>({ folder }: Environment, onWait: () => void, work: () => Promise<T>): Promise<T> {
  await Deno.mkdir(folder, { recursive: true });
  using file = await Deno.open(join(folder, LOCK), { create: true, write: true });
  const waiting = setTimeout(onWait, 1000);
  await file.lock(true);
  clearTimeout(waiting);
  return await work();
}

/** Registers Deno's own kernel for Jupyter in an environment rather than in the user's home folder, by writing a `kernel.json`.
 * @param folder The folder of the environment.
 * @param deno The path of the Deno executable that runs the kernel.
 * @param name The name of the kernel in the metadata of notebooks.
 * @returns Whether the file had to be written. */
export function installKernel(folder: string, deno: string, name = "deno"): Promise<boolean> {
  // Same content as "deno jupyter --install" writes.
  const argv = [deno, "jupyter", "--kernel", "--conn", "{connection_file}"];
  return writeKernel(folder, name, { argv, display_name: "Deno", language: "typescript" });
}

/** Registers the kernel "Deno (Forger)", which stands between Jupyter and Deno's kernel: it reports syntax and type errors, and
 * Stop ends a cell without ending the kernel.
 * @param folder The folder of the environment.
 * @param programs The paths of the Deno and Python executables that run the kernel, and the root folder of the project.
 * @param name The name of the kernel in the metadata of notebooks.
 * @returns Whether the file had to be written. */
export function installForgerKernel(
  folder: string,
  { deno, python, root }: { deno: string; python: string; root: string },
  name = "deno-forger",
): Promise<boolean> {
  const argv = [python, join(root, "notebooks", "tools", "kernel"), "--deno", deno, "{connection_file}"];
  // Stop sends a message, which reaches the kernel alone, rather than a signal, which ends Deno.
  return writeKernel(folder, name, { argv, display_name: "Deno (Forger)", language: "typescript", interrupt_mode: "message" });
}

/** Registers both kernels. Notebooks request the kernel "deno", which every installation of Deno provides. Here, this name stands
 * for "Deno (Forger)", so that notebooks open with it; Deno's own kernel is "deno-plain".
 * @returns Whether a file had to be written. */
export async function installKernels(folder: string, programs: { deno: string; python: string; root: string }): Promise<boolean> {
  const changed = [await installForgerKernel(folder, programs, "deno"), await installKernel(folder, programs.deno, "deno-plain")];
  return changed.includes(true);
}

/** Writes a `kernel.json`, unless it is up to date. Called at each setup, since paths change if npx downloads Deno or the project
 * is moved. */
async function writeKernel(folder: string, name: string, spec: Record<string, unknown>): Promise<boolean> {
  const kernel = join(folder, "share", "jupyter", "kernels", name);
  const path = join(kernel, "kernel.json");
  const wanted = JSON.stringify(spec, null, 2) + "\n";
  if (await Deno.readTextFile(path).catch(() => "") === wanted) return false;
  await Deno.mkdir(kernel, { recursive: true });
  await Deno.writeTextFile(path, wanted);
  return true;
}
