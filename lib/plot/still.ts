/** Figures as still pictures, without a browser: for GitHub, for nbconvert, for files, and for the moments while training runs.
 *
 * The first still takes about a second, in which Plotly starts (see `plotly_window.ts`); the next ones a tenth.
 * @module */
import { altText, type Figure } from "./figure.ts";
import { asPng, type Png, rasterise } from "./png.ts";
import { startPlotly } from "./plotly_window.ts";
import { FIGURE_HEIGHT, FIGURE_WIDTH } from "./style.ts";

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
