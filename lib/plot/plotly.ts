/** Plotly specs, and a renderer that runs Plotly in jsdom instead of a browser. Missing browser features are added to jsdom.
 *
 * Plotly runs in the realm of the jsdom window, which jsdom creates with node:vm. The global object of the process therefore
 * stays unchanged, and other libraries do not mistake the process for a browser. The window has no timers and no network access.
 * @module */
import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";
import { loadJsdom, plotlyUrl } from "../packages.ts";
import { layoutText, type SvgNode, textBox } from "./svg_text.ts";
import { loadTypeface, type Typeface } from "./typeface.ts";

/** A Plotly trace, such as a curve (https://plotly.com/javascript/reference/). Values are plain arrays, so that a trace
 * survives a JSON round trip. */
export interface Trace {
  /** Type of the trace: "scatter", "bar", "heatmap", ... */
  type: string;
  /** Name in the legend and in the tooltip. */
  name?: string;
  /** Any other attribute of this type of trace. */
  [attribute: string]: unknown;
}

/** A Plotly spec. */
export interface Figure {
  /** The traces. */
  data: Trace[];
  /** Axes, titles, margins and colours. */
  layout: Record<string, unknown>;
}

/** The subset of jsdom's window that is used here. */
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

/** Renders a figure as SVG, with text converted to outlines. The width and height are in pixels. */
export type Renderer = (figure: Figure, width: number, height: number) => Promise<string>;

let starting: Promise<Renderer> | undefined;

/** Returns the renderer of the shared Plotly instance, which does not keep the process alive. The first call takes about a
 * second, since it loads Plotly. */
export function startPlotly(): Promise<Renderer> {
  return starting ??= start().catch((error) => {
    starting = undefined; // so that the next call retries
    throw error;
  });
}

async function start(): Promise<Renderer> {
  const typeface = await loadTypeface();
  const { JSDOM, VirtualConsole } = await loadJsdom() as unknown as Jsdom;
  const script = await plotlyUrl("plotly-cartesian.min.js");
  // A virtual console without listeners discards Plotly's log messages, each of which has a stack trace.
  const options = { runScripts: "outside-only", virtualConsole: new VirtualConsole() };
  const { window } = new JSDOM("<!doctype html><body></body>", options);
  addBrowserFeatures(window, typeface);
  window.eval(await Deno.readTextFile(script));
  return (figure, width, height) => render(window, typeface, figure, width, height);
}

/** Adds the browser features that Plotly needs and jsdom lacks. */
function addBrowserFeatures(window: PlotlyWindow, typeface: Typeface): void {
  window.URL.createObjectURL = () => "blob:none";
  const ignore = () => {};
  const listening = { addEventListener: ignore, removeEventListener: ignore };
  window.matchMedia = () => ({ matches: false, addListener: ignore, removeListener: ignore, ...listening });
  const contexts = new WeakMap<Canvas, CanvasContext>();
  Object.assign(window.HTMLCanvasElement.prototype, {
    getContext(this: Canvas, kind: string) {
      if (kind !== "2d") return null; // without WebGL, Plotly draws SVG
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

async function render(window: PlotlyWindow, typeface: Typeface, figure: Figure, width: number, height: number): Promise<string> {
  // A JSON round trip creates the objects in Plotly's realm, and drops the same values as sending them to a notebook does.
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

/** The subset of an HTML canvas that is used here. */
type Canvas = Record<"width" | "height", number>;

/** Pixels of shape `[height, width, 4]` (RGBA). */
interface Pixels extends Canvas {
  data: Uint8ClampedArray;
}

/** The part of a canvas's 2D context that Plotly needs for heat maps: filling rectangles, setting pixels, and encoding a PNG
 * synchronously. The size of the canvas is read only once, in the constructor. */
export class CanvasContext {
  /** Fill colour: "rgb(r, g, b)" or "rgba(r, g, b, alpha)". */
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

  /** Fills a rectangle with integer coordinates. */
  fillRect(x: number, y: number, width: number, height: number): void {
    const [r = 0, g = 0, b = 0, alpha = 1] = (this.fillStyle.match(/[\d.]+/g) ?? []).map(Number);
    const { width: across, height: down, data } = this.#pixels;
    for (let row = Math.max(0, y); row < Math.min(down, y + height); row++) {
      for (let column = Math.max(0, x); column < Math.min(across, x + width); column++) {
        data.set([r, g, b, alpha * 255], (row * across + column) * 4);
      }
    }
  }

  /** Encodes the pixels as a PNG and returns its data URI. */
  toDataUri(): string {
    return `data:image/png;base64,${encode(this.#pixels).toString("base64")}`;
  }
}

/** Encodes pixels as a PNG (ISO/IEC 15948). The file consists of a signature, a header, the rows of pixels and an end chunk. Each
 * row starts with its filter type, 0. The library sharp cannot be used, since it is asynchronous, whereas `toDataURL` is
 * synchronous. */
function encode({ width, height, data }: Pixels): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 6, 0, 0, 0], 8); // 8 bits per channel, RGBA, deflate, adaptive filtering, not interlaced
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
