/** Zip files for the tests.
 * @module */
import { crc32, deflateRawSync } from "node:zlib";

/** A file of an archive; `size` is what its headers say, by default the truth. */
type ZippedFile = { path: string; bytes: Uint8Array; stored?: boolean; size?: number };

/** Builds a zip file (PKWARE's APPNOTE 6.3, sections 4.3 and 4.4). */
export function zip(files: ZippedFile[], comment = ""): Uint8Array {
  const parts: Uint8Array[] = [], list: Uint8Array[] = [];
  let at = 0;
  for (const { path, bytes, stored = false, size = bytes.length } of files) {
    const name = new TextEncoder().encode(path);
    const packed = stored ? bytes : new Uint8Array(deflateRawSync(bytes));
    const common = [20, 0, stored ? 0 : 8, 0, 0]; // version, flags, method, time, date
    const sizes = [crc32(bytes), packed.length, size];
    const head = record(0x04034b50, [2, common], [4, sizes], [2, [name.length, 0]]);
    list.push(record(0x02014b50, [2, [20, ...common]], [4, sizes], [2, [name.length, 0, 0, 0, 0]], [4, [0, at]]), name);
    parts.push(head, name, packed);
    at += head.length + name.length + packed.length;
  }
  const length = list.reduce((sum, part) => sum + part.length, 0);
  const end = record(0x06054b50, [2, [0, 0, files.length, files.length]], [4, [length, at]], [2, [comment.length]]);
  return concat([...parts, ...list, end, new TextEncoder().encode(comment)]);
}

/** Returns a signature and little-endian numbers of two or four bytes. */
function record(signature: number, ...groups: [bytes: 2 | 4, numbers: number[]][]): Uint8Array {
  const all = [[4, [signature]] as const, ...groups];
  const view = new DataView(new ArrayBuffer(all.reduce((sum, [bytes, numbers]) => sum + bytes * numbers.length, 0)));
  let at = 0;
  for (const [bytes, numbers] of all) {
    for (const number of numbers) {
      if (bytes === 4) view.setUint32(at, number, true);
      else view.setUint16(at, number, true);
      at += bytes;
    }
  }
  return new Uint8Array(view.buffer);
}

function concat(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) whole.set(part, at), at += part.length;
  return whole;
}
