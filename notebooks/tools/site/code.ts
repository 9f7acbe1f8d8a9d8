/** Source code, coloured by Shiki.
 * @module */
import { createHighlighterCore, type HighlighterCore, type ThemedToken } from "shiki/core";
import { createJavaScriptRegexEngine } from "shiki/engine/javascript";
import { escaped } from "./html.ts";

/** Colour themes whose contrast with the site's backgrounds is at least 4.5. */
const THEMES = { light: "github-light-high-contrast", dark: "github-dark-default" } as const;

/** Languages by the names that notebooks and files use. */
const LANGUAGES: Record<string, string> = {
  ts: "typescript",
  typescript: "typescript",
  js: "javascript",
  javascript: "javascript",
  sh: "shellscript",
  bash: "shellscript",
  json: "json",
  py: "python",
  python: "python",
  css: "css",
  html: "html",
};

/** Colours source code. The colours are classes, which {@linkcode Highlighter.css} defines, so that pages stay small. */
export class Highlighter {
  readonly #classes = new Map<string, string>();
  readonly #shiki: HighlighterCore;

  private constructor(shiki: HighlighterCore) {
    this.#shiki = shiki;
  }

  static async load(): Promise<Highlighter> {
    const shiki = await createHighlighterCore({
      themes: [import("shiki/themes/github-light-high-contrast.mjs"), import("shiki/themes/github-dark-default.mjs")],
      langs: [
        import("shiki/langs/typescript.mjs"),
        import("shiki/langs/javascript.mjs"),
        import("shiki/langs/shellscript.mjs"),
        import("shiki/langs/json.mjs"),
        import("shiki/langs/python.mjs"),
        import("shiki/langs/css.mjs"),
        import("shiki/langs/html.mjs"),
      ],
      engine: createJavaScriptRegexEngine(),
    });
    return new Highlighter(shiki);
  }

  /** Returns the lines of source code as HTML. Code in an unknown language is not coloured.
   * @param comment changes the HTML of a comment, for example to add links. */
  lines(code: string, language: string, comment: (html: string) => string = (html) => html): string[] {
    const lang = LANGUAGES[language.toLowerCase()];
    if (lang === undefined) return code.split("\n").map(escaped);
    // By default Shiki stops colouring a line after half a second, which a busy machine reaches.
    const options = { lang, themes: THEMES, defaultColor: false, tokenizeTimeLimit: 0 } as const;
    return this.#shiki.codeToTokens(code, options).tokens.map((line) => {
      return line.map((token) => this.#span(token, comment)).join("");
    });
  }

  #span({ content, htmlStyle }: ThemedToken, comment: (html: string) => string): string {
    const html = /^\s*(\/\/|\/\*|\*|#)/.test(content) ? comment(escaped(content)) : escaped(content);
    if (content.trim() === "" || htmlStyle === undefined) return html;
    const style = JSON.stringify(htmlStyle);
    const name = this.#classes.get(style) ?? `k${this.#classes.size}`;
    this.#classes.set(style, name);
    return `<span class="${name}">${html}</span>`;
  }

  /** Returns the style sheet of all colours used so far. */
  css(): string {
    return [...this.#classes].map(([style, name]) => {
      const { "--shiki-light": light, "--shiki-dark": dark, ...rest } = JSON.parse(style) as Record<string, string>;
      const others = Object.entries(rest).filter(([key]) => key.startsWith("--shiki-light-"))
        .map(([key, value]) => `;${key.slice("--shiki-light-".length)}:${value}`);
      return `.${name}{color:light-dark(${light},${dark})${others.join("")}}\n`;
    }).join("");
  }
}

/** Formats code as a block.
 * @param lines the lines as HTML. */
export function codeBlock(lines: readonly string[]): string {
  return `<pre class="code"><code>${lines.join("\n")}</code></pre>\n`;
}
