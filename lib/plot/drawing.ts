/** Drawings: SVG made of lines, shapes and words, legible on light and on dark pages.
 *
 * A drawing has a white background, like a figure: its SVG cannot detect the theme of the notebook, and no colour of ink has a
 * contrast of 4.5 with both white and #111. A page that embeds the SVG can set other colours, such as its own ink on a
 * transparent background, with the CSS variables `--drawing-ink` and `--drawing-paper`.
 * @module */
import { loadSharp } from "../packages.ts";
import { displayable, type Output } from "./jupyter.ts";
import { displayablePng, type Png, pngOutput } from "./png.ts";
import { FONT, INK, PAPER } from "./style.ts";
import { loadTypeface, type Weight } from "./typeface.ts";

/** A drawing, with its display size and alternative text. */
export interface Drawing {
  /** Contents of the SVG file. */
  svg: string;
  /** Width in CSS pixels. */
  width: number;
  /** Height in CSS pixels. */
  height: number;
  /** Alternative text. */
  alt: string;
}

/** Default font size. */
export const WORD_SIZE = 15;

/** Creates a drawing from SVG elements. A notebook displays the drawing if it is the last value in a cell.
 * @param title Title, which begins the alternative text.
 * @param text Description for readers who do not see the drawing. */
export function drawing(title: string, text: string, size: { width: number; height: number }, elements: string[]): Drawing {
  const [width, height] = [Math.ceil(size.width), Math.ceil(size.height)];
  const style = `max-width:100%;height:auto;color:var(--drawing-ink,${INK});background:var(--drawing-paper,${PAPER})`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `role="img" color="${INK}" style="${style}" font-family="${FONT.replaceAll('"', "'")}">` +
    `${titleOf(title)}<desc>${escaped(text)}</desc>\n${elements.filter(Boolean).join("\n")}\n</svg>\n`;
  const made: Drawing = { svg, width, height, alt: `${title}. ${text}` };
  return displayable(made, () => drawingOutput(made));
}

/** Returns the title of a drawing or of a part of it, which browsers show when the pointer rests on it. */
export function titleOf(text: string): string {
  return `<title>${escaped(text)}</title>`;
}

/** Returns whether a value is a {@linkcode Drawing}. */
export function isDrawing(value: unknown): value is Drawing {
  return typeof (value as Drawing | null)?.svg === "string";
}

/** Returns a drawing as a notebook output: SVG, plus a PNG, since JupyterLab shows SVG only in trusted notebooks. */
export async function drawingOutput(made: Drawing): Promise<Output> {
  const { data, metadata } = pngOutput(await drawingPng(made, 1));
  return { data: { "image/svg+xml": made.svg, ...data }, metadata };
}

/** Renders a drawing on white as a PNG, with text converted to outlines, so that the result does not depend on installed fonts.
 * @param scale Number of PNG pixels per CSS pixel. */
export async function drawingPng({ svg, width, height, alt }: Drawing, scale = 2): Promise<Png> {
  const typeface = await loadTypeface();
  const outlined = svg.replaceAll(/<text ([^>]*)>([^<]*)<\/text>/g, (_, attributes: string, text: string) => {
    const style: Record<string, string> = {};
    for (const [, name, value] of attributes.matchAll(/([\w-]+)="([^"]*)"/g)) style[name!] = value!;
    const [size, weight] = [Number(style["font-size"]), Number(style["font-weight"] ?? 400) as Weight];
    const plain = text.replaceAll("&lt;", "<").replaceAll("&amp;", "&");
    const shift = ["start", "middle", "end"].indexOf(style["text-anchor"]!) / 2;
    const x = Number(style["x"]) - shift * typeface.measure(plain, size, weight);
    return typeface.draw(plain, { x, y: Number(style["y"]), size, weight, fill: style["fill"]! });
  });
  const sharp = await loadSharp();
  const image = sharp(new TextEncoder().encode(outlined), { density: 72 * scale }).flatten({ background: "#ffffff" });
  const png = new Uint8Array(await image.png({ palette: true, colours: 64, effort: 4, dither: 0 }).toBuffer());
  return displayablePng({ png, width, height, alt });
}

/** Style of words. */
export interface WordStyle {
  size?: number;
  weight?: Weight;
  anchor?: "start" | "middle" | "end";
  fill?: string;
}

/** Returns one line of text.
 * @param y Position of the baseline. */
export function words(text: string, x: number, y: number, style: WordStyle = {}): string {
  const { size = WORD_SIZE, weight = 400, anchor = "start", fill = "currentColor" } = style;
  const bold = weight === 400 ? "" : ` font-weight="${weight}"`;
  return `<text x="${round(x)}" y="${round(y)}" font-size="${size}"${bold} text-anchor="${anchor}" fill="${fill}">` +
    `${escaped(text)}</text>`;
}

/** Estimates the width of a line of text. The estimate is generous, since the font that a browser uses is unknown. */
export function widthOf(text: string, size: number = WORD_SIZE, weight: Weight = 400): number {
  const em = (character: string) => /[iljtfr.,:;|'()\[\] ]/.test(character) ? 0.33 : /[mwMW→]/.test(character) ? 0.85 : 0.56;
  return [...text].reduce((sum, character) => sum + em(character), 0) * size * (weight === 400 ? 1 : 1.06);
}

/** Joins phrases with commas, and breaks the result into lines of similar lengths, at most `width` pixels: between phrases, or
 * else between words. */
export function lines(phrases: string[], width: number): string[] {
  const units = phrases.map((phrase, i) => i < phrases.length - 1 ? `${phrase},` : phrase)
    .flatMap((phrase) => widthOf(phrase) <= width ? [phrase] : phrase.split(" "));
  const broken = (limit: number): string[] => {
    const result: string[] = [];
    for (const unit of units) {
      const longer = `${result.at(-1)} ${unit}`;
      if (result.length > 0 && widthOf(longer) <= limit) result[result.length - 1] = longer;
      else result.push(unit);
    }
    return result;
  };
  let [limit, best] = [width, broken(width)];
  for (let next = best; next.length === best.length && limit > 0; next = broken(limit -= 6)) best = next;
  return best;
}

/** A point, in pixels. */
export type Point = readonly [x: number, y: number];

/** Style of an arrow. */
export interface ArrowStyle {
  colour?: string;
  dashed?: boolean;
  /** Whether there is also a head at the first point. */
  back?: boolean;
}

/** Returns an arrow along a line with rounded corners; its head is at the last point. */
export function arrow(points: Point[], { colour = "currentColor", dashed = false, back = false }: ArrowStyle = {}): string {
  const width = colour === "currentColor" ? 1.5 : 2.5;
  const dashes = dashed ? ' stroke-dasharray="5 4"' : "";
  const stroke = `fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"${dashes}`;
  const [before, end] = points.slice(-2) as [Point, Point];
  const [start, after] = points as [Point, Point];
  const shaft = [back ? between(start, after, 6) : start, ...points.slice(1, -1), between(end, before, 6)];
  return `<path d="M${shaft.map(([x, y]) => `${round(x)} ${round(y)}`).join("L")}" ${stroke}/>` + head(before, end, colour) +
    (back ? head(after, start, colour) : "");
}

/** Returns the point on the line from `start` to `end` at a distance from `start`. */
function between([x, y]: Point, [toX, toY]: Point, distance: number): Point {
  const length = Math.hypot(toX - x, toY - y) || 1;
  return [x + (toX - x) * distance / length, y + (toY - y) * distance / length];
}

function head(from: Point, to: Point, colour: string): string {
  const [baseX, baseY] = between(to, from, 9);
  const [sideX, sideY] = [(to[1] - baseY) / 2, (baseX - to[0]) / 2];
  const corners = [to, [baseX + sideX, baseY + sideY], [baseX - sideX, baseY - sideY]] as Point[];
  return `<polygon points="${pointsText(corners)}" fill="${colour}"/>`;
}

/** Writes points as the attribute of a polygon. */
export function pointsText(points: Point[]): string {
  return points.map(([x, y]) => `${round(x)},${round(y)}`).join(" ");
}

/** Rounds a coordinate, which keeps the file small. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
