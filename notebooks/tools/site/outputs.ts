/** Outputs of code cells as HTML: printed text, values, images and figures.
 *
 * Images and the data of figures are files of their own, named after their contents. A figure is a script, since a page that is
 * opened from a file cannot read other files.
 * @module */
import { createHash } from "node:crypto";
import { type NotebookOutput, type NotebookText, whole } from "../notebook.ts";
import { scriptJson } from "../../../lib/plot/page_assets.ts";
import { PLOTLY_TYPE } from "../../../lib/plot/png.ts";
import { printedHtml } from "./console_table.ts";
import type { Place } from "./course.ts";
import { escaped, textOf } from "./html.ts";

/** Width from which images are scrolled sideways on narrow screens instead of made smaller, in pixels. */
const WIDE = 700;

/** Creates the dark version of an image; `undefined` if there is none. */
export type DarkImage = (png: Uint8Array, name: string) => Promise<Uint8Array | undefined>;

/** Renders outputs, and collects the files that they need. */
export class OutputRenderer {
  /** Images and figures, keyed by path. */
  readonly files = new Map<string, string | Uint8Array>();
  /** Sentences about outputs that cannot be shown well. */
  readonly problems: string[] = [];
  readonly #dark: DarkImage;

  constructor(dark: DarkImage) {
    this.#dark = dark;
  }

  /** Renders the outputs of a cell. */
  async render(outputs: readonly NotebookOutput[], place: Place): Promise<string> {
    const parts: string[] = [];
    for (const output of outputs) parts.push(await this.#output(output, place));
    return parts.join("");
  }

  async #output(output: NotebookOutput, place: Place): Promise<string> {
    if (output.output_type === "stream") return printedHtml(plain(whole(output.text)));
    if (output.output_type === "error") {
      const lines = (output.traceback?.join("\n") || `${output.ename}: ${output.evalue}`).trimEnd();
      return `<pre class="printed error"><b>Error</b>\n${escaped(plain(lines))}</pre>\n`;
    }
    const text = plain(textIn(output.data?.["text/plain"])).trim();
    const shown = await this.#rich(output, text, place);
    if (shown !== undefined || text === "") return shown ?? "";
    return `<pre class="printed value">${escaped(text)}</pre>\n`;
  }

  /** Renders the richest representation of an output; `undefined` if it has only text. */
  async #rich({ data = {}, metadata }: NotebookOutput, text: string, place: Place): Promise<string | undefined> {
    const at = (type: string) => textIn(data[type]).trim();
    const isImage = at("image/svg+xml") || at("image/png") || at("image/jpeg") || data[PLOTLY_TYPE];
    if (!isImage) return at("text/html") || undefined;
    const alt = text.replace(/^"(.*)"$/s, "$1") || svgTitle(at("image/svg+xml"));
    if (alt === "") {
      this.problems.push(`${place.file}, cell ${place.cell}: an image has no alternative text; give it as text/plain`);
    }
    const figure = data[PLOTLY_TYPE] as Record<string, unknown> | undefined;
    if (at("image/svg+xml") && !figure) return drawingHtml(at("image/svg+xml"), alt);
    const type = at("image/png") ? "image/png" : "image/jpeg";
    const still = at(type) ? await this.#image(at(type), type, metadata, alt, place, figure) : "";
    // On narrow screens, the words in an image are too small, and stand below it.
    const words = alt.replace(/^\d+ rows? of images(, columns [^.]*)?\.\s*/, "");
    if (!figure) return `<figure class="image">${still}<figcaption aria-hidden="true">${escaped(words)}</figcaption></figure>\n`;
    const script = this.#add("figures", "js", `forgerFigure(KEY, ${scriptJson(figure)});\n`);
    return `<figure class="plot" data-script="${script}">${still}</figure>\n`;
  }

  /** Renders an image file, with its dark version unless a figure replaces it. */
  async #image(
    base64: string,
    type: "image/png" | "image/jpeg",
    metadata: NotebookOutput["metadata"],
    alt: string,
    place: Place,
    figure: unknown,
  ): Promise<string> {
    let bytes: Uint8Array;
    try {
      bytes = Uint8Array.fromBase64(base64);
    } catch {
      const run = "run the notebook again with deno task notebooks --all";
      throw new Error(`Cannot build the site: ${place.file}, cell ${place.cell}: an image is damaged; ${run}`);
    }
    const path = this.#add("images", type === "image/png" ? "png" : "jpg", bytes);
    const size = sizeOf(bytes, metadata?.[type] as { width?: number; height?: number } | undefined);
    const isWide = size !== undefined && size.width > WIDE && figure === undefined;
    const shown = (src: string, ...classes: string[]) => {
      const names = [...classes, ...isWide ? ["wide"] : []].join(" ");
      return `<img${names && ` class="${names}"`} src="${src}"${size ? ` width="${size.width}" height="${size.height}"` : ""} ` +
        `alt="${escaped(alt)}" loading="lazy" decoding="async">`;
    };
    const darkPath = path.replace(/\.png$/, "-dark.png");
    const dark = figure === undefined && type === "image/png" ? await this.#dark(bytes, darkPath) : undefined;
    if (dark) this.files.set(darkPath, dark);
    const kind = dark ? "zoom two" : isLineArt(figure) ? "zoom line-art" : "zoom";
    const images = dark ? shown(path, "on-light") + shown(darkPath, "on-dark") : shown(path);
    return `<a class="${kind}" href="${path}">${images}</a>`;
  }

  /** Adds a file that is named after its contents. In a script, the name replaces `KEY`. */
  #add(folder: string, extension: string, content: string | Uint8Array): string {
    const name = createHash("sha256").update(content).digest("hex").slice(0, 16);
    const path = `${folder}/${name}.${extension}`;
    this.files.set(path, typeof content === "string" ? content.replace("KEY", `"${name}"`) : content);
    return path;
  }
}

/** Returns a representation that is text, or "". */
function textIn(value: unknown): string {
  return typeof value === "string" || Array.isArray(value) ? whole(value as NotebookText) : "";
}

/** Removes ANSI colour codes. */
function plain(text: string): string {
  // deno-lint-ignore no-control-regex -- the codes begin with ESC
  return text.replaceAll(/\x1b\[[0-9;]*m/g, "");
}

/** Renders an SVG drawing within the page, so that it has the page's colours. */
function drawingHtml(svg: string, alt: string): string {
  const element = svg.slice(svg.indexOf("<svg")).replaceAll(/<script[\s\S]*?<\/script>/g, "");
  const named = /<svg[^>]*\srole=/.test(element) ? element : element.replace("<svg", '<svg role="img"');
  const labelled = /<title|aria-label/.test(named) ? named : named.replace("<svg", `<svg aria-label="${escaped(alt)}"`);
  const isPaperless = /currentColor/.test(svg);
  return `<figure class="drawing${isPaperless ? "" : " paper"}">${labelled.trim()}</figure>\n`;
}

function svgTitle(svg: string): string {
  return textOf(svg.match(/<title[^>]*>([\s\S]*?)<\/title>/)?.[1] ?? "");
}

/** Returns whether a figure consists of lines and words only, so that its colours can be inverted. */
function isLineArt(figure: unknown): boolean {
  const { data, layout } = (figure ?? {}) as { data?: { type?: string }[]; layout?: { images?: unknown[] } };
  return data !== undefined && !layout?.images?.length &&
    data.every(({ type }) => type === undefined || /^(scatter|bar)/.test(type));
}

/** Returns the size at which a notebook shows an image: that in the metadata, or the number of its pixels. */
function sizeOf(bytes: Uint8Array, metadata: { width?: number; height?: number } | undefined) {
  if (metadata?.width && metadata.height) return { width: metadata.width, height: metadata.height };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 24 || view.getUint32(0) !== 0x89504e47) return undefined;
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
