/** Utilities for SVG drawing: a canvas, path data, and colour mixing.
 * @module */

/** Side length of a scene, in scene units. At size 256, one unit is one pixel. */
export const sceneSize = 256;

/** A gradient stop: position from 0 to 1, colour, opacity. */
export type Stop = [at: number, colour: string, opacity?: number];

/** An SVG canvas, which collects shapes in drawing order, together with the gradients and patterns that fill them. */
export class SvgCanvas {
  #definitions = new Map<string, string>();
  #shapes: string[] = [];

  /** Draws a rectangle, with additional SVG attributes. */
  rect(x: number, y: number, width: number, height: number, fill: string, attributes = ""): void {
    const box = `x="${round2(x)}" y="${round2(y)}" width="${round2(width)}" height="${round2(height)}"`;
    this.#shapes.push(`<rect ${box} fill="${fill}" ${attributes}/>`);
  }

  /** Draws a filled path, with additional SVG attributes. */
  path(data: string, fill: string, attributes = ""): void {
    this.#shapes.push(`<path d="${data}" fill="${fill}" ${attributes}/>`);
  }

  /** Draws the stroke of a path, with additional SVG attributes. */
  lines(data: string, colour: string, width: number, attributes = ""): void {
    this.path(data, "none", `stroke="${colour}" stroke-width="${round2(width)}" ${attributes}`);
  }

  /** Draws an ellipse centred at (`x`, `y`). */
  ellipse(x: number, y: number, radiusX: number, radiusY: number, fill: string): void {
    const place = `cx="${round2(x)}" cy="${round2(y)}" rx="${round2(radiusX)}" ry="${round2(radiusY)}"`;
    this.#shapes.push(`<ellipse ${place} fill="${fill}" />`);
  }

  /** Defines a gradient across the filled shape, running "down", to the "right", or "out" from the centre. Returns a `fill`
   * value. */
  gradient(direction: "down" | "right" | "out", ...stops: Stop[]): string {
    const content = stops.map(([at, colour, opacity = 1]) =>
      `<stop offset="${at}" stop-color="${colour}" stop-opacity="${opacity}"/>`
    ).join("");
    const [open, close] = {
      down: ['<linearGradient x2="0" y2="1"', "</linearGradient>"],
      right: ["<linearGradient", "</linearGradient>"],
      out: ["<radialGradient", "</radialGradient>"],
    }[direction] as [string, string];
    return this.#define(open, content, close);
  }

  /** Defines a pattern of tiles of `width` by `height` scene units, aligned so that one tile starts at (`x`, `y`). Returns a
   * `fill` value. */
  pattern(width: number, height: number, content: string, x = 0, y = 0): string {
    const box = `x="${round2(x % width)}" y="${round2(y % height)}" width="${round2(width)}" height="${round2(height)}"`;
    return this.#define(`<pattern patternUnits="userSpaceOnUse" ${box}`, content, "</pattern>");
  }

  /** Returns the drawing as an SVG document of `size` by `size` pixels. */
  toString(size: number): string {
    return svgDocument(size, `<defs>${[...this.#definitions.values()].join("\n")}</defs>\n${this.#shapes.join("\n")}`);
  }

  /** Adds a definition, or reuses an identical one: a facade has many windows, but few kinds of glass. */
  #define(open: string, content: string, close: string): string {
    const key = open + content;
    const id = /id="(\w+)"/.exec(this.#definitions.get(key) ?? "")?.[1] ?? `d${this.#definitions.size}`;
    this.#definitions.set(key, `${open} id="${id}">${content}${close}`);
    return `url(#${id})`;
  }
}

/** Wraps SVG shapes in a document that shows one scene.
 * @param size Height and width in pixels.
 * @param attributes Additional attributes for the `svg` element. */
export function svgDocument(size: number, shapes: string, attributes = ""): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${sceneSize} ${sceneSize}"` +
    `${attributes && ` ${attributes}`}>\n${shapes}\n</svg>`;
}

/** Stroke width of line drawings, in scene units. */
const strokeWidth = 2;

/** Draws outlines in black on white; each outline hides the ones behind it.
 * @param outlines Path data, from back to front.
 * @returns An SVG document. */
export function lineDrawing(outlines: string[], size: number): string {
  const width = Math.max(strokeWidth, sceneSize / size); // at least one pixel: thinner strokes would fade to grey
  const paths = outlines.map((data) => `<path d="${data}"/>`).join("\n");
  const background = `<rect width="${sceneSize}" height="${sceneSize}" fill="#fff"/>`;
  return svgDocument(size, `${background}\n<g fill="#fff" stroke="#000" stroke-width="${width}">${paths}</g>`);
}

/** Formats a number with at most two decimal places; this rounding halves the length of the SVG documents. */
export function round2(number: number): string {
  return String(Math.round(number * 100) / 100);
}

/** Template tag that rounds the numbers in SVG path data, such as d`M${x} ${y} h${width}`. */
export function d(text: TemplateStringsArray, ...numbers: number[]): string {
  return text.reduce((data, piece, i) => data + round2(numbers[i - 1]!) + piece);
}

/** Returns the path data of a rectangle. A path with many rectangles is rendered faster than many `rect` elements. */
export function boxPath(x: number, y: number, width: number, height: number): string {
  return d`M${x} ${y} h${width} v${height} h${-width} z`;
}

/** Returns the path data of an ellipse centred at (`x`, `y`). */
export function ovalPath(x: number, y: number, radiusX: number, radiusY: number): string {
  return d`M${x - radiusX} ${y} a${radiusX} ${radiusY} 0 1 0 ${2 * radiusX} 0 a${radiusX} ${radiusY} 0 1 0 ${-2 * radiusX} 0 z`;
}

/** Interpolates linearly between two colours ("#rrggbb"): a `fraction` of 0 gives the first colour, 1 the second. */
export function mix(first: string, second: string, fraction: number): string {
  const channel = (colour: string, at: number) => parseInt(colour.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => Math.round(channel(first, at) * (1 - fraction) + channel(second, at) * fraction));
  return "#" + mixed.map((value) => value.toString(16).padStart(2, "0")).join("");
}

/** Mixes a colour with black. */
export const darken = (colour: string, fraction: number): string => mix(colour, "#000000", fraction);
/** Mixes a colour with white. */
export const lighten = (colour: string, fraction: number): string => mix(colour, "#ffffff", fraction);
