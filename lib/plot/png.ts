/** Pictures as PNG: what grids and stills are, and what a notebook, a page or a file takes.
 * @module */
import type { Image } from "../data/picture.ts";
import { loadSharp } from "../packages.ts";
import { startPlotly } from "./headless_plotly.ts";
import type { Output } from "./jupyter.ts";
import { altText, type Figure } from "./spec.ts";
import { FIGURE_HEIGHT, FIGURE_WIDTH } from "./style.ts";

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
    value: () => Promise.resolve(pngOutput(png).data),
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
  return `data:${type};base64,${file.toBase64()}`;
}

/** How large a still is. */
export interface StillOptions {
  /** In pixels of the screen. Default: the figure's own, else 860. */
  width?: number;
  /** In pixels of the screen. Default: the figure's own, else 460. */
  height?: number;
  /** Pixels of the PNG for one of the screen. Default 1.5: sharp on a projector, and dense curves stay under 100 kB; 1.25 for a figure with
   * photographs in it. */
  scale?: number;
}

/** A figure as SVG. Letters are outlines, so that it looks alike with and without fonts.
 * @throws {RangeError} if the size is not positive.
 * @throws {Error} if Plotly cannot draw the figure. */
export async function toSvg(figure: Figure, options: StillOptions = {}): Promise<string> {
  const { width, height } = sizeOf(figure, options);

  return await (await startPlotly()).draw(figure, width, height);
}

/** A figure as PNG.
 * @throws {RangeError} if the size is not positive.
 * @throws {Error} if Plotly cannot draw the figure. */
export async function toPng(figure: Figure, options: StillOptions = {}): Promise<Png> {
  const { width, height } = sizeOf(figure, options);
  const photographs = ((figure.layout.images ?? []) as unknown[]).length > 0;
  const png = await rasterise(await toSvg(figure, options), options.scale ?? (photographs ? 1.25 : 1.5), photographs);
  return asPng({ png, width, height, alt: altText(figure) });
}

function sizeOf(figure: Figure, options: StillOptions): { width: number; height: number } {
  const width = options.width ?? figure.layout.width as number | undefined ?? FIGURE_WIDTH;
  const height = options.height ?? figure.layout.height as number | undefined ?? FIGURE_HEIGHT;
  if (!(width > 0 && height > 0)) {
    throw new RangeError(
      `Cannot draw the figure: width and height must be above 0, got ${width} x ${height}; leave them out or enlarge them`,
    );
  }
  return { width, height };
}

/** The MIME type of a Plotly spec, drawn by VS Code, and by JupyterLab with the Python package plotly. */
export const PLOTLY_TYPE = "application/vnd.plotly.v1+json";

/** A figure to play with, and beside it a still for viewers that cannot: GitHub, nbconvert, a printer.
 *
 * JupyterLab shows the still until the mouse enters it, and then the figure in its place (seen in plotly 7.1's extension). It draws that
 * still at its own size, whatever the metadata say, so it has a pixel for each of the screen. */
export async function figureOutput(figure: Figure, options: StillOptions = {}): Promise<Output> {
  const still = pngOutput(await toPng(figure, { scale: 1, ...options }));
  const config = { displaylogo: false, responsive: true };
  return {
    data: { [PLOTLY_TYPE]: { data: figure.data, layout: figure.layout, config }, ...still.data },
    metadata: still.metadata,
  };
}

/** A picture at its size on the screen, and what it shows in words. */
export function pngOutput({ png, width, height, alt }: Png): Output {
  return { data: { "image/png": png.toBase64(), "text/plain": alt }, metadata: { "image/png": { width, height } } };
}
