/** Markdown of the notebooks as HTML, by markdown-it.
 * @module */
import MarkdownIt, { type MarkdownIt as Markdown, type Token } from "markdown-it";
import { codeBlock, type Highlighter } from "./code.ts";
import { escaped } from "./html.ts";
import { headingAnchors } from "./links.ts";
import { mathPlugin } from "./math.ts";
import { type Page, referencesPlugin, type Targets } from "./references.ts";

/** Renders Markdown for pages. */
export class MarkdownRenderer {
  readonly #markdown: Markdown;

  constructor(targets: Targets, highlighter: Highlighter) {
    const markdown = this.#markdown = new MarkdownIt({ html: true });
    markdown.use(mathPlugin).use(headings).use(quotations);
    referencesPlugin(markdown, targets);
    markdown.core.ruler.push("papers", (state) => nameReferences(state.tokens, state.env["page"] as Page));
    const rules = markdown.renderer.rules;
    rules["link_open"] = (tokens, n, options, env, self) => {
      resolveLink(tokens[n]!, env!["page"] as Page, targets);
      return self.renderToken(tokens, n, options);
    };
    const image = rules["image"]!;
    rules["image"] = (tokens, n, options, env, self) => {
      const { path, file } = env!["page"] as Page;
      const token = tokens[n]!;
      token.attrSet("src", targets.map.image(`${token.attrGet("src")}`, file, path));
      return image(tokens, n, options, env, self);
    };
    rules["fence"] = rules["code_block"] = (tokens, n) => {
      const { content, info } = tokens[n]!;
      return codeBlock(highlighter.lines(content.trimEnd(), info.trim().split(/\s/)[0]!));
    };
    rules["table_open"] = () => '<div class="table"><table>\n';
    rules["table_close"] = () => "</table></div>\n";
    rules["html_block"] = (tokens, n, _options, env) => this.#html(tokens[n]!.content, env!["page"] as Page);
  }

  /** Renders Markdown as blocks. */
  render(text: string, page: Page): string {
    return this.#markdown.render(text, { page });
  }

  /** Renders Markdown as part of a line. */
  inline(text: string, page: Page): string {
    return this.#markdown.renderInline(text, { page });
  }

  /** Renders the text within HTML as well, such as an answer in `<details>`. Jupyter typesets the formulas there, too. */
  #html(html: string, page: Page): string {
    return html.replaceAll(/<!--[\s\S]*?-->|<[^>]*>|[^<]+/g, (part) => {
      return part.startsWith("<") || part.trim() === "" ? part : this.inline(part, page);
    });
  }
}

/** Gives headings their anchors, and adds them to the page's list. */
function headings(markdown: Markdown): void {
  markdown.core.ruler.push("headings", (state) => {
    const page = state.env["page"] as Page;
    state.tokens.forEach((token, n) => {
      if (token.type !== "heading_open") return;
      const inline = state.tokens[n + 1]!;
      const { github, jupyter } = headingAnchors(inline.content);
      const id = freeId(github || "section", page.ids);
      token.attrSet("id", id);
      const html = markdown.renderer.renderInline(inline.children ?? [], markdown.options as never, state.env);
      page.headings.push({ level: Number(token.tag.slice(1)), id, html });
      state.tokens[n + 2]!.meta = { id, alias: page.ids.has(jupyter) ? undefined : jupyter };
      page.ids.add(jupyter);
    });
  });
  markdown.renderer.rules["heading_close"] = (tokens, n) => {
    const { tag, meta } = tokens[n]!;
    const alias = meta?.["alias"] === undefined ? "" : `<span id="${escaped(`${meta["alias"]}`)}"></span>`;
    return `${alias}${hashLink(`${meta?.["id"]}`)}</${tag}>\n`;
  };
}

/** Returns the link that a heading has to itself. */
export function hashLink(id: string): string {
  return `<a class="hash" href="#${escaped(id)}" aria-label="Link to this section">#</a>`;
}

/** Returns an id that is not in use, and marks it as used. As on GitHub, the second one ends with "-1". */
function freeId(wanted: string, ids: Set<string>): string {
  let id = wanted;
  for (let n = 1; ids.has(id); n++) id = `${wanted}-${n}`;
  ids.add(id);
  return id;
}

/** Marks quotations that are checkpoints. */
function quotations(markdown: Markdown): void {
  markdown.core.ruler.push("checkpoints", (state) => {
    state.tokens.forEach((token, n) => {
      if (token.type === "blockquote_open" && state.tokens[n + 2]?.content.startsWith("**Checkpoint")) {
        token.attrJoin("class", "checkpoint");
      }
    });
  });
}

/** Gives the items of a list of papers, which begin with "[1] ", the ids to which references lead. */
function nameReferences(tokens: Token[], page: Page): void {
  tokens.forEach((token, n) => {
    const number = token.type === "list_item_open" ? tokens[n + 2]?.content.match(/^\[(\d+)\] /)?.[1] : undefined;
    if (number === undefined || !page.papers.has(Number(number)) || page.ids.has(`ref-${number}`)) return;
    page.ids.add(`ref-${number}`);
    token.attrSet("id", `ref-${number}`);
    // The number of an item is no reference to itself.
    const children = tokens[n + 2]!.children!;
    const open = children.findIndex(({ type }) => type === "link_open");
    if (children[open]?.attrGet("href") === `#ref-${number}`) {
      tokens[n + 2]!.children = children.toSpliced(open + 2, 1).toSpliced(open, 1);
    }
  });
}

function resolveLink(token: Token, page: Page, { map, terms }: Targets): void {
  if (token.meta?.["resolved"]) return;
  const href = `${token.attrGet("href")}`;
  const target = map.resolve(href, page.file, page.path);
  // A link that leads nowhere stays, and is reported with all others in the end.
  if (target !== undefined) token.attrSet("href", target);
  if (/^https?:/.test(href)) token.attrSet("rel", "noopener");
  const term = terms.byId(target?.match(/(?:^|\/)glossary\.html#(.+)$/)?.[1] ?? "");
  if (term === undefined) return;
  token.attrJoin("class", "term");
  token.attrSet("data-meaning", term.meaning);
  page.terms?.add(term.id);
}
