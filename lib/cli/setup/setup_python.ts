/** `.venv` with TensorFlow and JupyterLab in it, as far as this machine allows.
 * @module */
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { run } from "../process.ts";
import type { Progress } from "../status_line.ts";
import {
  type Environment,
  environmentIn,
  isWhole,
  makeEnvironment,
  readStamp,
  type Stamp,
  withLock,
  writeStamp,
} from "./environment.ts";
import { installKernel } from "./kernel.ts";
import { type PipFailure, pipInstall } from "./pip.ts";
import { findPython } from "./python.ts";
import { JUPYTER, tensorflowWheel } from "./requirements.ts";

/** What became of it. */
export interface PythonSetup {
  /** Whether anything had to be done. */
  changed: boolean;
  /** What could not be done: sentences for a person, each with its cure. */
  complaints: string[];
  /** What is there now, in a few words. */
  summary: string;
}

/** The two parts, each of use without the other. */
type Part = "tensorflow" | "jupyter";

/** Their names, and what a person loses without them, as the end of a sentence. */
const PARTS: Record<Part, { name: string; without: string }> = {
  tensorflow: { name: "TensorFlow", without: "Forger goes on with WebAssembly, which is slower" },
  jupyter: { name: "JupyterLab", without: "all but the notebooks goes on without it" },
};
const WITHOUT_BOTH = "Until then Forger goes on with WebAssembly, without notebooks";

/** Versions that belong to JupyterLab's. */
const CONSTRAINTS = fileURLToPath(new URL("constraints.txt", import.meta.url));

/** Puts into `.venv` what is missing there. */
export async function setUpPython(root: string, progress: Progress): Promise<PythonSetup> {
  const environment = environmentIn(root);
  const wanted = await wantedParts(readStamp(environment));
  if (isDone(environment, wanted)) return await finished(environment, []);
  const python = await findPython();
  if (typeof python === "string") {
    return {
      changed: false,
      complaints: [`${python}. ${WITHOUT_BOTH}`],
      summary: "WebAssembly",
    };
  }
  const onWait = () => progress.update("python", "Waiting for another setup to end");
  return await withLock(environment, onWait, async () => {
    // The other one may have done it all.
    if (isDone(environment, wanted)) return await finished(environment, []);
    const before = JSON.stringify(readStamp(environment));
    const failure = await makeEnvironment(environment, python, (stage) => progress.update("python", stage));
    const complaints = failure ? [failure] : await installParts(environment, wanted, python.tooNew, progress);
    return await finished(environment, complaints, before !== JSON.stringify(readStamp(environment)));
  }).finally(() => progress.finish("python"));
}

/** pip's arguments for each part that this machine can have. */
async function wantedParts(stamp: Stamp | undefined): Promise<Partial<Record<Part, string[]>>> {
  const gpu = Deno.build.os === "linux" && (stamp?.tensorflow?.includes("and-cuda") || await hasGpu());
  const wheel = tensorflowWheel(Deno.build.os, Deno.build.arch, gpu);
  const jupyter = ["--constraint", CONSTRAINTS, ...JUPYTER];
  return wheel ? { tensorflow: [...(wheel.dependencies ? [] : ["--no-deps"]), wheel.requirement], jupyter } : { jupyter };
}

/** Whether there is an NVIDIA GPU with its driver. */
async function hasGpu(): Promise<boolean> {
  const ended = await run("nvidia-smi", ["--list-gpus"]);
  return ended?.success === true && ended.lines.some((line) => line.startsWith("GPU "));
}

function isDone(environment: Environment, wanted: Partial<Record<Part, string[]>>): boolean {
  const stamp = readStamp(environment);
  if (!stamp || !isWhole(environment, stamp)) return false;
  return Object.entries(wanted).every(([part, args]) => stamp[part as Part] === requirement(args));
}

/** What the stamp keeps of pip's arguments: the packages. */
function requirement(args: readonly string[]): string {
  return args.filter((arg) => arg.includes("==")).join(" ");
}

async function installParts(
  environment: Environment,
  wanted: Partial<Record<Part, string[]>>,
  tooNew: string | undefined,
  progress: Progress,
): Promise<string[]> {
  const complaints: string[] = [];
  for (const part of ["tensorflow", "jupyter"] as const) {
    const { name, without } = PARTS[part];
    const args = wanted[part];
    if (!args) complaints.push(`${name} has no wheel for ${Deno.build.os} ${Deno.build.arch} that Forger can use: ${without}`);
    else if (part === "tensorflow" && tooNew) complaints.push(`${tooNew}. Until then ${without}`);
    else {
      const failure = await installPart(environment, part, args, progress);
      if (failure?.offline && !readStamp(environment)?.tensorflow) {
        return [`Cannot install TensorFlow and JupyterLab into .venv: ${failure.reason}. ${WITHOUT_BOTH}`];
      }
      if (failure) complaints.push(`Cannot install ${name} into .venv: ${failure.reason}. Until then ${without}`);
    }
  }
  return complaints;
}

/** Installs a part, unless the stamp says that it is there. */
async function installPart(
  environment: Environment,
  part: Part,
  args: string[],
  progress: Progress,
): Promise<PipFailure | undefined> {
  const stamp = readStamp(environment)!;
  const before = stamp[part];
  if (before === requirement(args) && isWhole(environment, stamp)) return undefined;
  const { [part]: _, ...rest } = stamp;
  writeStamp(environment, { ...rest, state: "working" });
  // The wheels for CPU and GPU hold the same files: the one must go before the other comes.
  if (part === "tensorflow" && before) {
    await run(environment.python, ["-I", "-m", "pip", "uninstall", "--yes", "tensorflow", "tensorflow-cpu"]);
  }
  const failure = await pipInstall({
    python: environment.python,
    args,
    scratch: join(environment.folder, "tmp"),
    onProgress: (stage, detail) => progress.update("python", stage, detail),
  });
  // What pip left half done stays "working", and is made afresh the next time.
  if (!failure) writeStamp(environment, { ...rest, state: "ready", [part]: requirement(args) });
  else if (failure.untouched) writeStamp(environment, { ...rest, state: "ready" });
  return failure;
}

async function finished(environment: Environment, complaints: string[], changed = false): Promise<PythonSetup> {
  const stamp = readStamp(environment);
  const kernel = stamp?.jupyter !== undefined && await installKernel(environment.folder, Deno.execPath());
  const there = [stamp?.tensorflow?.replace("==", " ") ?? "WebAssembly", stamp?.jupyter?.split(" ")[0]?.replace("==", " ")];
  return { changed: changed || kernel, complaints, summary: there.filter(Boolean).join(", ") };
}
