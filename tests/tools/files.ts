/** The project's own files.
 * @module */
import { join } from "node:path";

/** Folders of generated or downloaded files. */
const NOT_OURS = new Set([".git", ".venv", "node_modules", "runs", ".ipynb_checkpoints"]);

/** Lists all files under a folder whose names end with one of the endings, sorted. Skips generated and downloaded files.
 * @returns absolute paths if `folder` is absolute; none if it does not exist. */
export async function projectFiles(folder: string, endings: readonly string[]): Promise<string[]> {
  const paths: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      const path = join(folder, entry.name);
      if (entry.isDirectory && !NOT_OURS.has(entry.name)) paths.push(...await projectFiles(path, endings));
      else if (entry.isFile && endings.some((ending) => entry.name.endsWith(ending))) paths.push(path);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return paths.sort();
}
