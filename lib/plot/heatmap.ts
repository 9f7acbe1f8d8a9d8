/** What a patch discriminator thinks of each part of a picture.
 *
 * The PatchGAN of pix2pix (Isola et al. 2017, arXiv:1611.07004, Sec. 3.2.2) gives one logit for each of many overlapping patches. Here
 * each verdict is drawn at the middle of its patch: as one of h x w equal fields over the picture. The patch itself is larger than the
 * field (see receptiveField), so neighbours share most of what they see.
 * @module */
import type * as tf from "../tf.ts";
import type { Image } from "../data/image_bytes.ts";
import { baseAxis, SMALL_SIZE, VERDICT_SCALE } from "./style.ts";
import { type Figure, figure, type Trace } from "./figure.ts";
import { dataUri, encodePng } from "./png.ts";

/** How verdicts are drawn. */
export interface PatchHeatmapOptions {
  /** What was judged; drawn beside the map, or under it. */
  picture?: Image;
  /** The map beside the picture, or over it, shining through. Default "beside". */
  place?: "beside" | "over";
  /** The verdicts are logits, and are drawn as probabilities, sigmoid(logit). With false they are probabilities already. Default true. */
  logits?: boolean;
  /** Default "Verdicts of the patch discriminator". */
  title?: string;
  /** Default: how many verdicts, and their mean. */
  subtitle?: string;
  /** Shown under the figure. */
  caption?: string;
  /** Width of the map in pixels. Default 256. */
  size?: number;
}

/** The verdicts of a patch discriminator as a heat map of "probability of real", from 0 (fake) to 1 (real).
 * @param verdicts `[h, w]` or `[1, h, w, 1]`, logits unless said otherwise; a tensor is not disposed.
 * @throws {RangeError} if there are none, rows differ in length, or there is more than one map.
 * @throws {RangeError} if they are said to be probabilities and are not in [0, 1]. */
export async function patchHeatmap(
  verdicts: number[][] | tf.Tensor2D | tf.Tensor4D,
  options: PatchHeatmapOptions = {},
): Promise<Figure> {
  const { picture, place = "beside", logits = true, size = 256, title = "Verdicts of the patch discriminator" } = options;
  const probabilities = asProbabilities(await readRows(verdicts), logits);
  const [h, w] = [probabilities.length, probabilities[0]!.length];
  const [height, width] = picture ? [picture.height, picture.width] : [h, w];
  const mean = probabilities.flat().reduce((sum, value) => sum + value, 0) / (h * w);
  const beside = picture !== undefined && place === "beside";
  const map = heatTrace(probabilities, { width, height, opacity: picture && !beside ? 0.6 : 1, axis: beside ? "2" : "" });
  const built = figure([map], {
    title,
    subtitle: options.subtitle ?? `${h} × ${w} verdicts, mean ${mean.toFixed(2)}`,
    ...(options.caption !== undefined && { caption: options.caption }),
    alt: `${title}: ${h} by ${w} probabilities of real, mean ${mean.toFixed(2)}, ` +
      `from ${Math.min(...probabilities.flat()).toFixed(2)} to ${Math.max(...probabilities.flat()).toFixed(2)}`,
  });
  const source = picture && dataUri(await encodePng(picture));
  return laidOut(built, { source, beside, width, height, size });
}

async function readRows(verdicts: number[][] | tf.Tensor2D | tf.Tensor4D): Promise<number[][]> {
  const rows = Array.isArray(verdicts) ? verdicts : await tensorRows(verdicts);
  const w = rows[0]?.length ?? 0;
  if (w === 0 || rows.some((row) => row.length !== w)) {
    const got = rows.map((row) => row.length).join(", ") || "none";
    throw new RangeError(`Cannot draw the verdicts: wanted rows of one length, at least 1, got ${got}; give the whole map`);
  }
  return rows;
}

async function tensorRows(verdicts: tf.Tensor2D | tf.Tensor4D): Promise<number[][]> {
  const shape = verdicts.shape as number[];
  const [h, w] = shape.length === 4 ? [shape[1]!, shape[2]!] : [shape[0]!, shape[1]!];
  if (h * w !== verdicts.size) {
    throw new RangeError(
      `Cannot draw the verdicts: wanted one map, [h, w] or [1, h, w, 1], got [${shape.join(", ")}]; slice one out`,
    );
  }
  const values = Array.from(await verdicts.data());
  return Array.from({ length: h }, (_, r) => values.slice(r * w, (r + 1) * w));
}

function asProbabilities(rows: number[][], logits: boolean): number[][] {
  if (logits) return rows.map((row) => row.map((logit) => 1 / (1 + Math.exp(-logit))));
  const outside = rows.flat().find((value) => !(value >= 0 && value <= 1));
  if (outside !== undefined) {
    throw new RangeError(
      `Cannot draw the verdicts: probabilities must be in [0, 1], got ${outside}; for logits leave out "logits: false"`,
    );
  }
  return rows;
}

function heatTrace(z: number[][], at: { width: number; height: number; opacity: number; axis: "" | "2" }): Trace {
  const [dx, dy] = [at.width / z[0]!.length, at.height / z.length];
  return {
    type: "heatmap",
    name: "verdicts",
    showlegend: false,
    z,
    x0: dx / 2,
    dx,
    y0: dy / 2,
    dy,
    zmin: 0,
    zmax: 1,
    opacity: at.opacity,
    colorscale: VERDICT_SCALE,
    xaxis: `x${at.axis}`,
    yaxis: `y${at.axis}`,
    hovertemplate: "row %{customdata[0]}, column %{customdata[1]}<br>probability of real %{z:.2f}<extra></extra>",
    customdata: z.map((row, r) => row.map((_, c) => [r, c])),
    colorbar: {
      title: { text: "probability of real", side: "right", font: { size: SMALL_SIZE } },
      tickvals: [0, 0.25, 0.5, 0.75, 1],
      ticktext: ["0 (fake)", "0.25", "0.5", "0.75", "1 (real)"],
      tickfont: { size: SMALL_SIZE },
      outlinewidth: 0,
      len: 1,
      ypad: 0,
      thickness: 16,
    },
  };
}

interface Placement {
  source: string | undefined;
  beside: boolean;
  width: number;
  height: number;
  size: number;
}

/** Makes room for one or two maps of the picture's shape, rows counted downwards as in a picture. */
function laidOut(built: Figure, { source, beside, width, height, size }: Placement): Figure {
  const across = {
    ...baseAxis(),
    showgrid: false,
    showline: false,
    showticklabels: false,
    ticks: "",
    range: [0, width],
    constrain: "domain",
  };
  const down = { ...across, range: [height, 0], scaleratio: 1 };
  const { t, b } = built.layout.margin as { t: number; b: number };
  const margin = { l: 24, r: 120, t, b: Math.max(24, b - 40) }; // no ticks, no axis titles
  const maps = beside ? 2 : 1;
  Object.assign(built.layout, {
    margin,
    width: margin.l + margin.r + maps * size + (maps - 1) * 24,
    height: margin.t + margin.b + Math.round(size * height / width),
    xaxis: { ...across, domain: beside ? [0, 0.49] : [0, 1] },
    yaxis: { ...down, scaleanchor: "x" },
    ...(beside && { xaxis2: { ...across, domain: [0.51, 1], anchor: "y2", matches: "x" } }),
    ...(beside && { yaxis2: { ...across, range: [height, 0], anchor: "x2", matches: "y" } }),
    ...(source && { images: [pictureUnder(source, width, height)] }),
  });
  for (const note of (built.layout.annotations ?? []) as Record<string, unknown>[]) note.yshift = -12;
  return built;
}

function pictureUnder(source: string, width: number, height: number): Record<string, unknown> {
  return { source, xref: "x", yref: "y", x: 0, y: 0, sizex: width, sizey: height, sizing: "stretch", layer: "below" };
}
