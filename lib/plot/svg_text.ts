/** Layout of SVG `<text>` elements: the part of a browser's text layout that Plotly needs for its labels.
 *
 * jsdom implements the DOM, but not layout, whereas Plotly measures its labels to reserve space for them. The layout computed
 * here is used twice: to return bounding boxes to Plotly, and to replace text with outlines.
 * @module */
import type { TextPosition, Typeface } from "./typeface.ts";

/** A bounding box, in pixels. */
export type Box = Record<"left" | "top" | "right" | "bottom", number>;

/** The subset of a DOM node's interface that is used here. */
export interface SvgNode {
  readonly nodeType: number;
  readonly nodeName: string;
  readonly textContent: string | null;
  readonly childNodes: Iterable<SvgNode>;
  readonly parentNode: SvgNode | null;
  getAttribute?(name: string): string | null;
}

/** Text in one style at one position. */
export interface Run extends Required<TextPosition> {
  text: string;
  width: number;
}

type Style = Pick<Run, "size" | "weight" | "fill">;

/** Splits a `<text>` element and its `<tspan>`s into runs of text, positioned in the coordinate system of the element. */
export function layoutText(text: SvgNode, typeface: Typeface): Run[] {
  const done: Run[] = [];
  let chunk: Run[] = [];
  const pen = { x: 0, y: 0 };
  const anchor = styleValue(text, "text-anchor") ?? "start";

  const endChunk = (): void => {
    const first = chunk[0];
    if (!first) return;
    const width = pen.x - first.x;
    const shift = anchor === "middle" ? -width / 2 : anchor === "end" ? -width : 0;
    done.push(...chunk.map((run) => ({ ...run, x: run.x + shift })));
    chunk = [];
  };
  const write = (words: string, style: Style): void => {
    const width = typeface.measure(words, style.size, style.weight);
    if (words) chunk.push({ text: words, x: pen.x, y: pen.y, width, ...style });
    pen.x += width;
  };
  const walk = (node: SvgNode, outer: Style): void => {
    const style = styleOf(node, outer);
    const [x, y] = [node.getAttribute?.("x"), node.getAttribute?.("y")];
    if (x) {
      endChunk();
      pen.x = parseFloat(x);
    }
    if (y) pen.y = parseFloat(y);
    pen.x += length(node.getAttribute?.("dx"), style.size);
    pen.y += length(node.getAttribute?.("dy"), style.size);
    for (const child of node.childNodes) {
      if (child.nodeType === 3) write(child.textContent ?? "", style);
      else walk(child, style);
    }
  };
  walk(text, { size: 12, weight: 400, fill: "#000" });
  endChunk();
  return done;
}

/** Returns the bounding box of all text in a node, or undefined if there is none.
 * @param within The coordinate system of the box: that of the node, as in `getBBox`, or that of the page, as in
 * `getBoundingClientRect`. */
export function textBox(node: SvgNode, typeface: Typeface, within: "own" | "page"): Box | undefined {
  const corners: [number, number][] = [];
  collect(node, within === "page" ? toPage(node) : IDENTITY, typeface, corners);
  if (corners.length === 0) return undefined;
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

function collect(node: SvgNode, matrix: Matrix, typeface: Typeface, corners: [number, number][]): void {
  if (node.nodeName === "text") {
    for (const { x, y, width, size } of layoutText(node, typeface)) {
      const [top, bottom] = [y - typeface.ascent * size, y + typeface.descent * size];
      corners.push(...[[x, top], [x + width, top], [x, bottom], [x + width, bottom]].map(([px, py]) => apply(matrix, px!, py!)));
    }
    return;
  }
  for (const child of node.childNodes) {
    if (child.nodeType === 1) collect(child, multiply(matrix, transformOf(child)), typeface, corners);
  }
}

function styleValue(node: SvgNode, name: string): string | undefined {
  const inline = node.getAttribute?.("style")?.match(new RegExp(`(?:^|;)\\s*${name}\\s*:\\s*([^;]+)`))?.[1]?.trim();
  return inline ?? node.getAttribute?.(name) ?? undefined;
}

function styleOf(node: SvgNode, outer: Style): Style {
  const size = styleValue(node, "font-size");
  const weight = styleValue(node, "font-weight");
  return {
    size: size ? (size.endsWith("%") ? outer.size * parseFloat(size) / 100 : parseFloat(size)) : outer.size,
    weight: weight ? (weight === "bold" || Number(weight) >= 600 ? 600 : 400) : outer.weight,
    fill: styleValue(node, "fill") ?? outer.fill,
  };
}

function length(value: string | null | undefined, size: number): number {
  if (!value) return 0;
  return value.endsWith("em") ? parseFloat(value) * size : parseFloat(value);
}

/** Affine transform [a, b, c, d, e, f] as in SVG: x' = a x + c y + e, y' = b x + d y + f. */
type Matrix = readonly [number, number, number, number, number, number];
const IDENTITY: Matrix = [1, 0, 0, 1, 0, 0];

function multiply(m: Matrix, n: Matrix): Matrix {
  return [
    m[0] * n[0] + m[2] * n[1],
    m[1] * n[0] + m[3] * n[1],
    m[0] * n[2] + m[2] * n[3],
    m[1] * n[2] + m[3] * n[3],
    ...apply(m, n[4], n[5]),
  ];
}

function apply(m: Matrix, x: number, y: number): [number, number] {
  return [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]];
}

function toPage(node: SvgNode): Matrix {
  const own = transformOf(node);
  return node.parentNode ? multiply(toPage(node.parentNode), own) : own;
}

/** Parses translate, rotate and scale, the only transforms in Plotly's output. */
function transformOf(node: SvgNode): Matrix {
  let matrix = IDENTITY;
  for (const [, name, list] of (node.getAttribute?.("transform") ?? "").matchAll(/(translate|rotate|scale)\(([^)]*)\)/g)) {
    const [p = 0, q, r = 0] = list!.split(/[\s,]+/).filter(Boolean).map(Number);
    if (name === "translate") matrix = multiply(matrix, [1, 0, 0, 1, p, q ?? 0]);
    else if (name === "scale") matrix = multiply(matrix, [p, 0, 0, q ?? p, 0, 0]);
    else {
      const [cos, sin] = [Math.cos(p * Math.PI / 180), Math.sin(p * Math.PI / 180)];
      const [cx, cy] = [q ?? 0, r];
      matrix = multiply(matrix, [cos, sin, -sin, cos, cx - cos * cx + sin * cy, cy - sin * cx - cos * cy]);
    }
  }
  return matrix;
}
