/** Plotly in a window of its own, without a browser: jsdom, with the few things that it lacks.
 *
 * Plotly's script runs inside jsdom's own realm (node:vm), so that no global of the program is touched, and no browser-sniffing
 * library is misled. The window has no timers, no network and no scripts of its own.
 * @module */
import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";
import { loadJsdom, plotlyUrl } from "../packages.ts";
import type { Figure } from "./spec.ts";
import { layoutText, type SvgNode, textBox } from "./svg_text.ts";
import { loadTypeface, type Typeface } from "./typeface.ts";

/** The parts of jsdom's window that are used. */
interface PlotlyWindow {
  eval(code: string): unknown;
  JSON: JSON;
  URL: { createObjectURL?: () => string };
  matchMedia?: unknown;
  HTMLCanvasElement: { prototype: Record<string, unknown> };
  SVGElement: { prototype: Record<string, unknown> };
  DOMParser: new () => { parseFromString(text: string, type: string): SvgDocument };
  XMLSerializer: new () => { serializeToString(node: unknown): string };
  Plotly: { toImage(figure: unknown, options: Record<string, unknown>): Promise<string> };
}
interface Jsdom {
  JSDOM: new (html: string, options: Record<string, unknown>) => { window: PlotlyWindow };
  VirtualConsole: new () => unknown;
}
interface SvgDocument {
  querySelectorAll(selector: string): Iterable<TextElement>;
  createElementNS(namespace: string, name: string): TextElement;
}
interface TextElement extends SvgNode {
  innerHTML: string;
  setAttribute(name: string, value: string): void;
  replaceWith(other: TextElement): void;
}

const SVG = "http://www.w3.org/2000/svg";

/** Draws figures. */
export interface Drawer {
  /** A figure as SVG of that size in pixels, its letters as outlines. */
  draw(figure: Figure, width: number, height: number): Promise<string>;
}

let starting: Promise<Drawer> | undefined;

/** The one window of this program; it is opened at the first call (about a second) and holds nothing that keeps a program alive. */
export function startPlotly(): Promise<Drawer> {
  return starting ??= start().catch((error) => {
    starting = undefined; // the next figure tries again
    throw error;
  });
}

async function start(): Promise<Drawer> {
  const typeface = await loadTypeface();
  const { JSDOM, VirtualConsole } = await loadJsdom() as unknown as Jsdom;
  const script = await plotlyUrl("plotly-cartesian.min.js");
  // A console of its own, that nobody reads: Plotly's remarks would come with a stack trace each.
  const options = { runScripts: "outside-only", virtualConsole: new VirtualConsole() };
  const { window } = new JSDOM("<!doctype html><body></body>", options);
  fillIn(window, typeface);
  window.eval(await Deno.readTextFile(script));
  return { draw: (figure, width, height) => draw(window, typeface, figure, width, height) };
}

/** What Plotly asks of a browser and jsdom has not. */
function fillIn(window: PlotlyWindow, typeface: Typeface): void {
  window.URL.createObjectURL = () => "blob:none";
  window.matchMedia = () => ({
    matches: false,
    addListener() {},
    removeListener() {},
    addEventListener() {},
    removeEventListener() {},
  });
  const contexts = new WeakMap<Canvas, CanvasContext>();
  Object.assign(window.HTMLCanvasElement.prototype, {
    getContext(this: Canvas, kind: string) {
      if (kind !== "2d") return null; // no WebGL: Plotly then draws with SVG
      contexts.set(this, new CanvasContext(this));
      return contexts.get(this);
    },
    toDataURL(this: Canvas) {
      return contexts.get(this)?.toDataUri();
    },
  });
  const box = (node: SvgNode, within: "own" | "page"): Record<string, number> => {
    const { left, top, right, bottom } = textBox(node, typeface, within) ?? { left: 0, top: 0, right: 0, bottom: 0 };
    return { x: left, y: top, left, top, right, bottom, width: right - left, height: bottom - top };
  };
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: SvgNode) {
      return box(this, "own");
    },
    getBoundingClientRect(this: SvgNode) {
      return box(this, "page");
    },
    getComputedTextLength(this: SvgNode) {
      return layoutText(this, typeface).reduce((sum, run) => sum + run.width, 0);
    },
  });
}

async function draw(window: PlotlyWindow, typeface: Typeface, figure: Figure, width: number, height: number): Promise<string> {
  // Through JSON, as a notebook sends it: what Plotly gets is of its own realm, and what does not survive is seen here too.
  const spec = window.JSON.parse(JSON.stringify({ data: figure.data, layout: { ...figure.layout, width, height } }));
  const svg = await window.Plotly.toImage(spec, { format: "svg", width, height, imageDataOnly: true });
  const page = new window.DOMParser().parseFromString(svg, "image/svg+xml");
  for (const text of [...page.querySelectorAll("text")]) {
    const group = page.createElementNS(SVG, "g");
    const transform = text.getAttribute?.("transform");
    if (transform) group.setAttribute("transform", transform);
    const opacity = text.getAttribute?.("style")?.match(/(?:^|;)\s*opacity:\s*([\d.]+)/)?.[1];
    if (opacity) group.setAttribute("opacity", opacity);
    group.innerHTML = layoutText(text, typeface).map((run) => typeface.draw(run.text, run)).join("");
    text.replaceWith(group);
  }
  return new window.XMLSerializer().serializeToString(page);
}

/** What is drawn on. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
}

/** Pixels, `[height, width, RGBA]`. */
interface Pixels {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** A drawing context; made for the canvas' size at that moment. */
export class CanvasContext {
  /** "rgb(r, g, b)" or "rgba(r, g, b, alpha)". */
  fillStyle = "rgba(0, 0, 0, 1)";
  readonly #pixels: Pixels;

  constructor(canvas: Canvas) {
    this.#pixels = this.createImageData(canvas.width, canvas.height);
  }

  createImageData(width: number, height: number): Pixels {
    return { width, height, data: new Uint8ClampedArray(width * height * 4) };
  }

  putImageData(image: Pixels): void {
    this.#pixels.data.set(image.data);
  }

  /** Sets the pixels of a rectangle, whole ones only, as Plotly asks for them. */
  fillRect(x: number, y: number, width: number, height: number): void {
    const [r = 0, g = 0, b = 0, alpha = 1] = (this.fillStyle.match(/[\d.]+/g) ?? []).map(Number);
    const { width: across, height: down, data } = this.#pixels;
    for (let row = Math.max(0, y); row < Math.min(down, y + height); row++) {
      for (let column = Math.max(0, x); column < Math.min(across, x + width); column++) {
        data.set([r, g, b, alpha * 255], (row * across + column) * 4);
      }
    }
  }

  /** The pixels as a PNG's data URI. */
  toDataUri(): string {
    return `data:image/png;base64,${encode(this.#pixels).toString("base64")}`;
  }
}

/** PNG (ISO/IEC 15948): signature, header, the rows each behind a 0 for "no filter", end. sharp would be shorter, but answers later. */
function encode({ width, height, data }: Pixels): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8); // 8 bits, RGBA, deflate, no filter, not interlaced
  const rows = Buffer.alloc(height * (1 + width * 4));
  for (let row = 0; row < height; row++) {
    rows.set(data.subarray(row * width * 4, (row + 1) * width * 4), row * (1 + width * 4) + 1);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))]);
}

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
