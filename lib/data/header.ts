/** Properties of image files, read without decoding their pixels.
 * @module */
import type { Metadata } from "../packages.ts";
import { decodeError, decodeReason, loadSharp, MOST_PIXELS } from "./sharp.ts";

/** Properties of an image file. */
export interface Header {
  /** Height of the upright image, in pixels. */
  height: number;
  /** Width of the upright image, in pixels. */
  width: number;
  /** EXIF orientation, from 1 (upright) to 8. */
  orientation: number;
  /** Format of the file, such as "png". */
  format: string;
  /** Channels, bits per channel and format, such as "RGB, 8 bits, jpeg". */
  kind: string;
  /** Whether the image has 16 bits per channel. */
  deep: boolean;
  /** Number of colour channels: 1 for greyscale, 3 for RGB or a palette, 4 for CMYK. */
  colours: number;
  /** Whether the image has transparent pixels or an alpha channel. */
  hasAlpha: boolean;
  /** Whether the pixels are indices into a palette, as in most label maps. */
  palette: boolean;
  /** Whether the file stores palette indices or values with fewer than 8 bits, both of which sharp would convert to colours. */
  packed: boolean;
}

/** Reads the properties of an image that is going to be decoded.
 * @throws {Error} If the file is missing, cannot be decoded, or contains values of an unsupported type, such as
 * floating-point numbers, which sharp would convert to black. */
export async function headerOf(path: string): Promise<Header> {
  const sharp = await loadSharp();
  const metadata = await sharp(path, { limitInputPixels: MOST_PIXELS }).metadata().catch((error) => {
    throw decodeError(error, path);
  });
  const { depth } = metadata;
  if (depth !== "uchar" && depth !== "ushort") {
    throw new Error(`Cannot read ${path}: expected 8 or 16 bits per channel, got values of type ${depth}; convert the file`);
  }
  return headerFrom(metadata);
}

/** Reads the properties of an image of any type and size.
 * @returns The properties or, if they cannot be read, the reason as a single line. */
export async function readHeader(path: string): Promise<{ header: Header } | { reason: string }> {
  try {
    const sharp = await loadSharp();
    const metadata = await sharp(path, { limitInputPixels: false }).metadata();
    if (metadata.compression === "hevc") return { reason: "HEIC, which cannot be decoded; convert it to PNG or JPEG" };
    return { header: headerFrom(metadata) };
  } catch (error) {
    return { reason: decodeReason(error) };
  }
}

function headerFrom(metadata: Metadata): Header {
  const { autoOrient: { height, width }, orientation = 1, channels, depth, format, space, hasAlpha } = metadata;
  const { isPalette: palette, bitsPerSample = 8 } = metadata;
  const colours = hasAlpha ? channels - 1 : channels;
  const bits = { uchar: "8 bits", ushort: "16 bits" }[depth as string] ?? depth;
  const kind = `${colourName(space, colours)}${hasAlpha ? " and alpha" : ""}, ${bits}, ${format}`;
  const packed = palette || bitsPerSample < 8;
  return { height, width, orientation, format, kind, deep: depth === "ushort", colours, hasAlpha, palette, packed };
}

function colourName(space: string, channels: number): string {
  if (space === "cmyk") return "CMYK";
  return { 1: "grey", 3: "RGB" }[channels] ?? `${channels} channels`;
}
