/** The Deno kernel for Jupyter, in the environment rather than in the user's home.
 * @module */
import { join } from "node:path";

/** Writes the kernel's description, unless it is there already: `share/jupyter/kernels/deno/kernel.json`.
 * @param environment folder of the Python environment.
 * @param deno the Deno that the kernel is to run on.
 * @returns whether it was written. */
export async function installKernel(environment: string, deno: string): Promise<boolean> {
  const folder = join(environment, "share", "jupyter", "kernels", "deno");
  const path = join(folder, "kernel.json");
  // The same content as "deno jupyter --install" writes. A Deno that npx fetched may move: hence a look at each setup.
  const argv = [deno, "jupyter", "--kernel", "--conn", "{connection_file}"];
  const wanted = JSON.stringify({ argv, display_name: "Deno", language: "typescript" }, null, 2) + "\n";
  if (await Deno.readTextFile(path).catch(() => "") === wanted) return false;
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(path, wanted);
  return true;
}
