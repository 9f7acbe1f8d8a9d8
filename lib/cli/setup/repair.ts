/** Repair of an environment whose folder was moved, renamed or copied, or whose Python was removed. Needs no download: the
 * packages in it stay as they are.
 *
 * An environment contains absolute paths: the first lines of its scripts (`bin/pip`, `bin/jupyter`), `bin/activate`, and the link
 * `bin/python` to the Python that created it.
 * @module */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../process.ts";
import type { Environment } from "./environment.ts";
import { findPython } from "./python.ts";

/** The two forms of a script's first lines. pip uses the second one for paths that are long or contain a space. */
const DIRECT = /^#!(\/.+\/(python[\d.]*))\n/;
const BY_SHELL = /^#!\/bin\/sh\n'''exec' "?(\/.+\/(python[\d.]*))"? "\$0" "\$@"\n' '''\n/;

/** Maximum length of a first line that every system accepts. */
const LONGEST = 127;

/** Returns the path of the Python that a script runs; `undefined` if it is not a script, or not of Python. */
function interpreterOf(script: string): string | undefined {
  return (script.match(DIRECT) ?? script.match(BY_SHELL))?.[1];
}

/** Returns whether the scripts run the Python of another folder, since the environment was moved, renamed or copied. */
export function wasMoved({ python, jupyter }: Environment): boolean {
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
 * @returns whether its Python works now. */
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
  // Creating an environment in its place writes the links, the activation scripts and pyvenv.cfg anew, and nothing else.
  await run(creator, ["-I", "-m", "venv", "--without-pip", environment.folder]);
  for (const { name, isFile } of Deno.readDirSync(links)) if (isFile) rewriteScript(join(links, name), links);
  return await starts();
}

/** Rewrites the first lines of a script, if it is one of Python's, so that it runs the Python in `folder`. */
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
