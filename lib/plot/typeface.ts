/** Converts text to outlines: measures the width of a line of text, and returns an SVG path that draws the line.
 *
 * Figures must look the same on every machine, even one without fonts, and the layout needs the size of each label before the
 * label is drawn. Drawing and layout therefore share one typeface, Open Sans (SIL Open Font License 1.1, from npm). Characters
 * that Open Sans lacks, such as Chinese characters, are drawn with system fonts and assumed to be 1 em wide.
 * @module */
import { loadOpentype, openSansUrl } from "../packages.ts";
import { INK } from "./style.ts";

/** Font weight: regular or semi-bold. */
export type Weight = 400 | 600;

/** Position and style of a line of text. The position and the font size are in pixels. */
export interface TextPosition {
  /** Left end of the baseline. */
  x: number;
  /** Position of the baseline, measured from the top. */
  y: number;
  size: number;
  /** Font weight. Default 400. */
  weight?: Weight;
  /** SVG colour. Default {@linkcode INK}. */
  fill?: string;
}

/** A typeface in two weights. */
export interface Typeface {
  /** Extent above the baseline, in em. */
  readonly ascent: number;
  /** Extent below the baseline, in em. */
  readonly descent: number;
  /** Returns the width of one line of text, in pixels; the font size is also in pixels. */
  measure(text: string, size: number, weight?: Weight): number;
  /** Returns SVG elements that draw one line of text. */
  draw(text: string, placing: TextPosition): string;
  /** Breaks text between words into lines of at most `width` pixels. A word that is too long gets its own line. */
  wrap(text: string, width: number, size: number, weight?: Weight): string[];
}

interface Glyph {
  advanceWidth: number;
  getPath(x: number, y: number, size: number): { commands: Command[] };
}
/** SVG path command. M and L have only an end point, Q also has one control point, C also has two, and Z has no points. */
type Command = { type: "M" | "L" | "Q" | "C" | "Z" } & Partial<Record<"x1" | "y1" | "x2" | "y2" | "x" | "y", number>>;
interface Font {
  unitsPerEm: number;
  ascender: number;
  descender: number;
  hasChar(character: string): boolean;
  charToGlyph(character: string): Glyph;
}

/** Font files by script, in the order in which they are searched for a character. */
const SUBSETS = ["latin", "math", "symbols", "greek", "latin-ext", "cyrillic"] as const;

let loading: Promise<Typeface> | undefined;

/** Returns the shared typeface. The first call loads the font files, which takes about 0.1 s. */
export function loadTypeface(): Promise<Typeface> {
  return loading ??= load();
}

/** Returns the WOFF2 font file for Latin letters, for embedding in a page. */
export async function fontFile(weight: Weight): Promise<Uint8Array<ArrayBuffer>> {
  return await readFontFile("latin", weight, "woff2");
}

async function readFontFile(subset: string, weight: Weight, format: string): Promise<Uint8Array<ArrayBuffer>> {
  return await Deno.readFile(await openSansUrl(`files/open-sans-${subset}-${weight}-normal.${format}`));
}

async function load(): Promise<Typeface> {
  const { default: opentype } = await loadOpentype() as unknown as { default: { parse(file: ArrayBuffer): Font } };
  const fontsOf = (weight: Weight): Promise<Font[]> =>
    Promise.all(SUBSETS.map(async (subset) => opentype.parse((await readFontFile(subset, weight, "woff")).buffer)));
  const [regular, bold] = await Promise.all([fontsOf(400), fontsOf(600)]);
  return new OpenSans({ 400: regular!, 600: bold! });
}

class OpenSans implements Typeface {
  readonly ascent: number;
  readonly descent: number;
  readonly #fonts: Record<Weight, Font[]>;
  /** Caches the font of each character and its width in em. */
  readonly #cache = new Map<string, { font: Font | undefined; width: number }>();

  constructor(fonts: Record<Weight, Font[]>) {
    const first = fonts[400][0]!;
    this.#fonts = fonts;
    this.ascent = first.ascender / first.unitsPerEm;
    this.descent = -first.descender / first.unitsPerEm;
  }

  measure(text: string, size: number, weight: Weight = 400): number {
    let width = 0;
    for (const character of text) width += this.#lookUp(character, weight).width;
    return width * size;
  }

  draw(text: string, { x, y, size, weight = 400, fill = INK }: TextPosition): string {
    let curves = "";
    let others = "";
    for (const character of text) {
      const { font, width } = this.#lookUp(character, weight);
      if (font) curves += font.charToGlyph(character).getPath(x, y, size).commands.map(pathCommand).join("");
      else {
        const place = `x="${x.toFixed(2)}" y="${y.toFixed(2)}" font-size="${size}" fill="${fill}"`;
        others += `<text ${place}>${escaped(character)}</text>`;
      }
      x += width * size;
    }
    return (curves ? `<path fill="${fill}" d="${curves}"/>` : "") + others;
  }

  wrap(text: string, width: number, size: number, weight: Weight = 400): string[] {
    const lines: string[] = [];
    let line = "";
    for (const word of text.split(/\s+/).filter(Boolean)) {
      const longer = line ? `${line} ${word}` : word;
      if (line && this.measure(longer, size, weight) > width) {
        lines.push(line);
        line = word;
      } else line = longer;
    }
    return line ? [...lines, line] : lines;
  }

  #lookUp(character: string, weight: Weight): { font: Font | undefined; width: number } {
    const key = `${weight}${character}`;
    let entry = this.#cache.get(key);
    if (!entry) {
      const font = this.#fonts[weight].find((one) => one.hasChar(character));
      // Control characters and combining marks have no width.
      const missing = /[\p{Cc}\p{Cf}\p{Mn}]/u.test(character) ? 0 : 1;
      entry = { font, width: font ? font.charToGlyph(character).advanceWidth / font.unitsPerEm : missing };
      this.#cache.set(key, entry);
    }
    return entry;
  }
}

function escaped(character: string): string {
  return character === "<" ? "&lt;" : character === "&" ? "&amp;" : /\p{Cc}/u.test(character) ? "" : character;
}

/** Formats a path command. The formatter of opentype.js is not used, since it omits separators before negative numbers that round
 * to 0. */
function pathCommand({ type, x1, y1, x2, y2, x, y }: Command): string {
  return type + [x1, y1, x2, y2, x, y].filter((value) => value !== undefined).map((value) => value.toFixed(2)).join(" ");
}
