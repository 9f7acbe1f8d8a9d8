/** The project's own files.
 * @module */
import { join } from "node:path";

/** Folders that hold what is made or fetched. */
const NOT_OURS = new Set([".git", ".venv", "node_modules", "runs", ".ipynb_checkpoints"]);

/** Paths of all files below a folder that end in one of `endings`, sorted; what is made or fetched is left out. */
export async function projectFiles(folder: string, endings: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory && !NOT_OURS.has(entry.name)) paths.push(...await projectFiles(path, endings));
    else if (entry.isFile && endings.some((ending) => entry.name.endsWith(ending))) paths.push(path);
  }
  return paths.sort();
}
