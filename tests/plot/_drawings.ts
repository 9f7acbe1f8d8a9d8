/** Helpers of the tests of drawings: SVG parsed as XML, its words with their boxes, and contrasts of colours. */
import { loadJsdom } from "../../lib/packages.ts";
import type { Drawing } from "../../lib/plot/drawing.ts";
import { INK } from "../../lib/plot/style.ts";
import { loadTypeface, type Weight } from "../../lib/plot/typeface.ts";

/** An element of a parsed drawing. */
export interface Element {
  tagName: string;
  textContent: string;
  parentNode: Element | null;
  getAttribute(name: string): string | null;
  querySelectorAll(selector: string): Iterable<Element>;
  querySelector(selector: string): Element | null;
}

/** Words at their position in a drawing. */
export interface Words {
  text: string;
  size: number;
  fill: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Parses a drawing as XML.
 * @throws {Error} If it is not well-formed. */
export async function parse({ svg }: Drawing): Promise<Element> {
  const { JSDOM } = await loadJsdom() as unknown as {
    JSDOM: new (text: string, options: object) => { window: { document: unknown } };
  };
  return (new JSDOM(svg, { contentType: "image/svg+xml" }).window.document as { documentElement: Element }).documentElement;
}

/** Returns all words of a drawing, measured in Open Sans. */
export async function wordsIn(root: Element): Promise<Words[]> {
  const typeface = await loadTypeface();
  return [...root.querySelectorAll("text")].map((element) => {
    const number = (name: string) => Number(element.getAttribute(name));
    const weight = Number(element.getAttribute("font-weight") ?? 400) as Weight;
    const [size, text] = [number("font-size"), element.textContent];
    const width = typeface.measure(text, size, weight);
    const left = number("x") - width * ["start", "middle", "end"].indexOf(element.getAttribute("text-anchor")!) / 2;
    const shift = Number(element.parentNode?.getAttribute("transform")?.match(/translate\(0 (.+)\)/)?.[1] ?? 0);
    const base = number("y") + shift;
    return {
      ...{ text, size, fill: element.getAttribute("fill")! },
      ...{ left, right: left + width, top: base - size * 0.72, bottom: base + size * 0.2 },
    };
  });
}

/** Returns what is wrong with the words of a drawing: overlaps, words outside of the drawing, and small words. */
export async function faults(drawing: Drawing): Promise<string[]> {
  const root = await parse(drawing);
  const words = await wordsIn(root);
  const found = words.flatMap((one, i) => {
    const over = words.slice(i + 1).filter((other) =>
      one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
    );
    const outside = one.left < 0 || one.right > drawing.width || one.top < 0 || one.bottom > drawing.height;
    return [
      ...over.map(({ text }) => `"${one.text}" and "${text}" overlap`),
      ...outside ? [`"${one.text}" is outside of the drawing`] : [],
      // On a phone, 360 pixels wide.
      ...one.size * Math.min(1, 360 / drawing.width) < 9 ? [`"${one.text}" is tiny on a phone`] : [],
    ];
  });
  const [title, text] = [root.querySelector("title"), root.querySelector("desc")];
  if (!title?.textContent || (text?.textContent.length ?? 0) < 40) found.push("title or description missing");
  for (const element of root.querySelectorAll("*")) {
    for (const colour of [element.getAttribute("fill"), element.getAttribute("stroke")]) {
      if (!colour || colour === "none" || element.tagName === "text") continue;
      // On the white background of a drawing, and on the page of the reading edition, which replaces the ink.
      const light = contrast(colour === "currentColor" ? INK : colour, "#ffffff");
      const dark = colour === "currentColor" ? light : contrast(colour, "#14171e");
      if (light < 2.2 || dark < 2.9) found.push(`${colour} is hardly visible`);
    }
  }
  return found;
}

/** Returns the contrast of two colours, from 1 to 21, as defined by WCAG 2. */
export function contrast(colour: string, other: string): number {
  const luminance = (hex: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
      const value = parseInt(hex.slice(1 + 2 * i, 3 + 2 * i), 16) / 255;
      return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    }, 0);
  const [dark, light] = [luminance(colour), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
