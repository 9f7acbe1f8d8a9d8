/** Pictures as PNG: what grids and stills are, and what a notebook, a page or a file takes.
 * @module */
import type { Image } from "../data/image_bytes.ts";
import { loadSharp } from "../packages.ts";

/** A PNG with what a viewer has to know about it. */
export interface Png {
  /** The file's bytes. */
  png: Uint8Array<ArrayBuffer>;
  /** Size in pixels of the screen; the file may have twice as many each way, for sharpness. */
  width: number;
  /** Likewise. */
  height: number;
  /** What a person who cannot see it should hear. */
  alt: string;
}

/** A PNG that shows itself when it is the last line of a notebook's cell. */
export function asPng(png: Png): Png {
  return Object.defineProperty(png, Symbol.for("Jupyter.display"), {
    value: async () => (await import("./bundle.ts")).pngOutput(png).data,
    enumerable: false,
  });
}

/** Whether a thing is a {@linkcode Png}. */
export function isPng(thing: unknown): thing is Png {
  return typeof thing === "object" && thing !== null && (thing as Partial<Png>).png instanceof Uint8Array;
}

/** A picture as the bytes of a PNG file, exactly. */
export async function encodePng(picture: Image): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp();
  const { height, width } = picture;
  const file = await sharp(toRgb(picture), { raw: { width, height, channels: 3 } }).png({ compressionLevel: 9 }).toBuffer();
  return new Uint8Array(file);
}

/** SVG as the bytes of a PNG file, in at most 256 colours: as good to the eye, and a third of the size, so that a notebook with its figures
 * stays small.
 * @param scale pixels of the file for each of the drawing.
 * @param photographs whether there are any in it: their colours are then mixed from dots, where a chart's stay pure. */
export async function rasterise(svg: string, scale: number, photographs: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp();
  const drawing = sharp(new TextEncoder().encode(svg), { density: 72 * scale }).flatten({ background: "#ffffff" });
  return new Uint8Array(await drawing.png({ palette: true, effort: 4, dither: photographs ? 1 : 0 }).toBuffer());
}

/** Colours for label planes, in turn; the first is for "nothing". */
const PLANE_COLOURS = [0x1f2430, 0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0xf0e442, 0x999999];

/** A picture's bytes as `[height, width, 3]`.
 *
 * Grey is repeated, what shines through lies on white, and of label planes (any other number of channels) each pixel takes the colour
 * of the plane that is highest there. */
export function toRgb(picture: Image): Uint8Array<ArrayBuffer> {
  const { data, width, height, channels } = picture;
  if (channels === 3) return new Uint8Array(data);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const colour = colourAt(data, pixel * channels, channels);
    for (let c = 0; c < 3; c++) rgb[pixel * 3 + c] = colour[c]!;
  }
  return rgb;
}

function colourAt(data: Uint8Array, at: number, channels: number): number[] {
  if (channels === 1) return [data[at]!, data[at]!, data[at]!];
  if (channels === 4) {
    const alpha = data[at + 3]! / 255;
    return [0, 1, 2].map((c) => Math.round(data[at + c]! * alpha + 255 * (1 - alpha)));
  }
  let highest = 0;
  for (let plane = 1; plane < channels; plane++) if (data[at + plane]! > data[at + highest]!) highest = plane;
  const colour = PLANE_COLOURS[highest % PLANE_COLOURS.length]!;
  return [colour >> 16, (colour >> 8) & 255, colour & 255];
}

/** Bytes as a data URI, for pages and figures that carry their pictures with them. */
export function dataUri(file: Uint8Array<ArrayBuffer>, type = "image/png"): string {
  return `data:${type};base64,${base64(file)}`;
}

/** Bytes in base 64, as Jupyter's messages carry them. */
export function base64(file: Uint8Array): string {
  // In pieces: a call takes only so many arguments.
  let binary = "";
  for (let at = 0; at < file.length; at += 0x8000) binary += String.fromCharCode(...file.subarray(at, at + 0x8000));
  return btoa(binary);
}
