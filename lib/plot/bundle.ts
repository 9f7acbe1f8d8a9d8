/** Things in the forms that a notebook can draw.
 * @module */
import type { Figure } from "./figure.ts";
import type { Output } from "./jupyter.ts";
import { base64, type Png } from "./png.ts";
import { type StillOptions, toPng } from "./still.ts";

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
  return { data: { "image/png": base64(png), "text/plain": alt }, metadata: { "image/png": { width, height } } };
}
