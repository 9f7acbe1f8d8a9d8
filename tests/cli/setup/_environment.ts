/** Environments that look complete to setup, without a download.
 * @module */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Environment, type Stamp, writeStamp } from "../../../lib/cli/setup/environment.ts";
import { findPython, type Python } from "../../../lib/cli/setup/python.ts";
import { JUPYTER, tensorflowWheel } from "../../../lib/cli/setup/setup_python.ts";
import { elf } from "../../backend/tensorflow/_elf.ts";

const MAC = Deno.build.os === "darwin";
/** Main library of TensorFlow. */
export const LIBRARY = MAC ? "libtensorflow_cc.2.dylib" : "libtensorflow_cc.so.2";

/** Returns the folder of an environment's packages. */
export async function packagesIn({ folder }: Environment): Promise<string> {
  const [name] = await Array.fromAsync(Deno.readDir(join(folder, "lib")), (entry) => entry.name);
  return join(folder, "lib", name!, "site-packages");
}

/** Replaces a link. */
export async function link(target: string, path: string): Promise<void> {
  await Deno.remove(path).catch(() => {});
  await Deno.symlink(target, path);
}

let python: Promise<Python> | undefined;

/** Returns the Python behind the shim of a version manager, which starts faster. */
async function realPython(): Promise<Python> {
  const { program, version } = await findPython() as Python;
  const { stdout } = await new Deno.Command(program, { args: ["-c", "import sys; print(sys.executable)"] }).output();
  return { program: new TextDecoder().decode(stdout).trim(), version };
}

/** Creates or repairs an environment without pip, and with stubs of everything that setup installs. Needs a Python.
 * @returns its stamp. */
export async function makeReady(environment: Environment): Promise<Stamp> {
  const { program, version } = await (python ??= realPython());
  if (!existsSync(environment.folder)) {
    await new Deno.Command(program, { args: ["-m", "venv", "--without-pip", environment.folder] }).output();
  }
  for (const name of ["python", "python3"]) await link(program, join(environment.folder, "bin", name));
  const packages = await packagesIn(environment);
  for (const requirement of JUPYTER) await Deno.mkdir(join(packages, requirement.split("==")[0]!), { recursive: true });
  await Deno.mkdir(join(packages, "tensorflow"), { recursive: true });
  for (const name of [LIBRARY, LIBRARY.replace("cc", "framework")]) {
    await Deno.writeFile(join(packages, "tensorflow", name), elf("returns"));
  }
  for (const name of ["jupyter", "legacy", "pip"]) {
    const script = `#!${environment.python}\nimport sys\nprint(sys.prefix)\n`;
    await Deno.writeTextFile(join(environment.folder, "bin", name), script, { mode: 0o755 });
  }
  const tensorflow = tensorflowWheel(Deno.build.os, Deno.build.arch, false);
  const stamp: Stamp = { state: "ready", python: version, ...tensorflow && { tensorflow }, jupyter: JUPYTER.join(" ") };
  writeStamp(environment, stamp);
  return stamp;
}
