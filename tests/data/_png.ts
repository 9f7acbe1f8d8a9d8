/** PNG files made chunk by chunk, for features that sharp cannot write: exact palettes, few bits, and any colour profile.
 * @module */
import { crc32, deflateSync } from "node:zlib";

/** What a PNG file contains. */
export interface PngParts {
  width: number;
  height: number;
  /** Bits per value. */
  bits: 1 | 2 | 4 | 8;
  /** Colour type: 0 for greyscale, 2 for RGB, 3 for palette indices, 4 for greyscale with alpha. */
  type: 0 | 2 | 3 | 4;
  /** Values in row-major order, channels last. */
  values: number[];
  palette?: number[][];
  /** Opacity of each palette entry. */
  opacity?: number[];
  profile?: Uint8Array;
}

/** Encodes a PNG file. */
export function png({ width, height, bits, type, values, palette, opacity, profile }: PngParts): Uint8Array {
  const perRow = values.length / height;
  const rows = new Uint8Array(height * (1 + Math.ceil(perRow * bits / 8)));
  const stride = rows.length / height;
  values.forEach((value, i) => {
    const [y, bit] = [Math.floor(i / perRow), (i % perRow) * bits];
    rows[y * stride + 1 + (bit >> 3)]! |= value << (8 - bits - bit % 8);
  });
  const head = joined(uint32(width), uint32(height), Uint8Array.of(bits, type, 0, 0, 0));
  return file(
    head,
    rows,
    ...(profile ? [chunk("iCCP", joined(new TextEncoder().encode("profile\0\0"), deflateSync(profile)))] : []),
    ...(palette ? [chunk("PLTE", Uint8Array.from(palette.flat()))] : []),
    ...(opacity ? [chunk("tRNS", Uint8Array.from(opacity))] : []),
  );
}

/** Encodes a black image with 1 bit per pixel, which may be very large. */
export function blackPng(width: number, height: number): Uint8Array {
  const head = joined(uint32(width), uint32(height), Uint8Array.of(1, 0, 0, 0, 0));
  return file(head, new Uint8Array(height * (1 + Math.ceil(width / 8))));
}

function file(head: Uint8Array, rows: Uint8Array, ...chunks: Uint8Array[]): Uint8Array {
  return joined(
    Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10),
    chunk("IHDR", head),
    ...chunks,
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", new Uint8Array()),
  );
}

/** A colour profile with a gamma of 1.8, for greyscale or for RGB with primaries other than those of sRGB. */
export function gamma18(space: "GRAY" | "RGB "): Uint8Array {
  const fixed = (value: number) => uint32(Math.round(value * 65536) >>> 0);
  const xyz = (x: number, y: number, z: number) => joined(ascii("XYZ \0\0\0\0"), fixed(x), fixed(y), fixed(z));
  const curve = joined(ascii("curv\0\0\0\0"), uint32(1), Uint8Array.of(1, 0xcd, 0, 0));
  const about = joined(ascii("desc\0\0\0\0"), uint32(5), ascii("test\0"), new Uint8Array(78), new Uint8Array(1));
  const tags: [string, Uint8Array][] = [["desc", about], ["cprt", ascii("text\0\0\0\0none\0\0\0\0")], [
    "wtpt",
    xyz(0.9642, 1, 0.8249),
  ]];
  if (space === "GRAY") tags.push(["kTRC", curve]);
  else {
    tags.push(["rXYZ", xyz(0.7977, 0.288, 0)], ["gXYZ", xyz(0.1352, 0.7119, 0)], ["bXYZ", xyz(0.0313, 0.0001, 0.8249)]);
    tags.push(["rTRC", curve], ["gTRC", curve], ["bTRC", curve]);
  }
  let at = 128 + 4 + 12 * tags.length;
  const table = tags.map(([name, body]) => {
    const entry = joined(ascii(name), uint32(at), uint32(body.length));
    at += body.length;
    return entry;
  });
  const head = joined(
    ...[uint32(at), uint32(0), uint32(0x02400000), ascii("mntr"), ascii(space), ascii("XYZ "), new Uint8Array(12)],
    ...[ascii("acsp"), new Uint8Array(28), fixed(0.9642), fixed(1), fixed(0.8249), new Uint8Array(48)],
  );
  return joined(head, uint32(tags.length), ...table, ...tags.map(([, body]) => body));
}

function chunk(name: string, body: Uint8Array): Uint8Array {
  const content = joined(ascii(name), body);
  return joined(uint32(body.length), content, uint32(crc32(content)));
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
