/** The user's folders, which environment variables name: the home folder, the cache folder, and the folder of data sets.
 * @module */
import { isAbsolute, join } from "node:path";

/** Returns an environment variable that holds an absolute path. By the XDG Base Directory Specification, an empty variable is an
 * unset one, and a relative path is ignored. */
function absoluteFrom(name: string): string | undefined {
  const path = Deno.env.get(name);
  return path && isAbsolute(path) ? path : undefined;
}

function homeFolder(): string | undefined {
  return absoluteFrom("HOME") ?? absoluteFrom("USERPROFILE");
}

/** Replaces a leading `~` by the home folder. Shells do so only at the start of a word, and thus not in `--out=~/x`.
 * @throws {RangeError} if the path begins with the name of another user (`~name`), or there is no home folder. */
export function expandHome(path: string): string {
  if (!path.startsWith("~")) return path;
  const [first = "", rest = ""] = path.split(/[/\\](.*)/s);
  if (first !== "~") {
    throw new RangeError(
      `Cannot use the path ${path}: expected ~/ for your own home folder, got ${first}; write the folder in full, or ./${path} ` +
        "for a file of this name",
    );
  }
  const home = homeFolder();
  if (home) return join(home, rest);
  throw new RangeError(`Cannot use the path ${path}: HOME is not set to an absolute path; write the folder in full`);
}

/** Returns the cache folder: the one named by FORGER_CACHE, or else "forger" in the operating system's cache folder.
 * @throws {Error} if no environment variable says where it is. */
export function cacheFolder(): string {
  const named = Deno.env.get("FORGER_CACHE");
  if (named) return expandHome(named);
  const inHome = (...names: string[]) => homeFolder() && join(homeFolder()!, ...names);
  const places: Partial<Record<typeof Deno.build.os, () => string | undefined>> = {
    darwin: () => inHome("Library", "Caches"),
    windows: () => absoluteFrom("LOCALAPPDATA") ?? inHome("AppData", "Local"),
  };
  const place = places[Deno.build.os]?.() ?? absoluteFrom("XDG_CACHE_HOME") ?? inHome(".cache");
  if (place) return join(place, "forger");
  throw new Error("Cannot find the cache folder: HOME is not set to an absolute path; set it, or set FORGER_CACHE to a folder");
}

/** Returns the folder of data sets that FORGER_DATA names; `undefined` if it is unset or empty. */
export function dataFolder(): string | undefined {
  return expandHome(Deno.env.get("FORGER_DATA") ?? "") || undefined;
}
