/** Letters as outlines: how wide a text is, and the curves that draw it.
 *
 * A picture of a figure must look alike on every machine, also on one without a single font, and the space that a label needs must be
 * known before it is drawn. So both come from one font (Open Sans, from npm, SIL Open Font License 1.1), not from what happens to be
 * installed. Characters that it has not (Chinese file names, say) are left to the system's fonts, one em wide each.
 * @module */
import { loadOpentype, openSansUrl } from "../packages.ts";

/** Regular, or bold enough to head something. */
export type Weight = 400 | 600;

/** Where a line of text goes. */
export interface TextPosition {
  /** Left end of the baseline, in pixels. */
  x: number;
  /** The baseline, in pixels from the top. */
  y: number;
  /** Height of an em, in pixels. */
  size: number;
  weight?: Weight;
  /** Any SVG colour. Default "#1f2430". */
  fill?: string;
}

/** What {@linkcode loadTypeface} gives. */
export interface Typeface {
  /** How far above the baseline letters reach, in em. */
  readonly ascent: number;
  /** How far below it, in em. */
  readonly descent: number;
  /** Width of one line of text in pixels, at a size in pixels. */
  measure(text: string, size: number, weight?: Weight): number;
  /** SVG that draws one line of text. */
  draw(text: string, placing: TextPosition): string;
  /** Lines of at most `width` pixels, broken between words where that is possible. */
  wrap(text: string, width: number, size: number, weight?: Weight): string[];
}

interface Glyph {
  advanceWidth: number;
  getPath(x: number, y: number, size: number): { commands: Command[] };
}
/** M and L have a point, Q and C also one or two that pull, Z none. */
interface Command {
  type: "M" | "L" | "Q" | "C" | "Z";
  x1?: number;
  y1?: number;
  x2?: number;
  y2?: number;
  x?: number;
  y?: number;
}
interface Font {
  unitsPerEm: number;
  ascender: number;
  descender: number;
  hasChar(character: string): boolean;
  charToGlyph(character: string): Glyph;
}

/** The font comes in files of a few scripts each; the first that has a character draws it. */
const SUBSETS = ["latin", "math", "symbols", "greek", "latin-ext", "cyrillic"] as const;

let loading: Promise<Typeface> | undefined;

/** The typeface of all of Forger's pictures; the font is read once (about 0.1 s). */
export function loadTypeface(): Promise<Typeface> {
  return loading ??= load();
}

/** The font's file, for a page that carries its font with it: Latin letters, WOFF2. */
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
  /** Figures ask for the same few characters again and again: their font and width in em are kept. */
  readonly #known = new Map<string, { font: Font | undefined; width: number }>();

  constructor(fonts: Record<Weight, Font[]>) {
    const first = fonts[400][0]!;
    this.#fonts = fonts;
    this.ascent = first.ascender / first.unitsPerEm;
    this.descent = -first.descender / first.unitsPerEm;
  }

  measure(text: string, size: number, weight: Weight = 400): number {
    let width = 0;
    for (const character of text) width += this.#look(character, weight).width;
    return width * size;
  }

  draw(text: string, { x, y, size, weight = 400, fill = "#1f2430" }: TextPosition): string {
    let curves = "";
    let strangers = "";
    for (const character of text) {
      const { font, width } = this.#look(character, weight);
      if (font) curves += font.charToGlyph(character).getPath(x, y, size).commands.map(written).join("");
      else {strangers += `<text x="${x.toFixed(2)}" y="${y.toFixed(2)}" font-size="${size}" fill="${fill}">${
          escaped(character)
        }</text>`;}
      x += width * size;
    }
    return (curves ? `<path fill="${fill}" d="${curves}"/>` : "") + strangers;
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

  #look(character: string, weight: Weight): { font: Font | undefined; width: number } {
    const key = `${weight}${character}`;
    let known = this.#known.get(key);
    if (!known) {
      const font = this.#fonts[weight].find((one) => one.hasChar(character));
      // Control characters and zero-width marks take no room.
      const bare = /[\p{Cc}\p{Cf}\p{Mn}]/u.test(character) ? 0 : 1;
      known = { font, width: font ? font.charToGlyph(character).advanceWidth / font.unitsPerEm : bare };
      this.#known.set(key, known);
    }
    return known;
  }
}

function escaped(character: string): string {
  return character === "<" ? "&lt;" : character === "&" ? "&amp;" : /\p{Cc}/u.test(character) ? "" : character;
}

/** A command of a path. (The font library's own writer runs numbers together when a small negative one rounds to 0.) */
function written({ type, x1, y1, x2, y2, x, y }: Command): string {
  return type + [x1, y1, x2, y2, x, y].filter((value) => value !== undefined).map((value) => value.toFixed(2)).join(" ");
}
