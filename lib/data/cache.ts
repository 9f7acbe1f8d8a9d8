/** Data sets from the network, unpacked once into a folder of this user and found there ever after.
 * @module */
import { join } from "node:path";
import { firstLine } from "./_sharp.ts";
import type { Archive } from "./archive.ts";
import { digestOf, fetchFile, type FetchOptions } from "./fetch.ts";
import { listImages } from "./folder.ts";
import { unzip } from "./unzip.ts";
import { loadTar } from "../packages.ts";

/** Where fetched data sets are kept: the folder named by FORGER_CACHE, or the system's usual place for caches. */
export function cacheFolder(): string {
  const named = Deno.env.get("FORGER_CACHE");
  if (named) return named;
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? ".";
  const places: Partial<Record<typeof Deno.build.os, string>> = {
    darwin: join(home, "Library", "Caches"),
    windows: Deno.env.get("LOCALAPPDATA") ?? join(home, "AppData", "Local"),
  };
  return join(places[Deno.build.os] ?? Deno.env.get("XDG_CACHE_HOME") ?? join(home, ".cache"), "forger");
}

/** The folder of a data set, fetched and unpacked if it is not there yet.
 * @param cache where such folders are.
 * @param options how to fetch; `report` is told what happens, by default on the error stream.
 * @throws {Error} if it cannot be had; the message says where to put the files by hand. */
export async function fetchArchive(archive: Archive, cache: string, options: FetchOptions = {}): Promise<string> {
  const folder = join(cache, archive.name);
  if (await isFolder(folder)) return folder;
  const report = options.report ?? ((line: string) => console.error(line));
  try {
    await Deno.mkdir(cache, { recursive: true });
    using lock = await Deno.open(join(cache, `${archive.file}.lock`), { write: true, create: true });
    await lock.lock(true); // two programs at once: the second waits, and then finds the folder
    if (await isFolder(folder)) return folder;
    const size = archive.bytes === undefined ? "" : ` (${(archive.bytes / 1e6).toFixed(1)} MB)`;
    report(`Fetching ${archive.file}${size} from ${archive.addresses[0]}`);
    const path = join(cache, archive.file);
    const digest = await fetchFile(archive.addresses, path, { ...options, ...pick(archive), report });
    report(`Fetched ${path}: SHA-256 ${digest}${archive.sha256 ? ", as published" : " (none is published to compare it with)"}`);
    if (archive.md5 !== undefined) report(await tellMd5(path, archive.md5));
    await unpack(archive, path, cache);
    return folder;
  } catch (error) {
    const [address] = archive.addresses;
    throw new Error(
      `Cannot get the data set ${archive.name}: ${
        firstLine(error)
      }; by hand: fetch ${address} on any machine, unpack it, and put its folder at ` +
        `${folder}, or name the folder that holds ${archive.name} in FORGER_DATA`,
    );
  }
}

function pick({ bytes, sha256 }: Archive): FetchOptions {
  return { ...(bytes === undefined ? {} : { bytes }), ...(sha256 === undefined ? {} : { sha256 }) };
}

async function tellMd5(path: string, noted: string): Promise<string> {
  const found = await digestOf(path, "md5");
  return found === noted
    ? `Its MD5 is ${found}, as another project noted it`
    : `Its MD5 is ${found}; another project noted ${noted}`;
}

/** Unpacks beside the final place and moves the folder there when it is complete, so that what is found there is always whole. */
async function unpack(archive: Archive, path: string, cache: string): Promise<void> {
  const beside = join(cache, `${archive.name}.unpacking`);
  await Deno.remove(beside, { recursive: true }).catch(() => {});
  await Deno.mkdir(beside);
  try {
    await (archive.file.endsWith(".zip") ? unzip : untar)(path, beside);
    for (const [split, count] of Object.entries(archive.pictures)) {
      const found = (await listImages(join(beside, archive.name, split))).length;
      if (count > 0 && found !== count) throw new Error(`${archive.name}/${split} holds ${found} pictures, not ${count}`);
    }
    await Deno.rename(join(beside, archive.name), join(cache, archive.name));
  } catch (error) {
    // A bad archive would make every later try fail the same way. A full disk is not its fault.
    const bad = !isOfThisMachine(error);
    if (bad) await Deno.remove(path);
    const left = bad ? "the archive has been removed, try again" : "the archive is kept: mend that, and try again";
    throw new Error(`Cannot unpack ${archive.file}: ${firstLine(error)}; ${left}`);
  } finally {
    await Deno.remove(beside, { recursive: true });
  }
  await Deno.remove(path);
}

/** Whether an error is the system's (ENOSPC, say), and not about what an archive holds. */
function isOfThisMachine(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return Object.values(Deno.errors).some((kind) => error instanceof kind) || (typeof code === "string" && /^E[A-Z]+$/.test(code));
}

async function untar(path: string, folder: string): Promise<void> {
  const { extract } = await loadTar();
  // tar itself keeps entries from leaving the folder; links are of no use in a data set.
  const filter = (_: string, entry: object) => !("type" in entry) || !/Link/.test(String(entry.type));
  await extract({ file: path, cwd: folder, strict: true, filter });
}

/** Whether there is such a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then((found) => found.isDirectory, () => false);
}
