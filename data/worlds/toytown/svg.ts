/** A canvas of SVG to draw on, and colours.
 * @module */
/** The side of a scene in its own units. One unit is a pixel at size 256. */
export const sceneSize = 256;

/** A colour stop of a gradient: place from 0 to 1, colour, opacity. */
export type Stop = [at: number, colour: string, opacity?: number];

/** What is drawn, in order, with the gradients and patterns that it uses. */
export class SvgCanvas {
  #definitions = new Map<string, string>();
  #marks: string[] = [];

  /** Draws a rectangle; `more` holds further attributes. */
  rect(x: number, y: number, width: number, height: number, fill: string, more = ""): void {
    this.#marks.push(
      `<rect x="${round2(x)}" y="${round2(y)}" width="${round2(width)}" height="${round2(height)}" fill="${fill}" ${more}/>`,
    );
  }

  /** Draws a path. */
  path(data: string, fill: string, more = ""): void {
    this.#marks.push(`<path d="${data}" fill="${fill}" ${more}/>`);
  }

  /** Draws lines without filling them. */
  lines(data: string, colour: string, width: number, more = ""): void {
    this.path(data, "none", `stroke="${colour}" stroke-width="${round2(width)}" ${more}`);
  }

  /** Draws an ellipse. */
  ellipse(x: number, y: number, across: number, down: number, fill: string, more = ""): void {
    this.#marks.push(
      `<ellipse cx="${round2(x)}" cy="${round2(y)}" rx="${round2(across)}" ry="${round2(down)}" fill="${fill}" ${more}/>`,
    );
  }

  /** A gradient over the box of what it fills: "down", "right", or "out" from the middle. Returns a value for fill. */
  gradient(way: "down" | "right" | "out", ...stops: Stop[]): string {
    const content = stops.map(([at, colour, opacity = 1]) =>
      `<stop offset="${at}" stop-color="${colour}" stop-opacity="${opacity}"/>`
    ).join("");
    const [open, close] = {
      down: ['<linearGradient x2="0" y2="1"', "</linearGradient>"],
      right: ["<linearGradient", "</linearGradient>"],
      out: ["<radialGradient", "</radialGradient>"],
    }[way] as [string, string];
    return this.#define(open, content, close);
  }

  /** A pattern that repeats `content`, a box of `width` by `height` scene units, so that one box begins at (`x`, `y`). Returns a value for fill. */
  pattern(width: number, height: number, content: string, x = 0, y = 0): string {
    const box = `x="${round2(x % width)}" y="${round2(y % height)}" width="${round2(width)}" height="${round2(height)}"`;
    return this.#define(`<pattern patternUnits="userSpaceOnUse" ${box}`, content, "</pattern>");
  }

  /** The whole as an SVG picture. */
  toString(size: number): string {
    return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${sceneSize} ${sceneSize}">\n` +
      `<defs>${[...this.#definitions.values()].join("\n")}</defs>\n${this.#marks.join("\n")}\n</svg>`;
  }

  /** Equal definitions are made once: a facade has many windows and few kinds of glass. */
  #define(open: string, content: string, close: string): string {
    const key = open + content;
    const id = /id="(\w+)"/.exec(this.#definitions.get(key) ?? "")?.[1] ?? `d${this.#definitions.size}`;
    this.#definitions.set(key, `${open} id="${id}">${content}${close}`);
    return `url(#${id})`;
  }
}

/** A number with two decimals at most: SVG of half the length. */
export function round2(number: number): string {
  return String(Math.round(number * 100) / 100);
}

/** Path data as a template, its numbers shortened: d`M${x} ${y} h${width}`. */
export function d(text: TemplateStringsArray, ...numbers: number[]): string {
  return text.reduce((data, piece, i) => data + round2(numbers[i - 1]!) + piece);
}

/** Path data of a rectangle. Things of one paint are cheaper as one path than each by itself. */
export function boxPath(x: number, y: number, width: number, height: number): string {
  return d`M${x} ${y} h${width} v${height} h${-width} z`;
}

/** Path data of an ellipse about a middle. */
export function ovalPath(x: number, y: number, across: number, down: number): string {
  return d`M${x - across} ${y} a${across} ${down} 0 1 0 ${2 * across} 0 a${across} ${down} 0 1 0 ${-2 * across} 0 z`;
}

/** A colour between two: `share` 0 is the first, 1 the second. */
export function mix(first: string, second: string, share: number): string {
  const channel = (colour: string, at: number) => parseInt(colour.slice(at, at + 2), 16);
  const mixed = [1, 3, 5].map((at) => Math.round(channel(first, at) * (1 - share) + channel(second, at) * share));
  return "#" + mixed.map((value) => value.toString(16).padStart(2, "0")).join("");
}

/** A colour nearer to black. */
export const darken = (colour: string, share: number): string => mix(colour, "#000000", share);
/** A colour nearer to white. */
export const lighten = (colour: string, share: number): string => mix(colour, "#ffffff", share);

/** Width of a line, in scene units: one pixel at size 128. */
export const lineWidth = 2;

/** Outlines, each before those that came earlier.
 * @param outlines path data, back to front. */
export function inkDrawing(outlines: string[], size: number): string {
  // The lines keep their width in small pictures: thinner than a pixel they would fade.
  const width = Math.max(lineWidth, sceneSize / size);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${sceneSize} ${sceneSize}">\n` +
    `<rect width="${sceneSize}" height="${sceneSize}" fill="#fff"/>\n` +
    `<g fill="#fff" stroke="#000" stroke-width="${width}">${
      outlines.map((data) => `<path d="${data}"/>`).join("\n")
    }</g>\n</svg>`;
}
