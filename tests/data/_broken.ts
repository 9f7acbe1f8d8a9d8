/** Broken image files.
 * @module */
import { join } from "node:path";
import { loadSharp } from "../../lib/packages.ts";

const sharp = await loadSharp();

/** Writes broken files of all formats to a folder.
 * @param cut Function that makes a broken file from a good one.
 * @returns The names of the broken files, sorted. */
export async function writeBroken(folder: string, cut: (file: Uint8Array) => Uint8Array): Promise<string[]> {
  const values = new Uint8Array(64 * 64 * 3).map((_, i) => (i * i * 7 + i * 13) % 256);
  for (const format of ["jpeg", "png", "webp", "gif", "tiff", "avif"] as const) {
    const whole = await sharp(values, { raw: { width: 64, height: 64, channels: 3 } }).toFormat(format).toBuffer();
    await Deno.writeFile(join(folder, `${format}.${format}`), cut(whole));
  }
  await Deno.writeTextFile(join(folder, "text.png"), "not an image");
  await Deno.writeTextFile(join(folder, "drawing.svg"), "<svg width='5'><oops");
  await Deno.symlink(join(folder, "none"), join(folder, "link.png"));
  return Object.keys(OWN_REASONS).sort();
}

/** Reasons that sharp gives for each broken file if it decodes no other file at the same time. */
export const OWN_REASONS: Record<string, RegExp> = {
  "jpeg.jpeg": /VipsJpeg: /,
  "png.png": /vipspng: |corrupt header(?!:)/,
  "webp.webp": /webp: /,
  "gif.gif": /gifload: /,
  "tiff.tiff": /unsupported image format/,
  "avif.avif": /avif: |heif: /,
  "text.png": /unsupported image format/,
  "drawing.svg": /XML parse error/,
  "link.png": /missing: .*link\.png$|there is no such file/,
};

/** Functions that make broken files, keyed by what the files are then. */
export const CUTS: Record<string, (file: Uint8Array) => Uint8Array> = {
  "truncated files": (file) => file.slice(0, file.length / 2),
  "files with damaged headers": (file) => file.slice(0, 20),
};
