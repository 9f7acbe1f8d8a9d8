/** Plotly in a window of its own, without a browser: jsdom, with the few things that it lacks.
 *
 * Plotly's script runs inside jsdom's own realm (node:vm), so that no global of the program is touched, and no browser-sniffing
 * library is misled. The window has no timers, no network and no scripts of its own.
 * @module */
import type { Figure } from "./figure.ts";
import { type Lettering, loadLettering } from "./lettering.ts";
import { type MiniCanvas, MiniContext } from "./mini_canvas.ts";
import { layOut, type SvgNode, textBox } from "./svg_text.ts";
import { loadJsdom, plotlyUrl } from "../packages.ts";

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
  const lettering = await loadLettering();
  const { JSDOM, VirtualConsole } = await loadJsdom() as unknown as Jsdom;
  const script = await plotlyUrl("plotly-cartesian.min.js");
  // A console of its own, that nobody reads: Plotly's remarks would come with a stack trace each.
  const options = { runScripts: "outside-only", virtualConsole: new VirtualConsole() };
  const { window } = new JSDOM("<!doctype html><body></body>", options);
  fillIn(window, lettering);
  window.eval(await Deno.readTextFile(script));
  return { draw: (figure, width, height) => draw(window, lettering, figure, width, height) };
}

/** What Plotly asks of a browser and jsdom has not. */
function fillIn(window: PlotlyWindow, lettering: Lettering): void {
  window.URL.createObjectURL = () => "blob:none";
  window.matchMedia = () => ({
    matches: false,
    addListener() {},
    removeListener() {},
    addEventListener() {},
    removeEventListener() {},
  });
  const contexts = new WeakMap<MiniCanvas, MiniContext>();
  Object.assign(window.HTMLCanvasElement.prototype, {
    getContext(this: MiniCanvas, kind: string) {
      if (kind !== "2d") return null; // no WebGL: Plotly then draws with SVG
      contexts.set(this, new MiniContext(this));
      return contexts.get(this);
    },
    toDataURL(this: MiniCanvas) {
      return contexts.get(this)?.toDataUri();
    },
  });
  const box = (node: SvgNode, within: "own" | "page"): Record<string, number> => {
    const { left, top, right, bottom } = textBox(node, lettering, within) ?? { left: 0, top: 0, right: 0, bottom: 0 };
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
      return layOut(this, lettering).reduce((sum, run) => sum + run.width, 0);
    },
  });
}

async function draw(window: PlotlyWindow, lettering: Lettering, figure: Figure, width: number, height: number): Promise<string> {
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
    group.innerHTML = layOut(text, lettering).map((run) => lettering.draw(run.text, run)).join("");
    text.replaceWith(group);
  }
  return new window.XMLSerializer().serializeToString(page);
}
