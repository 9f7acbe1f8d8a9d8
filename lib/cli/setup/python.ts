/** Finds a Python interpreter that can create the environment.
 * @module */
import { run } from "../process.ts";

/** Supported minor versions of Python 3: the oldest that all packages support, and the newest with a TensorFlow wheel. */
const PYTHON_MINOR = { oldest: 10, newestForTensorflow: 13 } as const;

export interface Python {
  program: string;
  /** Version, such as "3.11.7". */
  version: string;
  /** Message for the user, if TensorFlow has no wheel for this version yet. */
  tooNew?: string;
}

/** Names of programs to look for on PATH, in this order. */
const PROGRAMS = ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"];

/** Program that prints a line such as "Python 3.11.7 64 x86_64 venv ensurepip". Modules that are not installed are omitted;
 * Debian does not install all of them by default. */
const PROBE = "import sys, struct, platform, importlib.util as u; " +
  "print('Python', sys.version.split()[0], struct.calcsize('P') * 8, platform.machine(), " +
  "*[name for name in ('venv', 'ensurepip') if u.find_spec(name)])";

/** Finds the first usable Python interpreter on PATH. Prefers a version with a TensorFlow wheel to a newer version without
 * one.
 * @param minor The minor version that the interpreter must have, such as "3.11". Default: any.
 * @returns The interpreter, or an error message for the user, with the remedy. */
export async function findPython(programs: readonly string[] = PROGRAMS, minor?: string): Promise<Python | string> {
  let problem: string | undefined;
  let newer: Python | undefined;
  for (const program of programs) {
    const found = await probe(program);
    if (typeof found === "string") problem ??= found;
    else if (minor !== undefined && found?.version.startsWith(`${minor}.`) === false) continue;
    else if (found?.tooNew) newer ??= found;
    else if (found) return found;
  }
  return newer ?? problem ?? `Cannot find Python: neither python3 nor python is on PATH; install Python ${RANGE}`;
}

const RANGE = `3.${PYTHON_MINOR.oldest} to 3.${PYTHON_MINOR.newestForTensorflow}`;

async function probe(program: string): Promise<Python | string | undefined> {
  const ended = await run(program, ["-I", "-c", PROBE]);
  // A version manager puts a shim on PATH for every version; shims of versions that are not installed fail.
  if (!ended || (!ended.success && program.includes("."))) return undefined;
  const answer = ended.lines.find((line) => line.startsWith("Python ")) ?? "";
  return checkPython(program, answer, ended.lines.at(-1) ?? "no output");
}

/** Deno's names for architectures, keyed by Python's names. */
const ARCHITECTURES: Record<string, string> = { x86_64: "x86_64", amd64: "x86_64", arm64: "aarch64", aarch64: "aarch64" };

/** Checks the output of the program in `PROBE`. Exported for the tests.
 * @param answer The output line that starts with "Python", or "" if there is none.
 * @param last The last output line, which the error message quotes if the program does not work.
 * @returns The interpreter, or an error message for the user if it cannot be used. */
export function checkPython(program: string, answer: string, last: string): Python | string {
  const [, version = "", , minor] = answer.match(/^Python ((\d+)\.(\d+)\S*)/) ?? [];
  const words = answer.split(" ").slice(2);
  const problem = (what: string, cure = `install Python ${RANGE}`) => `Cannot use ${program}: ${what}; ${cure}`;
  if (!version) return problem(`it does not run (${last})`);
  if (!version.startsWith("3.") || Number(minor) < PYTHON_MINOR.oldest) return problem(`Python ${version} is too old`);
  if (!words.includes("64") || ARCHITECTURES[words[1]?.toLowerCase() ?? ""] !== Deno.build.arch) {
    const machine = words.length >= 2 ? `${words[1]}, ${words[0]}-bit` : "unknown";
    return problem(`its architecture (${machine}) differs from Deno's (${Deno.build.arch})`, "install a matching Python");
  }
  if (!words.includes("venv") || !words.includes("ensurepip")) {
    return problem("it has no venv module", "install the module (on Debian and Ubuntu: apt install python3-venv)");
  }
  if (Number(minor) <= PYTHON_MINOR.newestForTensorflow) return { program, version };
  return { program, version, tooNew: `TensorFlow has no wheel for Python ${version}; install Python ${RANGE} alongside it` };
}
