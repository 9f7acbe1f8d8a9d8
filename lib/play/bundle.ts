/** The scripts of a page, bundled by `deno bundle` in a child process and kept in the user's cache folder.
 *
 * The bundles depend on Forger's sources and on the version of Deno; the name of their cache folder is a digest of both. Later
 * exports reuse the bundles.
 * @module */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { oneLine } from "../data/errors.ts";
import { VERSION, writeTextFile } from "../train/files.ts";
import { cacheFolder } from "../user_folders.ts";
import config from "./bundle.json" with { type: "json" };

/** The scripts and the stylesheet of a page, as text. */
export interface Scripts {
  worker: string;
  page: string;
  style: string;
}

/** The files from which the scripts of a page are bundled. */
export interface ScriptSources {
  worker: URL;
  page: URL;
  style: URL;
  /** Modules that replace others. Keys and values are relative to this file, or names such as "node:path". */
  imports: Record<string, string>;
}

const here = (name: string) => new URL(name, import.meta.url);

/** The page of a trained model. */
const MODEL_PAGE: ScriptSources = {
  worker: here("worker.ts"),
  page: here("page.ts"),
  style: here("style.css"),
  imports: config.imports,
};

/** The page of the game. The game draws the random numbers of the library on WebAssembly, so its experiments and the programs
 * that it shows give the same results. */
export const GAME_PAGE: ScriptSources = {
  worker: here("game/worker.ts"),
  page: here("game/page.ts"),
  style: here("game/style.css"),
  imports: Object.fromEntries(Object.entries(config.imports).filter(([name]) => name.startsWith("node:"))),
};

/** Folders with the sources of the scripts, relative to this file. */
const SOURCES = ["../", "../../data/worlds/"];
/** Age at which bundles of other versions are removed, in milliseconds. */
const OLD = 7 * 24 * 3600 * 1000;

/** Returns the scripts of a page, and bundles them if the cache does not contain them.
 * @param say Called before bundling, which takes several seconds.
 * @throws {Error} If the scripts cannot be bundled. */
export async function pageScripts(
  say: () => void = () => {},
  cache: string = join(cacheFolder(), "play"),
  sources: ScriptSources = MODEL_PAGE,
): Promise<Scripts> {
  const folder = join(cache, await digestOf(sources));
  const kept = await readScripts(folder);
  if (kept) return kept;
  say();
  const { imports } = sources;
  const [worker, page] = await Promise.all([bundle(sources.worker, "iife", imports), bundle(sources.page, "esm", imports)]);
  const style = await textOf(sources.style);
  await writeTextFile(join(folder, "worker.js"), worker);
  await writeTextFile(join(folder, "page.js"), page);
  await writeTextFile(join(folder, "style.css"), style); // last: its presence means that the folder is complete
  await removeOld(cache, folder);
  return { worker, page, style };
}

async function readScripts(folder: string): Promise<Scripts | undefined> {
  try {
    const style = await Deno.readTextFile(join(folder, "style.css"));
    const [worker, page] = await Promise.all(["worker.js", "page.js"].map((name) => Deno.readTextFile(join(folder, name))));
    return { worker: worker!, page: page!, style };
  } catch {
    return undefined;
  }
}

/** Returns the digest of everything that the bundles depend on. The files of a package in a registry never change, so its version
 * is sufficient. */
async function digestOf({ page }: ScriptSources): Promise<string> {
  const hash = createHash("sha256").update(`${VERSION} ${Deno.version.deno} ${page}\n`);
  if (import.meta.url.startsWith("file:")) {
    for (const folder of SOURCES) {
      for (const path of await filesBelow(fileURLToPath(new URL(folder, import.meta.url)))) {
        hash.update(path).update(await Deno.readFile(path));
      }
    }
  }
  return hash.digest("hex").slice(0, 32);
}

async function filesBelow(folder: string): Promise<string[]> {
  const files: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) files.push(...await filesBelow(join(folder, name)));
    else if (/\.(ts|json|css)$/.test(name)) files.push(join(folder, name));
  }
  return files.sort();
}

/** Bundles one script for browsers.
 * @param format "iife" for a classic script, as workers need, or "esm" for a module. */
async function bundle(entry: URL, format: "iife" | "esm", replaced: Record<string, string>): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "forger-bundle-" });
  try {
    // Addresses in an import map are relative to the map's file. The file lies outside the project; otherwise, the project's own
    // configuration would apply, too.
    const full = (path: string) => path.startsWith(".") ? new URL(path, import.meta.url).href : path;
    const imports = Object.entries(replaced).map(([name, path]) => [full(name), full(path)]);
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify({ imports: Object.fromEntries(imports) }));
    const out = join(folder, "out.js");
    const args = ["bundle", "--quiet", "--config", join(folder, "deno.json"), "--no-lock", "--platform", "browser"];
    args.push("--format", format, "--minify", "--output", out, entry.href);
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: folder,
      ...{ stdin: "null", stdout: "null", stderr: "piped" } as const,
      env: { NO_COLOR: "1" },
    }).output();
    if (success) return await Deno.readTextFile(out);
    throw new Error(reasonOf(new TextDecoder().decode(stderr)));
  } catch (error) {
    throw new Error(`Cannot bundle the page's scripts: ${oneLine(error)}; ${cureOf(error)}`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns the line of an error message that names the cause. */
function reasonOf(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  return lines.find((line) => /^error\b/i.test(line))?.replace(/^error:\s*/i, "") ?? lines.at(-1) ?? "deno bundle failed";
}

/** Returns what the user can do about an error. Only the first bundle needs a network connection. */
function cureOf(error: unknown): string {
  const isDownload = /esbuild|download|registry|npm|https?:|network|connect/i.test(`${error}`);
  return isDownload
    ? "the first export downloads esbuild, which needs a network connection"
    : "check that the disk is not full and that Forger's files are complete, and try again";
}

/** Reads a file of this package, from the disk or from a registry. */
export async function textOf(url: URL): Promise<string> {
  if (url.protocol === "file:") return await Deno.readTextFile(url);
  const response = await fetch(url);
  if (!response.ok) throw new Error(`Cannot read ${url}: ${response.status} ${response.statusText}; try again`);
  return await response.text();
}

/** Removes old bundles of other versions. */
async function removeOld(cache: string, current: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(cache)) {
    const folder = join(cache, name);
    if (!isDirectory || folder === current) continue;
    const { mtime } = await Deno.stat(folder).catch(() => ({ mtime: null }));
    if (mtime && Date.now() - mtime.getTime() > OLD) await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}
