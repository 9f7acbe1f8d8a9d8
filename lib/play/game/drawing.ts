/// <reference lib="dom" />
/** Draws the plane and the curves.
 * @module */
import { PLANE } from "./settings.ts";
import type { Look } from "./trainer.ts";

/** Layers of the plot that can be shown or hidden. */
export interface Layers {
  field: boolean;
  real: boolean;
  generated: boolean;
  arrows: boolean;
}

/** Colours, which depend on whether the page is in dark mode. */
interface Colours {
  real: string;
  fake: string;
  /** Colour at the middle of the field's scale. */
  neutral: [number, number, number];
  ink: string;
  line: string;
  /** Colour of the points' outlines, which separate them from the field. */
  rim: string;
}

/** The library's colours (lib/plot/style.ts) as numbers: blue for real, orange for generated. */
const REAL_FIELD = [0, 114, 178] as const;
const FAKE_FIELD = [213, 94, 0] as const;
/** Opacity of the field's colours at the ends of its scale. */
const STRENGTH = 0.6;
/** Length of an arrow for a gradient of length 1, and the longest arrow, in units of the plane. */
const ARROW = 0.35;
const LONGEST_ARROW = 0.7;
/** Minimum length of an arrow that is drawn, in pixels. */
const SHORTEST_ARROW = 1.5;

/** Returns the colours for the browser's light or dark mode. */
export function coloursNow(): Colours {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  return dark
    ? { real: "#7cc4f2", fake: "#ffb27a", neutral: [38, 43, 54], ink: "#e6e9ef", line: "#4a5364", rim: "#14171e" }
    : { real: "#00588c", fake: "#b04a00", neutral: [246, 247, 249], ink: "#1f2430", line: "#c9cfd9", rim: "#ffffff" };
}

/** Sets the resolution of a canvas to that of the screen. Returns the context, scaled to CSS pixels, and the size. */
export function prepare(canvas: HTMLCanvasElement): { context: CanvasRenderingContext2D; width: number; height: number } {
  const [width, height, ratio] = [canvas.clientWidth, canvas.clientHeight, Math.min(2, devicePixelRatio || 1)];
  const [fineWidth, fineHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== fineWidth || canvas.height !== fineHeight) [canvas.width, canvas.height] = [fineWidth, fineHeight];
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

const small = { canvas: undefined as HTMLCanvasElement | undefined, image: undefined as ImageData | undefined };

function drawField(context: CanvasRenderingContext2D, width: number, field: Float32Array, { neutral }: Colours): void {
  const cells = Math.sqrt(field.length);
  const canvas = small.canvas ??= document.createElement("canvas");
  if (canvas.width !== cells) canvas.width = canvas.height = cells;
  const into = canvas.getContext("2d")!;
  const image = small.image ??= into.createImageData(cells, cells);
  field.forEach((verdict, i) => { // NaN after divergence
    const [end, share] = [verdict > 0 ? REAL_FIELD : FAKE_FIELD, (Math.abs(verdict) || 0) * STRENGTH];
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = neutral[c]! + (end[c]! - neutral[c]!) * share;
    image.data[4 * i + 3] = 255;
  });
  into.putImageData(image, 0, 0);
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, width, width);
}

/** Draws a set of points: real points as dots, generated points as diamonds. */
function drawPoints(context: CanvasRenderingContext2D, width: number, points: ArrayLike<number>, kind: "real" | "fake"): void {
  const colours = coloursNow();
  const radius = Math.max(2, width / 200);
  context.beginPath();
  for (let i = 0; i < points.length; i += 2) {
    const [x, y] = toCanvas(points[i]!, points[i + 1]!, width);
    if (kind === "real") {
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    } else {
      const reach = radius * 1.35;
      context.moveTo(x, y - reach);
      for (const [dx, dy] of [[reach, 0], [0, reach], [-reach, 0]] as const) context.lineTo(x + dx, y + dy);
      context.closePath();
    }
  }
  context.fillStyle = colours[kind];
  context.strokeStyle = colours.rim;
  context.lineWidth = 1;
  context.stroke();
  context.fill();
}

/** Converts coordinates of the plane to pixels. */
function toCanvas(x: number, y: number, width: number): [number, number] {
  return [width * (x / PLANE + 1) / 2, width * (1 - y / PLANE) / 2];
}

function drawArrows(context: CanvasRenderingContext2D, width: number, { generated, arrows }: Look): void {
  context.beginPath();
  for (let i = 0; i < arrows.length; i += 2) {
    const [dx, dy] = [arrows[i]!, arrows[i + 1]!];
    const size = Math.hypot(dx, dy);
    const scale = Math.min(ARROW, LONGEST_ARROW / (size || 1));
    const [fromX, fromY] = toCanvas(generated[i]!, generated[i + 1]!, width);
    const [toX, toY] = toCanvas(generated[i]! + dx * scale, generated[i + 1]! + dy * scale, width);
    const length = Math.hypot(toX - fromX, toY - fromY);
    if (!(length > SHORTEST_ARROW)) continue;
    const head = Math.min(5, length / 2) / length;
    const [backX, backY] = [(toX - fromX) * head, (toY - fromY) * head];
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
    context.lineTo(toX - backX - backY / 2, toY - backY + backX / 2);
    context.moveTo(toX, toY);
    context.lineTo(toX - backX + backY / 2, toY - backY - backX / 2);
  }
  context.strokeStyle = coloursNow().ink;
  context.lineWidth = 1.2;
  context.stroke();
}

/** Draws the plane. */
export function drawPlane(canvas: HTMLCanvasElement, look: Look, layers: Layers): void {
  const { context, width } = prepare(canvas);
  const colours = coloursNow();
  if (layers.field) drawField(context, width, look.field, colours);
  if (layers.real) drawPoints(context, width, look.real, "real");
  if (layers.generated) drawPoints(context, width, look.generated, "fake");
  if (layers.arrows) drawArrows(context, width, look);
}

/** Draws the user's unfinished drawing and the keyboard cursor. */
export function drawSketch(canvas: HTMLCanvasElement, strokes: number[][], cursor?: [number, number]): void {
  const { context, width } = prepare(canvas);
  const colours = coloursNow();
  context.strokeStyle = context.fillStyle = colours.real;
  context.lineWidth = width / 30;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) {
    context.beginPath();
    for (let i = 0; i < stroke.length; i += 2) context.lineTo(...toCanvas(stroke[i]!, stroke[i + 1]!, width));
    if (stroke.length === 2) context.lineTo(...toCanvas(stroke[0]! + 0.001, stroke[1]!, width));
    context.stroke();
  }
  if (!cursor) return;
  const [x, y] = toCanvas(...cursor, width);
  context.strokeStyle = colours.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  for (const [dx, dy] of [[10, 0], [0, 10]] as const) {
    context.moveTo(x - dx, y - dy);
    context.lineTo(x + dx, y + dy);
  }
  context.stroke();
}

/** Draws a thumbnail of a distribution, or a pencil if there is no distribution yet. */
export function drawThumbnail(canvas: HTMLCanvasElement, means: readonly (readonly [number, number])[]): void {
  const { context, width } = prepare(canvas);
  context.fillStyle = coloursNow().real;
  if (means.length === 0) {
    context.font = `${width / 2}px sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText("\u270e\ufe0e", width / 2, width / 2);
  }
  for (const mean of means) {
    context.beginPath();
    context.arc(...toCanvas(mean[0], mean[1], width), means.length > 20 ? 1.5 : 2.5, 0, 2 * Math.PI);
    context.fill();
  }
}
