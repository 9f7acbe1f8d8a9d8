/** Encodes images and figures as PNG files, to be saved, embedded in pages, or shown in notebooks.
 *
 * Rendering the first figure takes about a second, since Plotly must be loaded (see `plotly.ts`); later figures take 0.1 s.
 * @module */
import type { Image } from "../data/image_bytes.ts";
import { loadSharp } from "../packages.ts";
import { displayable, type Output } from "./jupyter.ts";
import { type Figure, startPlotly } from "./plotly.ts";
import { FIGURE_HEIGHT, FIGURE_WIDTH } from "./style.ts";

/** A PNG file with its display size and alternative text. */
export interface Png {
  /** Contents of the file. */
  png: Uint8Array<ArrayBuffer>;
  /** Width on the screen, in CSS pixels; the file may have a higher resolution. */
  width: number;
  /** Height on the screen, in CSS pixels. */
  height: number;
  /** Alternative text. */
  alt: string;
}

/** Makes the Deno kernel display a PNG if it is the last value in a cell. */
export function displayablePng(png: Png): Png {
  return displayable(png, () => Promise.resolve(pngOutput(png)));
}

/** Returns whether a value is a {@linkcode Png}. */
export function isPng(value: unknown): value is Png {
  return typeof value === "object" && value !== null && (value as Partial<Png>).png instanceof Uint8Array;
}

/** Minimum width of an image on the screen, in pixels. */
const LEAST_WIDTH = 200;

/** Returns the scale factor, an integer, at which an image is at least 200 pixels wide. */
export function enlargement(width: number): number {
  return Math.max(1, Math.ceil(LEAST_WIDTH / width));
}

/** Converts an image to RGB (see {@linkcode toRgb}) and encodes it losslessly as a PNG file.
 * @param scale Number of PNG pixels per pixel and side. */
export async function encodePng(image: Image, scale = 1): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp();
  const { height, width } = image;
  const enlarged = sharp(toRgb(image), { raw: { width, height, channels: 3 } })
    .resize(width * scale, height * scale, { kernel: "nearest" });
  const file = await enlarged.png({ compressionLevel: 9 }).toBuffer();
  return new Uint8Array(file);
}

/** Colours of label planes, in order; the first is the background colour. */
const PLANE_COLOURS = [0x1f2430, 0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0xf0e442, 0x999999];

/** Converts an image to RGB.
 *
 * A greyscale channel is repeated, and RGBA is blended onto white. If an image is not greyscale, RGB or RGBA, its channels are
 * treated as label planes: each pixel gets the colour of the plane with the highest value.
 * @returns Bytes of shape `[height, width, 3]`. */
export function toRgb(image: Image): Uint8Array<ArrayBuffer> {
  const { data, width, height, channels } = image;
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

/** Encodes a file as a data URI, for pages and figures with embedded images. */
export function dataUri(file: Uint8Array<ArrayBuffer>, type = "image/png"): string {
  return `data:${type};base64,${file.toBase64()}`;
}

/** Renders an SVG image as a PNG file with at most 256 colours. The loss of quality is hardly visible. Notebooks stay small,
 * since the file is a third of the size of a full-colour PNG.
 * @param scale Number of PNG pixels per SVG pixel.
 * @param photographs Whether the SVG contains photographs. Photographs are dithered; charts are not. */
async function rasterise(svg: string, scale: number, photographs: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp();
  const drawing = sharp(new TextEncoder().encode(svg), { density: 72 * scale }).flatten({ background: "#ffffff" });
  return new Uint8Array(await drawing.png({ palette: true, effort: 4, dither: photographs ? 1 : 0 }).toBuffer());
}

/** Size of a rendered figure. */
export interface StillOptions {
  /** Width in CSS pixels. Default: the width in the figure's layout, or else 860. */
  width?: number;
  /** Height in CSS pixels. Default: the height in the figure's layout, or else 460. */
  height?: number;
  /** Number of PNG pixels per CSS pixel. Default: 1.25 if the figure contains images, otherwise 1.5, which looks sharp on a
   * projector and keeps files with dense curves under 100 kB. */
  scale?: number;
}

/** Returns the alternative text of a figure. */
export function altText(figure: Figure): string {
  return (figure.layout["meta"] as { alt?: string } | undefined)?.alt || "Figure";
}

/** Renders a figure as SVG, with text converted to outlines, so that the result does not depend on installed fonts.
 * @throws {RangeError} If the width or height is not positive.
 * @throws {Error} If Plotly cannot draw the figure. */
export async function toSvg(figure: Figure, options: StillOptions = {}): Promise<string> {
  const { width, height } = sizeOf(figure, options);
  return await (await startPlotly())(figure, width, height);
}

/** Renders a figure as PNG.
 * @throws {RangeError} If the width or height is not positive.
 * @throws {Error} If Plotly cannot draw the figure. */
export async function toPng(figure: Figure, options: StillOptions = {}): Promise<Png> {
  const { width, height } = sizeOf(figure, options);
  const photographs = ((figure.layout["images"] ?? []) as unknown[]).length > 0;
  const png = await rasterise(await toSvg(figure, options), options.scale ?? (photographs ? 1.25 : 1.5), photographs);
  return displayablePng({ png, width, height, alt: altText(figure) });
}

function sizeOf(figure: Figure, options: StillOptions): { width: number; height: number } {
  const width = options.width ?? figure.layout["width"] as number | undefined ?? FIGURE_WIDTH;
  const height = options.height ?? figure.layout["height"] as number | undefined ?? FIGURE_HEIGHT;
  if (!(width > 0 && height > 0)) {
    const got = `${width} x ${height}; omit or increase them`;
    throw new RangeError(`Cannot draw the figure: width and height must be positive, got ${got}`);
  }
  return { width, height };
}

/** MIME type of Plotly specs. VS Code can render Plotly specs, as can JupyterLab with the Python package plotly. */
export const PLOTLY_TYPE = "application/vnd.plotly.v1+json";

/** Returns a figure as a notebook output: an interactive figure, plus a PNG for viewers without Plotly, such as GitHub.
 *
 * JupyterLab replaces the PNG with the interactive figure when the pointer moves over the PNG. JupyterLab ignores the size in
 * the metadata (as of plotly 7.1), so the default scale is 1. */
export async function figureOutput(figure: Figure, options: StillOptions = {}): Promise<Output> {
  const { data, metadata } = pngOutput(await toPng(figure, { scale: 1, ...options }));
  const spec = { data: figure.data, layout: figure.layout, config: { displaylogo: false, responsive: true } };
  return { data: { [PLOTLY_TYPE]: spec, ...data }, metadata };
}

/** Returns a PNG as a notebook output with its display size and alternative text. */
export function pngOutput({ png, width, height, alt }: Png): Output {
  return { data: { "image/png": png.toBase64(), "text/plain": alt }, metadata: { "image/png": { width, height } } };
}
