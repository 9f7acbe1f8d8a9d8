/** The Python that can make the environment.
 * @module */
import { run } from "../process.ts";
import { PYTHON_MINOR } from "./requirements.ts";

/** A Python that can be used. */
export interface Python {
  program: string;
  /** "3.11.7". */
  version: string;
  /** Set if TensorFlow has no wheel for it yet: a sentence for a person. */
  tooNew?: string;
}

/** Names that a Python may have on PATH, in the order in which they are tried. */
const PROGRAMS = ["python3", "python", "python3.13", "python3.12", "python3.11", "python3.10"];

/** Prints "Python 3.11.7 64 x86_64 venv ensurepip", the last two where the modules are there: Debian leaves the second out. */
const PROBE = "import sys, struct, platform, importlib.util as u; " +
  "print('Python', sys.version.split()[0], struct.calcsize('P') * 8, platform.machine(), " +
  "*[name for name in ('venv', 'ensurepip') if u.find_spec(name)])";

/** The first Python on PATH that can be used, one for which TensorFlow has a wheel before one that is too new.
 * @returns otherwise a sentence for a person: what is wrong, and the cure. */
export async function findPython(programs: readonly string[] = PROGRAMS): Promise<Python | string> {
  let complaint: string | undefined;
  let newer: Python | undefined;
  for (const program of programs) {
    const found = await probe(program);
    if (typeof found === "string") complaint ??= found;
    else if (found?.tooNew) newer ??= found;
    else if (found) return found;
  }
  return newer ?? complaint ?? `No Python: neither python3 nor python is on PATH; install Python ${range()}`;
}

function range(): string {
  return `3.${PYTHON_MINOR.oldest} to 3.${PYTHON_MINOR.newestForTensorflow}`;
}

async function probe(program: string): Promise<Python | string | undefined> {
  const ended = await run(program, ["-I", "-c", PROBE]);
  // A shim of a version manager is on PATH for every version, and fails for those that are not installed.
  if (!ended || (!ended.success && program.includes("."))) return undefined;
  const answer = ended.lines.find((line) => line.startsWith("Python ")) ?? "";
  return judge(program, answer, ended.lines.at(-1) ?? "nothing");
}

/** What is to be said of a Python that answered the probe: exported for the tests.
 * @param answer the probe's line, or what else began with "Python".
 * @param last its last words, should it not have answered. */
export function judge(program: string, answer: string, last: string): Python | string {
  const [, version = "", , minor] = answer.match(/^Python ((\d+)\.(\d+)\S*)/) ?? [];
  const words = answer.split(" ").slice(2);
  if (!version) return `Cannot use ${program}: it does not run (it says: ${last}); install Python ${range()}`;
  if (!version.startsWith("3.") || Number(minor) < PYTHON_MINOR.oldest) {
    return `Cannot use ${program}: it is Python ${version}, too old; install Python ${range()}`;
  }
  if (!words.includes("64") || architectureOf(words) !== Deno.build.arch) {
    const machine = words.slice(0, 2).reverse().join(", ") || "of no known kind";
    return `Cannot use ${program}: it is built for another machine (${machine}-bit) than Deno (${Deno.build.arch}); install one that fits`;
  }
  if (!words.includes("venv") || !words.includes("ensurepip")) {
    return `Cannot use ${program}: it has no venv module; install it (on Debian and Ubuntu: apt install python3-venv)`;
  }
  if (Number(minor) <= PYTHON_MINOR.newestForTensorflow) return { program, version };
  return { program, version, tooNew: `Python ${version} is newer than TensorFlow's wheels; install Python ${range()} beside it` };
}

function architectureOf(words: readonly string[]): string | undefined {
  const names: Record<string, string> = { x86_64: "x86_64", amd64: "x86_64", arm64: "aarch64", aarch64: "aarch64" };
  return names[(words[1] ?? "").toLowerCase()];
}
