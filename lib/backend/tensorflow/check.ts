/** Checks TensorFlow's C library before it is loaded. If a library is truncated, or uses instructions that the processor lacks,
 * such as AVX, loading the library ends the process with a signal.
 *
 * 1. The header of each file must name this machine's processor, and the file must be at least as long as its header specifies.
 * 2. A child process loads the library. Loading takes about half a second, so the result is stored in the cache folder, keyed by
 * library and processor.
 *
 * The checks run only on Linux. TensorFlow's wheels for macOS are built for Apple's processors, all of which have the required
 * instructions.
 * @module */
import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { cacheFolder } from "../../user_folders.ts";
import { cString, openLibc, processor } from "./libc.ts";

/** Files of TensorFlow's C library, in the same folder: the library to open, and the framework library that it depends on. */
export interface LibraryFiles {
  library: string;
  framework: string;
}

/** Codes of processors in the header of an ELF file, keyed by Deno's names for the processors. */
const MACHINES = { x86_64: 62, aarch64: 183 };

/** Checks the header of a library (ELF-64, little-endian).
 * @returns A description of the problem, if this machine cannot load the file. */
export function headerProblem(path: string): string | undefined {
  if (Deno.build.os !== "linux") return undefined;
  using file = Deno.openSync(path);
  const { size } = file.statSync();
  const view = new DataView(new ArrayBuffer(64));
  file.readSync(new Uint8Array(view.buffer));
  if (view.getUint32(0) !== 0x7f454c46) return size === 0 ? "the file is empty" : "the file is not a library";
  const wanted = MACHINES[Deno.build.arch];
  const machine = view.getUint16(18, true);
  if (view.getUint8(4) !== 2 || machine !== wanted) return `the file is for another processor than ${Deno.build.arch}`;
  // The section table, the last part of the file, ends at its offset plus the size times the number of its entries.
  const end = Number(view.getBigUint64(40, true)) + view.getUint16(58, true) * view.getUint16(60, true);
  return size < end ? `the file is incomplete: expected ${end} bytes, got ${size}` : undefined;
}

/** Names of the signals that indicate a crash, keyed by number. Other signals, such as SIGKILL, come from outside the process. */
const CRASHES: Record<number, string> = { 4: "SIGILL", 5: "SIGTRAP", 6: "SIGABRT", 7: "SIGBUS", 8: "SIGFPE", 11: "SIGSEGV" };

/** Loads the library in a child process, a shell that exits at once. The shell is started through FFI and therefore needs no
 * `--allow-run`.
 * @returns The name of the signal that ended the child process, or "" if no crash was detected. */
function crashOf({ library, framework }: LibraryFiles): string {
  const folder = `'${dirname(library).replaceAll("'", `'\\''`)}'`; // LD_PRELOAD takes no spaces, so its paths are relative
  const preload = `LD_BIND_NOW=1 LD_PRELOAD=./${basename(framework)}:./${basename(library)}`;
  const libc = openLibc();
  const status = libc.symbols.system(cString(`ulimit -c 0; cd ${folder} && ${preload} exec /bin/sh -c : >/dev/null 2>&1`));
  libc.close();
  return CRASHES[status & 0x7f] ?? CRASHES[(status >> 8) - 128] ?? "";
}

/** Parts of {@linkcode checkLibrary} that tests can replace. */
export interface CheckOptions {
  /** Loads the library in another process, and returns the name of the signal that ended the process, or "" if there was none. */
  crash?: (files: LibraryFiles) => string;
  /** Description of the processor, as in /proc/cpuinfo. */
  cpu?: string;
  /** File that stores the results of earlier checks. Default: tensorflow.json in the cache folder, if this process may write to
   * the folder. */
  cache?: string;
}

/** Checks that loading the library does not crash the process.
 * @throws {Error} With the reason and the remedy on one line, if the library cannot be loaded. */
export function checkLibrary(files: LibraryFiles, options: CheckOptions = {}): void {
  if (Deno.build.os !== "linux") return;
  const fail = (path: string, problem: string, cure: string) => {
    throw new Error(`Cannot load TensorFlow from ${path}: ${problem}; ${cure}`);
  };
  for (const path of Object.values(files)) {
    const problem = headerProblem(path);
    if (problem) fail(path, problem, 'run "deno task setup"');
  }
  const { crash = crashOf, cpu = processor(), cache = cacheFile() } = options;
  const hasAvx = / avx /.test(cpu) || Deno.build.arch !== "x86_64";
  const machine = createHash("sha256").update(cpu).digest("hex").slice(0, 16);
  const key = [...Object.values(files).flatMap(signature), machine].join(" ");
  const answers = readAnswers(cache);
  let signal = answers[key];
  if (signal === undefined) {
    const keep = answerWriter(cache);
    if (!keep && hasAvx) return; // the answer is almost certain, and would be looked for at every start
    signal = crash(files);
    keep?.({ ...answers, [key]: signal });
  }
  if (signal === "") return;
  if (!hasAvx) {
    fail(files.library, `this processor has no AVX instructions (${signal})`, "use a library that was built without them");
  }
  fail(files.library, `loading it ends a process with ${signal}`, 'delete its virtual environment and run "deno task setup"');
}

function signature(path: string): (string | number)[] {
  const { size, mtime } = Deno.statSync(path);
  return [path, size, mtime?.getTime() ?? 0];
}

function cacheFile(): string | undefined {
  const granted = (name: "env" | "write") => Deno.permissions.querySync({ name }).state === "granted";
  try {
    return granted("env") && granted("write") ? join(cacheFolder(), "tensorflow.json") : undefined;
  } catch {
    return undefined; // no home folder
  }
}

/** Results of earlier checks, keyed by library and processor. Each result is "" or the name of a signal. */
type Answers = Record<string, string>;

function readAnswers(path: string | undefined): Answers {
  try {
    const found: unknown = JSON.parse(Deno.readTextFileSync(path!));
    return typeof found === "object" && found !== null && !Array.isArray(found) ? found as Answers : {};
  } catch {
    return {};
  }
}

/** Maximum number of results to keep. Each new version of the library adds a result. */
const KEPT = 20;

/** Returns a function that writes the results of checks, or `undefined` if the cache folder is not writable. */
function answerWriter(path: string | undefined): ((answers: Answers) => void) | undefined {
  const temporary = `${path}.${Deno.pid}`;
  try {
    Deno.mkdirSync(dirname(path!), { recursive: true });
    Deno.writeTextFileSync(temporary, "");
  } catch {
    return undefined;
  }
  return (answers) => {
    Deno.writeTextFileSync(temporary, JSON.stringify(Object.fromEntries(Object.entries(answers).slice(-KEPT)), null, 2) + "\n");
    Deno.renameSync(temporary, path!);
  };
}
