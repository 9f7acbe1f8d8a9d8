/** Finds the user's folders through environment variables: the home folder, the cache folder, and the folder for data sets.
 * @module */
import { isAbsolute, join } from "node:path";

/** Returns the value of an environment variable if it is an absolute path. As the XDG Base Directory Specification requires,
 * empty variables and relative paths are ignored. */
function absoluteFrom(name: string): string | undefined {
  const path = Deno.env.get(name);
  return path && isAbsolute(path) ? path : undefined;
}

function homeFolder(): string | undefined {
  return absoluteFrom("HOME") ?? absoluteFrom("USERPROFILE");
}

/** Replaces a leading `~` with the home folder. Shells replace `~` only at the start of a word, and therefore not in `--out=~/x`.
 * @throws {RangeError} If the path begins with the name of another user (`~name`), or there is no home folder. */
export function expandHome(path: string): string {
  if (!path.startsWith("~")) return path;
  const [first = "", rest = ""] = path.split(/[/\\](.*)/s);
  if (first !== "~") {
    throw new RangeError(
      `Cannot use the path ${path}: expected ~/ for your own home folder, got ${first}; write the full path, or ./${path} for ` +
        "a file with this name",
    );
  }
  const home = homeFolder();
  if (home) return join(home, rest);
  throw new RangeError(`Cannot use the path ${path}: HOME is not set to an absolute path; write the full path`);
}

/** Returns the cache folder: the path in FORGER_CACHE or, if this variable is not set, the folder "forger" in the operating
 * system's cache folder.
 * @throws {Error} If no environment variable gives the location of the cache folder. */
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
  throw new Error("Cannot find the cache folder: HOME is not set to an absolute path; set HOME, or set FORGER_CACHE to a folder");
}

/** Returns the folder for data sets, as given by the environment variable FORGER_DATA, or `undefined` if this variable is
 * unset or empty. */
export function dataFolder(): string | undefined {
  return expandHome(Deno.env.get("FORGER_DATA") ?? "") || undefined;
}
