/** Checks an environment, and repairs it if its folder was moved, renamed or copied, or if its Python was removed. The repair
 * downloads nothing and does not change the packages.
 *
 * An environment contains absolute paths in the first lines of its scripts (`bin/pip`, `bin/jupyter`), in `bin/activate`, and
 * in the link `bin/python` to the Python that created it.
 * @module */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { headerProblem } from "../../backend/tensorflow/check.ts";
import { run } from "../process.ts";
import type { Environment, Stamp } from "./environment.ts";
import { findPython } from "./python.ts";

/** Returns whether the packages named in the stamp work: Python starts and finds the packages, the scripts run this Python,
 * and TensorFlow's library is complete. The check takes only about 20 ms, since it runs before every task. */
export async function isWhole(environment: Environment, stamp: Stamp): Promise<boolean> {
  if (stamp.state !== "ready" || !existsSync(environment.python) || wasMoved(environment)) return false;
  if (stamp.jupyter !== undefined && !existsSync(environment.jupyter)) return false;
  if (stamp.tensorflow !== undefined && !hasTensorflow(environment)) return false;
  const packages = (stamp.jupyter ?? "").split(" ").flatMap((requirement) => requirement.split("==")[0] || []);
  return (await run(environment.python, ["-I", "-c", PROBE, ...packages]))?.success === true;
}

/** Python program that fails if a package is missing. The program does not import the packages. */
const PROBE = "import sys, importlib.util as u; sys.exit(not all(map(u.find_spec, sys.argv[1:])))";

function hasTensorflow({ folder }: Environment): boolean {
  const lib = join(folder, "lib");
  const versions = existsSync(lib) ? [...Deno.readDirSync(lib)] : [];
  const files = versions.flatMap(({ name }) => LIBRARIES.map((file) => join(lib, name, "site-packages", "tensorflow", file)));
  const found = files.filter((path) => existsSync(path));
  return found.length >= LIBRARIES.length && found.every((path) => headerProblem(path) === undefined);
}

/** TensorFlow libraries that Forger loads. pip unpacks these libraries early, so their existence does not prove that pip has
 * finished. */
const LIBRARIES = ["cc", "framework"].map((name) =>
  Deno.build.os === "darwin" ? `libtensorflow_${name}.2.dylib` : `libtensorflow_${name}.so.2`
);

/** The two forms that the first lines of a Python script can take. pip uses the second form for paths that are long or contain a
 * space. */
const DIRECT = /^#!(\/.+\/(python[\d.]*))\n/;
const BY_SHELL = /^#!\/bin\/sh\n'''exec' "?(\/.+\/(python[\d.]*))"? "\$0" "\$@"\n' '''\n/;

/** Maximum length of a script's first line: every operating system accepts a line of this length. */
const LONGEST = 127;

/** Returns the path of the Python interpreter that a script runs, or `undefined` if the file is not a Python script. */
function interpreterOf(script: string): string | undefined {
  return (script.match(DIRECT) ?? script.match(BY_SHELL))?.[1];
}

/** Returns whether the scripts run a Python in another folder, because the environment was moved, renamed or copied. */
function wasMoved({ python, jupyter }: Environment): boolean {
  const scripts = [jupyter, join(dirname(python), "pip")].filter((path) => existsSync(path));
  return scripts.some((path) => {
    const interpreter = interpreterOf(Deno.readTextFileSync(path));
    return interpreter !== undefined && !isSameFolder(dirname(interpreter), dirname(python));
  });
}

function isSameFolder(one: string, other: string): boolean {
  try {
    return Deno.realPathSync(one) === Deno.realPathSync(other);
  } catch {
    return false; // one of them does not exist
  }
}

/** Repairs the paths in an environment that was moved, or whose Python does not start.
 * @returns Whether Python works after the repair. */
export async function repairPaths(environment: Environment): Promise<boolean> {
  const starts = async () => (await run(environment.python, ["-I", "-c", ""]))?.success === true;
  const links = dirname(environment.python);
  let creator = environment.python;
  const works = await starts();
  if (works && !wasMoved(environment)) return true;
  if (!works) {
    // The packages are compiled for one minor version of Python.
    const settings = await Deno.readTextFile(join(environment.folder, "pyvenv.cfg")).catch(() => "");
    const [, minor] = settings.match(/^version(?:_info)? *= *(\d+\.\d+)/m) ?? [];
    const other = minor && await findPython([`python${minor}`, "python3", "python"], minor);
    if (!other || typeof other === "string") return false;
    creator = other.program;
    for (const { name } of Deno.readDirSync(links)) if (/^python[\d.]*$/.test(name)) Deno.removeSync(join(links, name));
  }
  // Creating the environment again in place rewrites only the links, the activation scripts and pyvenv.cfg.
  await run(creator, ["-I", "-m", "venv", "--without-pip", environment.folder]);
  for (const { name, isFile } of Deno.readDirSync(links)) if (isFile) rewriteScript(join(links, name), links);
  return await starts();
}

/** Rewrites the first lines of a Python script so that it runs the Python in `folder`. Other files are not changed. */
function rewriteScript(path: string, folder: string): void {
  const bytes = Deno.readFileSync(path);
  if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return; // no #!
  const script = new TextDecoder().decode(bytes);
  const found = script.match(DIRECT) ?? script.match(BY_SHELL);
  if (!found) return;
  const python = join(folder, found[2]!);
  const isDirect = !python.includes(" ") && python.length + 3 <= LONGEST;
  const head = isDirect ? `#!${python}\n` : `#!/bin/sh\n'''exec' "${python}" "$0" "$@"\n' '''\n`;
  Deno.writeTextFileSync(`${path}.new`, head + script.slice(found[0].length), { mode: 0o755 });
  Deno.renameSync(`${path}.new`, path);
}
