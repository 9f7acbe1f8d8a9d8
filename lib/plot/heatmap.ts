/** Heat maps that show the output of a discriminator: of a patch discriminator over an image, or of one for points in the plane.
 *
 * A patch discriminator, such as the PatchGAN of pix2pix, returns h x w logits, one for each of many overlapping patches (Isola
 * et al. 2017, arXiv:1611.07004, Sec. 3.2.2). In a heat map, the image is divided into h x w equal cells, and each logit is drawn
 * in the cell at the centre of its patch. A patch is larger than its cell (see receptiveField), so neighbouring patches overlap.
 * @module */
import * as tf from "../tf.ts";
import type { Image } from "../data/image_bytes.ts";
import { figure, type FigureOptions } from "./figure.ts";
import type { Figure, Trace } from "./plotly.ts";
import { dataUri, encodePng } from "./png.ts";
import { baseAxis, REAL_FAKE_SCALE, SMALL_SIZE } from "./style.ts";

/** Options for {@linkcode patchHeatmap}. By default, the title is "Output of the patch discriminator", and the subtitle gives
 * the number of patches and the mean probability. */
export interface PatchHeatmapOptions extends Partial<Pick<FigureOptions, "title" | "subtitle" | "caption">> {
  /** Input image of the discriminator, shown beside or underneath the map. */
  picture?: Image;
  /** Position of the map: beside the image, or over it as a semi-transparent overlay. Default "beside". */
  place?: "beside" | "over";
  /** Whether the outputs are logits rather than probabilities. The heat map shows the sigmoid of each logit. Default true. */
  logits?: boolean;
  /** Width of the map, in pixels. Default 256. */
  size?: number;
}

/** Number of places per side at which a {@linkcode probabilityMap} evaluates the discriminator. */
const MAP_PLACES = 61;
/** Colour of the line at ½. Unlike the ink, it stays dark on dark pages, where the map keeps its pale colours. */
const MAP_LINE = "#22262e";

/** Draws a patch discriminator's output as a heat map: the probability that each patch is real, from 0 (fake) to 1 (real).
 * @param outputs Logits, or probabilities if `logits` is false, of shape `[h, w]` or `[1, h, w, 1]`. Tensors are not disposed of.
 * @throws {RangeError} If the outputs are empty, rows differ in length, or there is more than one map.
 * @throws {RangeError} If `logits` is false and an output is not in [0, 1]. */
export async function patchHeatmap(
  outputs: number[][] | tf.Tensor2D | tf.Tensor4D,
  options: PatchHeatmapOptions = {},
): Promise<Figure> {
  const { picture, place = "beside", logits = true, size = 256, title = "Output of the patch discriminator" } = options;
  const probabilities = asProbabilities(await readRows(outputs), logits);
  const [h, w] = [probabilities.length, probabilities[0]!.length];
  const [height, width] = picture ? [picture.height, picture.width] : [h, w];
  const values = probabilities.flat();
  const mean = values.reduce((sum, value) => sum + value, 0) / (h * w);
  const beside = picture !== undefined && place === "beside";
  const map = heatTrace(probabilities, { width, height, opacity: picture && !beside ? 0.6 : 1, axis: beside ? "2" : "" });
  const built = figure([map], {
    title,
    subtitle: options.subtitle ?? `${h} × ${w} patches, mean ${mean.toFixed(2)}`,
    ...(options.caption !== undefined && { caption: options.caption }),
    alt: `${title}: ${h} by ${w} probabilities of real, mean ${mean.toFixed(2)}, ` +
      `from ${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`,
  });
  const source = picture && dataUri(await encodePng(picture));
  return withSize(built, { source, beside, width, height, size });
}

/** Creates a trace, for {@linkcode figure}, that shows where in the plane a discriminator considers points real: blue for real,
 * orange for fake, with a line where the probability is ½. Points can be drawn over it.
 * @param logits Function that returns the discriminator's logits for points `[count, 2]`.
 * @param range Lowest and highest value of both coordinates. Default [-3, 3]. */
export function probabilityMap(logits: (points: tf.Tensor2D) => tf.Tensor, range: [number, number] = [-3, 3]): Trace {
  const [low, high] = range;
  const places = Array.from({ length: MAP_PLACES }, (_, i) => low + i * (high - low) / (MAP_PLACES - 1));
  const z = tf.tidy(() => {
    const points = tf.tensor2d(places.flatMap((y) => places.map((x) => [x, y])));
    return tf.reshape<tf.Rank.R2>(tf.sigmoid(logits(points)), [MAP_PLACES, MAP_PLACES]).arraySync();
  });
  const colours = { zmin: 0, zmax: 1, colorscale: PALE_SCALE, showscale: true, colorbar: colourBar(true) };
  const half = { start: 0.5, end: 0.5, size: 1, coloring: "heatmap" };
  const trace = { type: "contour", name: "probability of real", showlegend: false, x: places, y: places, z, ...colours };
  return { ...trace, contours: half, line: { color: MAP_LINE, width: 1.5, smoothing: 0 } };
}

async function readRows(outputs: number[][] | tf.Tensor2D | tf.Tensor4D): Promise<number[][]> {
  const rows = Array.isArray(outputs) ? outputs : await tensorRows(outputs);
  const w = rows[0]?.length ?? 0;
  if (w === 0 || rows.some((row) => row.length !== w)) {
    const got = rows.map((row) => row.length).join(", ") || "none";
    throw new RangeError(
      `Cannot draw the heat map: rows must be non-empty and of equal length, got ${got}; pass a rectangular array`,
    );
  }
  return rows;
}

async function tensorRows(outputs: tf.Tensor2D | tf.Tensor4D): Promise<number[][]> {
  const shape = outputs.shape as number[];
  const [h, w] = shape.length === 4 ? [shape[1]!, shape[2]!] : [shape[0]!, shape[1]!];
  if (h * w !== outputs.size) {
    const got = `[${shape.join(", ")}]; select one map`;
    throw new RangeError(`Cannot draw the heat map: shape must be [h, w] or [1, h, w, 1], got ${got}`);
  }
  const values = Array.from(await outputs.data());
  return Array.from({ length: h }, (_, r) => values.slice(r * w, (r + 1) * w));
}

function asProbabilities(rows: number[][], logits: boolean): number[][] {
  if (logits) return rows.map((row) => row.map((logit) => 1 / (1 + Math.exp(-logit))));
  const outside = rows.flat().find((value) => !(value >= 0 && value <= 1));
  if (outside !== undefined) {
    const got = `${outside}; for logits, omit "logits: false"`;
    throw new RangeError(`Cannot draw the heat map: probabilities must be in [0, 1], got ${got}`);
  }
  return rows;
}

function heatTrace(z: number[][], at: { width: number; height: number; opacity: number; axis: "" | "2" }): Trace {
  const [dx, dy] = [at.width / z[0]!.length, at.height / z.length];
  return {
    ...{ type: "heatmap", name: "patches", showlegend: false, z, zmin: 0, zmax: 1 },
    ...{ x0: dx / 2, dx, y0: dy / 2, dy, xaxis: `x${at.axis}`, yaxis: `y${at.axis}` },
    ...{ opacity: at.opacity, colorscale: REAL_FAKE_SCALE },
    hovertemplate: "row %{customdata[0]}, column %{customdata[1]}<br>probability of real %{z:.2f}<extra></extra>",
    customdata: z.map((row, r) => row.map((_, c) => [r, c])),
    colorbar: colourBar(),
  };
}

/** Colours of maps over which points are drawn: half as strong. */
const PALE_SCALE = REAL_FAKE_SCALE.map(([at, colour]) => {
  const channels = [1, 3, 5].map((i) => Math.round((parseInt(colour.slice(i, i + 2), 16) + 255) / 2));
  return [at, `rgb(${channels.join(", ")})`] as const;
});

/** Returns the attributes of the colour bar.
 * @param line Whether the map has a line at ½. */
function colourBar(line = false): Record<string, unknown> {
  return {
    title: { text: line ? "probability of real (line: ½)" : "probability of real", side: "right", font: { size: SMALL_SIZE } },
    tickvals: [0, 0.25, 0.5, 0.75, 1],
    ticktext: ["0 (fake)", "0.25", "0.5", "0.75", "1 (real)"],
    tickfont: { size: SMALL_SIZE },
    ...{ outlinewidth: 0, len: 1, ypad: 0, thickness: 16 },
  };
}

interface Placement {
  source: string | undefined;
  beside: boolean;
  width: number;
  height: number;
  size: number;
}

/** Adapts the size of the figure to the map and any image beside it, keeps the aspect ratio, and puts row 0 at the top. */
function withSize(built: Figure, { source, beside, width, height, size }: Placement): Figure {
  const empty = { ...baseAxis(), showgrid: false, showline: false, showticklabels: false, ticks: "" };
  const across = { ...empty, range: [0, width], constrain: "domain" };
  const down = { ...across, range: [height, 0], scaleratio: 1 };
  const { t, b } = built.layout["margin"] as { t: number; b: number };
  const margin = { l: 24, r: 120, t, b: Math.max(24, b - 40) }; // less room, since there are no tick labels or axis titles
  const maps = beside ? 2 : 1;
  const place = { xref: "x", yref: "y", x: 0, y: 0 };
  Object.assign(built.layout, {
    margin,
    width: margin.l + margin.r + maps * size + (maps - 1) * 24,
    height: margin.t + margin.b + Math.round(size * height / width),
    xaxis: { ...across, domain: beside ? [0, 0.49] : [0, 1] },
    yaxis: { ...down, scaleanchor: "x" },
    ...(beside && { xaxis2: { ...across, domain: [0.51, 1], anchor: "y2", matches: "x" } }),
    ...(beside && { yaxis2: { ...across, range: [height, 0], anchor: "x2", matches: "y" } }),
    ...(source && { images: [{ source, ...place, sizex: width, sizey: height, sizing: "stretch", layer: "below" }] }),
  });
  for (const note of (built.layout["annotations"] ?? []) as Record<string, unknown>[]) note["yshift"] = -12;
  return built;
}
