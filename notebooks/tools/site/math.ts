/** Formulas in Markdown, typeset by KaTeX: `$x$` within a line, and `$$...$$` as a block, numbered by `\tag{7.1}`.
 * @module */
import katex from "katex";
import type { MarkdownIt, StateBlock, StateInline } from "markdown-it";
import { equationId } from "./links.ts";

/** Fractions for which KaTeX's fonts have no glyph. */
const FRACTIONS: Record<string, string> = {
  "½": "\\tfrac12 ",
  "⅓": "\\tfrac13 ",
  "⅔": "\\tfrac23 ",
  "¼": "\\tfrac14 ",
  "¾": "\\tfrac34 ",
  "⅛": "\\tfrac18 ",
};

/** Typesets a formula as HTML, with MathML for screen readers.
 * @throws {Error} if KaTeX cannot read the formula, or has no glyph for one of its characters. */
export function typeset(formula: string, displayMode: boolean): string {
  const latex = formula.replaceAll(/[½⅓⅔¼¾⅛]/g, (sign) => FRACTIONS[sign]!);
  const strict = (code: string) => code === "unknownSymbol" ? "error" : "ignore";
  try {
    return katex.renderToString(latex, { displayMode, strict, output: "htmlAndMathml" });
  } catch (error) {
    const reason = (error as Error).message.replace(/^KaTeX parse error: /, "").replaceAll(/\s+/g, " ").replaceAll(/\u0332/g, "");
    throw new Error(`Cannot typeset the formula ${formula.trim().replaceAll(/\s+/g, " ")}: ${reason}; correct it`);
  }
}

/** Typesets a formula on a line of its own. A numbered one can be linked to. */
export function equation(formula: string): string {
  const tag = formula.match(/\\tag\{([^{}]+)\}/)?.[1];
  const id = tag === undefined ? "" : ` id="${equationId(tag)}"`;
  return `<div class="equation"${id}>${typeset(formula, true)}</div>\n`;
}

/** Adds formulas to markdown-it. */
export function mathPlugin(markdown: MarkdownIt): void {
  markdown.inline.ruler.before("escape", "math", inlineMath);
  const alt = ["paragraph", "reference", "blockquote", "list"];
  markdown.block.ruler.before("fence", "math_block", blockMath, { alt });
  markdown.renderer.rules["math"] = (tokens, i) => typeset(tokens[i]!.content, false);
  markdown.renderer.rules["math_block"] = (tokens, i) => equation(tokens[i]!.content);
}

/** Reads `$...$`, or `$$...$$` in the middle of a line. As in Pandoc, no space stands inside of the dollar signs, and no digit
 * follows the closing one, so that prices are no formulas. */
function inlineMath(state: StateInline, silent: boolean): boolean {
  const formula = /\$\$([^$]+)\$\$|\$(?!\s)((?:\\.|[^$\\])+?)(?<!\s)\$(?!\d)/y;
  formula.lastIndex = state.pos;
  const match = formula.exec(state.src);
  if (!match) return false;
  if (!silent) state.push(match[1] === undefined ? "math" : "math_block", "", 0).content = (match[1] ?? match[2])!;
  state.pos = formula.lastIndex;
  return true;
}

/** Reads a block that begins with `$$` and ends with a line that ends with `$$`. */
function blockMath(state: StateBlock, start: number, end: number, silent: boolean): boolean {
  const line = (n: number) => state.src.slice(state.bMarks[n]! + state.tShift[n]!, state.eMarks[n]!);
  if (!line(start).startsWith("$$")) return false;
  for (let n = start, text = ""; n < end; n++) {
    if (n > start && line(n).trim() === "") return false;
    text += (n > start ? "\n" : "") + line(n);
    const [, formula] = text.match(/^\$\$([\s\S]+?)\$\$\s*$/) ?? [];
    if (formula === undefined) continue;
    if (silent) return true;
    const token = state.push("math_block", "", 0);
    token.content = formula;
    token.block = true;
    state.line = n + 1;
    return true;
  }
  return false;
}
