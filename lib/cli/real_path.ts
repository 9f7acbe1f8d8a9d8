/** Which file a path leads to: a link is another name of a file that someone else may be reading.
 * @module */

/** The path without links, or `undefined` where there is no file. */
export async function realPath(path: string): Promise<string | undefined> {
  return await Deno.realPath(path).catch(() => undefined);
}

/** The paths that lead to files, by the files' own paths. */
export async function byRealPath(paths: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of paths) {
    const real = await realPath(path);
    if (real !== undefined) found.set(real, path);
  }
  return found;
}
