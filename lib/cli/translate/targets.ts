/** Where translated pictures go.
 * @module */
import { basename, dirname, extname, join } from "node:path";
import { UsageError } from "../options.ts";
import { byRealPath, realPath } from "../real_path.ts";

/** The files that are made of a picture.
 * @param path the picture's.
 * @param variants how many; if several, their names end in -1, -2, .... */
export function targetsOf(path: string, output: string, variants: number): string[] {
  const name = join(output, basename(path, extname(path)));
  return variants === 1 ? [`${name}.png`] : Array.from({ length: variants }, (_, i) => `${name}-${i + 1}.png`);
}

/** No picture may be written over one that is read, be it through a link, or over another one that is made.
 * @param pictures of one folder.
 * @throws {UsageError} if one would be. */
export async function checkTargets(pictures: readonly string[], output: string, variants: number): Promise<void> {
  const folder = await realPath(output);
  if (folder !== undefined && folder === await realPath(dirname(pictures[0]!))) {
    throw new UsageError(`Option --output: ${output} is where the pictures are, and some would be lost; choose another folder`);
  }
  const read = await byRealPath(pictures);
  const sources = new Map<string, string>();
  for (const path of pictures) {
    for (const place of targetsOf(path, output, variants)) {
      const other = sources.get(place);
      if (other !== undefined) {
        throw new UsageError(`Option --input: ${other} and ${path} would both become ${place}; rename one of them`);
      }
      sources.set(place, path);
      const lost = folder === undefined ? undefined : read.get(await realPath(place) ?? "");
      if (lost !== undefined) {
        throw new UsageError(
          `Option --output: ${place} and ${lost}, which is read, are one file, and it would be lost; choose another folder`,
        );
      }
    }
  }
}
