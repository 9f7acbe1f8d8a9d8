/** Cache for data sets: each archive is downloaded and unpacked only once, into the user's cache folder.
 * @module */
import { dirname, join } from "node:path";
import type { Archive } from "./archives.ts";
import { firstLine } from "./errors.ts";
import { digestOf, fetchFile, type FetchOptions, writeAll } from "./fetch.ts";
import { listImages } from "./image_files.ts";
import { loadTar, loadZip } from "../packages.ts";
import { dataFolder } from "../user_folders.ts";

/** Downloads and unpacks a data set if necessary, and returns its folder.
 * @param cache The folder that contains the folders of all data sets.
 * @param options The options for the download; by default, `report` prints to stderr.
 * @throws {Error} If the download fails; the message explains how to install the data set manually. */
export async function fetchArchive(archive: Archive, cache: string, options: FetchOptions = {}): Promise<string> {
  const folder = join(cache, archive.name);
  if (await isFolder(folder)) return folder;
  const report = options.report ?? ((line: string) => console.error(line));
  try {
    using _lock = await lockedFile(cache, `${archive.file}.lock`); // a second process waits here and then finds the folder
    if (await isFolder(folder)) return folder;
    const { bytes, sha256, md5 } = archive;
    const size = bytes === undefined ? "" : ` (${(bytes / 1e6).toFixed(1)} MB)`;
    report(`Downloading ${archive.file}${size} from ${archive.urls[0]}`);
    const path = join(cache, archive.file);
    const expected = { ...(bytes !== undefined && { bytes }), ...(sha256 !== undefined && { sha256 }) };
    const digest = await fetchFile(archive.urls, path, { ...options, ...expected, report });
    report(`Downloaded ${path}: SHA-256 ${digest}${sha256 ? ", as published" : " (no published checksum to compare with)"}`);
    if (md5 !== undefined) report(await compareMd5(path, md5));
    await unpack(archive, path, cache);
    return folder;
  } catch (error) {
    const byHand = `download ${archive.urls[0]} on any machine, unpack it, and move the folder to ${folder}`;
    throw downloadError(archive.name, error, byHand);
  }
}

/** Locks a file until the file is closed. Creates the file and its folder if necessary, and waits while another process holds the
 * lock. */
export async function lockedFile(folder: string, name: string): Promise<Deno.FsFile> {
  await Deno.mkdir(folder, { recursive: true });
  const file = await Deno.open(join(folder, name), { write: true, create: true });
  await file.lock(true);
  return file;
}

/** Returns the error for a data set that cannot be downloaded.
 * @param byHand Instructions for installing the data set manually. */
export function downloadError(name: string, error: unknown, byHand: string): Error {
  const places = `${byHand}, or set FORGER_DATA to the folder that contains ${name}`;
  return new Error(`Cannot download the data set ${name}: ${firstLine(error)}; to install it manually, ${places}`);
}

/** Returns the folders to search for a data set: `folder` and its subfolder or, if `folder` is omitted, a subfolder of the folder
 * in FORGER_DATA. */
export function placesOf(name: string, folder: string | undefined): string[] {
  if (folder !== undefined) return [folder, join(folder, name)];
  const data = dataFolder();
  return data === undefined ? [] : [join(data, name)];
}

async function compareMd5(path: string, listed: string): Promise<string> {
  const found = await digestOf(path, "md5");
  return found === listed ? `MD5 ${found}, as another project lists` : `MD5 ${found}, but another project lists ${listed}`;
}

/** Unpacks an archive into a temporary folder, and moves the data set into place only once it is complete. */
async function unpack(archive: Archive, path: string, cache: string): Promise<void> {
  const temporary = join(cache, `${archive.name}.unpacking`);
  await Deno.remove(temporary, { recursive: true }).catch(() => {});
  await Deno.mkdir(temporary);
  try {
    await (archive.file.endsWith(".zip") ? unzip : untar)(path, temporary);
    for (const [split, count] of Object.entries(archive.images)) {
      const found = (await listImages(join(temporary, archive.name, split))).length;
      if (count > 0 && found !== count) throw new Error(`expected ${count} images in ${archive.name}/${split}, got ${found}`);
    }
    await Deno.rename(join(temporary, archive.name), join(cache, archive.name));
  } catch (error) {
    // A damaged archive would fail on every attempt, but after a system error, such as a full disk, the archive is still valid.
    const damaged = !isSystemError(error);
    if (damaged) await Deno.remove(path);
    const state = damaged ? "the archive was deleted: try again" : "the archive was kept: fix the problem and try again";
    throw new Error(`Cannot unpack ${archive.file}: ${firstLine(error)}; ${state}`);
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
  await Deno.remove(path);
}

/** Returns whether an error is a system error, such as ENOSPC, and was not caused by the contents of an archive. */
function isSystemError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return Object.values(Deno.errors).some((kind) => error instanceof kind) || (typeof code === "string" && /^E[A-Z]+$/.test(code));
}

async function untar(path: string, folder: string): Promise<void> {
  const { extract } = await loadTar();
  // tar rejects paths that lead outside the folder. Links are skipped, since data sets need none.
  const filter = (_: string, entry: object) => !("type" in entry) || !/Link/.test(String(entry.type));
  await extract({ file: path, cwd: folder, strict: true, filter });
}

/** Maximum size of a file in a zip archive, in bytes; no image in the data sets is larger. */
const LARGEST_FILE = 2 ** 28;

/** Unpacks a zip archive into a folder. The files are streamed, so memory use does not depend on their size.
 * @throws {Error} If the archive is damaged, a file exceeds the size limit, or a path leads outside the folder. */
export async function unzip(archive: string, folder: string): Promise<void> {
  const { Reader, ZipReader } = await loadZip();
  using file = await Deno.open(archive);
  const { size } = await file.stat();
  class FileReader extends Reader<Deno.FsFile> {
    override size = size;
    override async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset))); // headers may specify any length
      await file.seek(offset, Deno.SeekMode.Start);
      for (let done = 0; done < bytes.length;) {
        const count = await file.read(bytes.subarray(done));
        if (count === null) throw new Error("the archive is truncated");
        done += count;
      }
      return bytes;
    }
  }
  // By default, zip.js rejects paths that lead outside the folder.
  const zip = new ZipReader(new FileReader(file), { checkCrc32: true, useWebWorkers: false });
  for (const entry of await zip.getEntries()) {
    if (entry.directory) continue;
    const limit = entry.uncompressedSize;
    if (limit > LARGEST_FILE) throw new Error(`${entry.filename} exceeds ${LARGEST_FILE} bytes`);
    const path = join(folder, entry.filename);
    await Deno.mkdir(dirname(path), { recursive: true });
    using output = await Deno.open(path, { write: true, create: true, truncate: true });
    let written = 0;
    const write = async (bytes: Uint8Array) => {
      if ((written += bytes.length) > limit) throw new Error(`${entry.filename} is larger than its header specifies`);
      await writeAll(output, bytes);
    };
    await entry.getData(new WritableStream<Uint8Array>({ write }));
  }
}

/** Returns whether a folder exists at the path. */
export async function isFolder(path: string): Promise<boolean> {
  return await Deno.stat(path).then((found) => found.isDirectory, () => false);
}
