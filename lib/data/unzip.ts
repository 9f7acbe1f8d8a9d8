/** Unpacking zip files (PKWARE's APPNOTE 6.3, sections 4.3 and 4.4): what CycleGAN's archives are. Stored and deflated files, without zip64 and passwords.
 * @module */
import { dirname, join } from "node:path";
import { inflateRawSync } from "node:zlib";

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
