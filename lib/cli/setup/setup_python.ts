/** Installs TensorFlow and JupyterLab into `.venv`, if this machine supports them.
 * @module */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join, relative } from "node:path";
import { cacheFolder } from "../../user_folders.ts";
import { run } from "../process.ts";
import type { Progress } from "../status_line.ts";
import {
  type Environment,
  environmentIn,
  installKernels,
  makeEnvironment,
  readStamp,
  type Stamp,
  withLock,
  writeStamp,
} from "./environment.ts";
import { type PipFailure, pipInstall } from "./pip.ts";
import { findPython, type Python } from "./python.ts";
import { isWhole, repairPaths } from "./repair.ts";

/** Version of TensorFlow that Forger is tested with. Forger uses only TensorFlow's C library. */
export const TENSORFLOW_VERSION = "2.21.0";

/** Packages for the notebooks: JupyterLab to open them, nbclient and nbconvert to execute them, and plotly to render figures.
 * `constraints.txt` pins their dependencies. */
export const JUPYTER: readonly string[] = ["jupyterlab==4.6.6", "nbclient==0.11.0", "nbconvert==7.17.2", "plotly==7.1.0"];

/** Selects TensorFlow's wheel for a machine.
 * @param gpu Whether the machine has a working NVIDIA GPU.
 * @returns The pip requirement; `undefined` if there is no wheel, or on Windows, which Forger's binding does not support. */
export function tensorflowWheel(os: string, architecture: string, gpu: boolean): string | undefined {
  if (os === "linux" && gpu) return `tensorflow[and-cuda]==${TENSORFLOW_VERSION}`;
  if (os === "linux" && architecture === "x86_64") return `tensorflow-cpu==${TENSORFLOW_VERSION}`;
  // The package tensorflow-cpu exists for x86_64 only; on aarch64 the package tensorflow is CPU-only.
  const plain = architecture === "aarch64" && (os === "linux" || os === "darwin");
  return plain ? `tensorflow==${TENSORFLOW_VERSION}` : undefined;
}

export interface PythonSetup {
  changed: boolean;
  /** Messages for the user about what could not be installed, each with its remedy. */
  problems: string[];
  /** Short list of what is installed now. */
  summary: string;
}

/** The two parts of the installation, each useful without the other. */
type Part = "tensorflow" | "jupyter";
/** pip's arguments for each part that this machine supports. */
type Wanted = Partial<Record<Part, string[]>>;

/** Name of each part, and a clause that says what happens if the part is missing. */
const PARTS: Record<Part, { name: string; without: string }> = {
  tensorflow: { name: "TensorFlow", without: "Forger uses WebAssembly, which is slower" },
  jupyter: { name: "JupyterLab", without: "everything except the notebooks works" },
};
const WITHOUT_BOTH = "Until then, Forger uses WebAssembly, and the notebooks do not run";

/** Returns the folder that contains `.venv`: the project's root folder, or the cache folder if the root folder is read-only or
 * is not a clone. */
function environmentRoot(root: string, isClone: boolean): string {
  return isClone && (existsSync(environmentIn(root).folder) || isWritable(root)) ? root : cacheFolder();
}

/** Returns whether a folder can be created in another folder. Node's `accessSync` would need a permission of its own. */
function isWritable(folder: string): boolean {
  try {
    Deno.removeSync(Deno.makeTempDirSync({ dir: folder, prefix: ".forger-" }));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  }
}

/** Installs the parts that are missing from `.venv`, and repairs it if its folder was moved.
 * @param isClone Whether `root` is a clone of the project. JupyterLab is installed only in a clone, since the published package
 * contains no notebooks. */
export async function setUpPython(root: string, progress: Progress, isClone = true): Promise<PythonSetup> {
  const environment = environmentIn(environmentRoot(root, isClone));
  const wanted = await wantedParts(readStamp(environment), isClone);
  if (await isDone(environment, wanted)) return await finished(environment, root, []);
  const python = await findPython();
  const none: PythonSetup = { changed: false, problems: [`${python}. ${WITHOUT_BOTH}`], summary: "WebAssembly" };
  if (typeof python === "string" && !existsSync(environment.folder)) return none;
  const onWait = () => progress.update("python", "Waiting for another setup to finish");
  return await withLock(environment, onWait, async () => {
    // Another setup may have installed everything in the meantime.
    if (await isDone(environment, wanted)) return await finished(environment, root, []);
    if (readStamp(environment)?.state === "ready" && await repairPaths(environment) && await isDone(environment, wanted)) {
      return await finished(environment, root, [], true);
    }
    if (typeof python === "string") return none;
    const before = JSON.stringify(readStamp(environment));
    const failure = await makeEnvironment(environment, python, (stage) => progress.update("python", stage));
    const problems = failure ? [failure] : await installParts(environment, wanted, python, progress);
    const changed = problems.length === 0 || before !== JSON.stringify(readStamp(environment));
    return await finished(environment, root, problems, changed);
  }).finally(() => progress.finish("python"));
}

async function wantedParts(stamp: Stamp | undefined, isClone: boolean): Promise<Wanted> {
  const gpu = Deno.build.os === "linux" && (stamp?.tensorflow?.includes("and-cuda") || await hasGpu());
  const wheel = tensorflowWheel(Deno.build.os, Deno.build.arch, gpu);
  const constraints = isClone && fileURLToPath(new URL("constraints.txt", import.meta.url)); // versions of the dependencies
  const jupyter = constraints ? { jupyter: ["--constraint", constraints, ...JUPYTER] } : {};
  // The C library needs none of the wheel's dependencies on a CPU. On a GPU, it needs those that contain the CUDA libraries.
  return wheel ? { tensorflow: gpu ? [wheel] : ["--no-deps", wheel], ...jupyter } : jupyter;
}

/** Returns whether there is an NVIDIA GPU with a driver. */
async function hasGpu(): Promise<boolean> {
  const ended = await run("nvidia-smi", ["--list-gpus"]);
  return ended?.success === true && ended.lines.some((line) => line.startsWith("GPU "));
}

async function isDone(environment: Environment, wanted: Wanted): Promise<boolean> {
  const stamp = readStamp(environment);
  if (!stamp || !await isWhole(environment, stamp)) return false;
  return Object.entries(wanted).every(([part, args]) => stamp[part as Part] === requirement(args));
}

/** Extracts the packages from pip's arguments, in the form in which the stamp records them. */
function requirement(args: readonly string[]): string {
  return args.filter((arg) => arg.includes("==")).join(" ");
}

async function installParts(environment: Environment, wanted: Wanted, { tooNew }: Python, progress: Progress): Promise<string[]> {
  const problems: string[] = [];
  for (const part of ["tensorflow", "jupyter"] as const) {
    const { name, without } = PARTS[part];
    const args = wanted[part];
    if (!args && part === "jupyter") continue; // not a clone
    if (!args) problems.push(`${name} has no wheel for ${Deno.build.os} ${Deno.build.arch} that Forger supports: ${without}`);
    else if (part === "tensorflow" && tooNew) problems.push(`${tooNew}. Until then, ${without}`);
    else {
      const failure = await installPart(environment, part, args, progress);
      if (failure?.offline && !readStamp(environment)?.tensorflow) {
        return [`Cannot install TensorFlow and JupyterLab into .venv: ${failure.reason}. ${WITHOUT_BOTH}`];
      }
      if (failure) problems.push(`Cannot install ${name} into .venv: ${failure.reason}. Until then, ${without}`);
    }
  }
  return problems;
}

/** Installs one part, unless the stamp says that it is installed. */
async function installPart(
  environment: Environment,
  part: Part,
  args: string[],
  progress: Progress,
): Promise<PipFailure | undefined> {
  const stamp = readStamp(environment)!;
  const before = stamp[part];
  const isInstalled = before === requirement(args);
  if (isInstalled && await isWhole(environment, { state: stamp.state, [part]: before })) return undefined;
  const { [part]: _, ...rest } = stamp;
  writeStamp(environment, { ...rest, state: "working" });
  // The wheels for CPU and GPU contain the same files, so the old one is uninstalled first.
  if (part === "tensorflow" && before) {
    await run(environment.python, ["-I", "-m", "pip", "uninstall", "--yes", "tensorflow", "tensorflow-cpu"]);
  }
  const failure = await pipInstall({
    python: environment.python,
    args: isInstalled ? ["--force-reinstall", ...args] : args, // files are missing or damaged, which pip does not notice
    scratch: join(environment.folder, "tmp"),
    onProgress: (stage, detail) => progress.update("python", stage, detail),
  });
  // If pip changed the environment before it failed, the state stays "working" and the next setup starts over.
  if (!failure) writeStamp(environment, { ...rest, state: "ready", [part]: requirement(args) });
  else if (failure.untouched) writeStamp(environment, { ...rest, state: "ready" });
  return failure;
}

/** Returns the paths that the kernels contain. A link to the project has the same kernels as the project itself. */
async function programsOf({ folder, python }: Environment, root: string): Promise<Record<"deno" | "python" | "root", string>> {
  const real = await Deno.realPath(folder);
  return { deno: Deno.execPath(), python: join(real, relative(folder, python)), root: await Deno.realPath(root) };
}

async function finished(environment: Environment, root: string, problems: string[], changed = false): Promise<PythonSetup> {
  const stamp = readStamp(environment);
  const kernels = stamp?.jupyter !== undefined && await installKernels(environment.folder, await programsOf(environment, root));
  const installed = [stamp?.tensorflow?.replace("==", " ") ?? "WebAssembly", stamp?.jupyter?.split(" ")[0]?.replace("==", " ")];
  return { changed: changed || kernels, problems, summary: installed.filter(Boolean).join(", ") };
}
