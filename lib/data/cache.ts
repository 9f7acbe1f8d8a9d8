/** Data sets from the network, unpacked once into a folder of this user and found there ever after.
 * @module */
import { dirname, join } from "node:path";
import type { Archive } from "./archives.ts";
import { digestOf, fetchFile, type FetchOptions } from "./fetch.ts";
import { firstLine } from "./image.ts";
import { listImages } from "./image_files.ts";
import { loadTar } from "../packages.ts";
import { inflateRawSync } from "node:zlib";

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

/** A file in an archive. */
interface Entry {
  path: string;
  /** 0 stored, 8 deflated. */
  method: number;
  crc: number;
  packed: number;
  size: number;
  /** Where its local header begins. */
  at: number;
}

/** Larger files are none of a data set of pictures. */
const mostBytes = 2 ** 28;

/** Unpacks all files of an archive below a folder.
 * @throws {Error} if it is no whole archive, a file's checksum differs, or a path leads out of the folder. */
export async function unzip(archive: string, folder: string): Promise<void> {
  using file = await Deno.open(archive);
  for (const entry of await directory(file)) {
    if (entry.path.endsWith("/")) continue;
    if (/^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)/.test(entry.path)) {
      throw new Error(`the path ${entry.path} leads out of the folder`);
    }
    const bytes = await contents(file, entry);
    const path = join(folder, entry.path);
    await Deno.mkdir(dirname(path), { recursive: true });
    await Deno.writeFile(path, bytes);
  }
}

/** The list of files, which stands at the end of the archive. */
async function directory(file: Deno.FsFile): Promise<Entry[]> {
  const { size } = await file.stat();
  const tailLength = Math.min(size, 22 + 0xffff); // its last record may be followed by a comment of so many bytes
  const tail = await readAt(file, size - tailLength, tailLength);
  let end = tail.byteLength - 22;
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw new Error("it is not a whole zip file (it has no end record)");
  const [count, length, start] = [tail.getUint16(end + 10, true), tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  const list = await readAt(file, start, length);
  const entries: Entry[] = [];
  for (let at = 0; entries.length < count;) {
    if (at + 46 > length || list.getUint32(at, true) !== 0x02014b50) {
      throw new Error(`its list of files is damaged after ${entries.length} of ${count}`);
    }
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => list.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    entries.push({
      path: new TextDecoder().decode(new Uint8Array(list.buffer, at + 46, Math.min(nameLength, length - at - 46))),
      method: list.getUint16(at + 10, true),
      ...{ crc: list.getUint32(at + 16, true), packed: list.getUint32(at + 20, true), size: list.getUint32(at + 24, true) },
      at: list.getUint32(at + 42, true),
    });
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

async function contents(file: Deno.FsFile, { path, method, crc, packed, size, at }: Entry): Promise<Uint8Array> {
  if (Math.max(size, packed) > mostBytes) throw new Error(`${path} is larger than ${mostBytes} bytes`);
  const head = await readAt(file, at, 30);
  if (head.getUint32(0, true) !== 0x04034b50) throw new Error(`${path} does not begin where the list of files says`);
  const view = await readAt(file, at + 30 + head.getUint16(26, true) + head.getUint16(28, true), packed);
  const raw = new Uint8Array(view.buffer);
  if (method !== 0 && method !== 8) {
    throw new Error(`${path} is packed by method ${method}, which is neither stored nor deflated`);
  }
  const bytes = method === 0 ? raw : new Uint8Array(inflateRawSync(raw, { maxOutputLength: Math.max(1, size) }));
  if (bytes.length !== size || crc32(bytes) !== crc) throw new Error(`the checksum of ${path} differs`);
  return bytes;
}

async function readAt(file: Deno.FsFile, position: number, length: number): Promise<DataView<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await file.seek(position, Deno.SeekMode.Start);
  for (let done = 0; done < length;) {
    const count = await file.read(bytes.subarray(done));
    if (count === null) throw new Error("it is cut short");
    done += count;
  }
  return new DataView(bytes.buffer);
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** CRC-32 as zip and PNG have it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
