/** References within the text: to equations, sections, chapters, exercises, papers and terms. They become links.
 * @module */
import type { MarkdownIt, StateCore, Token } from "markdown-it";
import { escaped } from "./html.ts";
import { between, type SiteMap } from "./links.ts";
import type { Mention, TermFinder } from "./glossary.ts";

/** A page while it is composed. */
export interface Page {
  /** Path of the page in the site. */
  path: string;
  /** File that contains the Markdown, relative to the root: its links are relative to it. */
  file: string;
  /** Papers in the page's own list. References to others lead to the list of all papers. */
  papers: ReadonlySet<number>;
  /** Numbers of the exercises on the page. */
  exercises: ReadonlySet<number>;
  /** Headings, in order. */
  headings: Heading[];
  /** Ids in use. */
  ids: Set<string>;
  /** Terms that the page has linked already. `undefined` if terms are not linked. */
  terms: Set<string> | undefined;
}

/** A heading. */
export interface Heading {
  level: number;
  id: string;
  /** Content as HTML. */
  html: string;
}

/** What the references of all pages lead to. */
export interface Targets {
  map: SiteMap;
  /** Numbers of all papers. */
  papers: ReadonlySet<number>;
  /** Places of the numbered sections, keyed by number: "7.3" → "07_pix2pix.html#73-the-generator". */
  sections: ReadonlyMap<string, string>;
  /** Pages of the chapters, keyed by number. */
  chapters: ReadonlyMap<string, string>;
  terms: TermFinder;
}

/** A link in a text. */
interface Link extends Pick<Mention, "start" | "end"> {
  href: string;
  kind: "eq" | "ref" | "place" | "term";
  title?: string;
}

const EQUATION = /\((\d{1,2}\.\d{1,2}[a-z]?)\)/g;
const PAPERS = /\[\d+(?:, ?\d+)*\]/g;
const PLACES = /\b(sections?|chapters?|exercises?) (?=\d)([\d.]*\d(?:(?:, | and |, and | or | to )[\d.]*\d)*)/gi;

/** Adds links to equations, as in "(7.3)", to HTML without other links, such as a comment in code. */
export function linkEquations(html: string, page: string, map: SiteMap): string {
  return html.replaceAll(EQUATION, (whole, tag) => {
    const href = map.equation(tag, page);
    return href === undefined ? whole : `<a class="eq" href="${escaped(href)}">${whole}</a>`;
  });
}

/** Finds the references in a text. */
export function linksIn(text: string, page: Page, targets: Targets): Link[] {
  const links: Link[] = [];
  for (const { 0: whole, 1: tag, index } of text.matchAll(EQUATION)) {
    const href = targets.map.equation(tag!, page.path);
    if (href !== undefined) links.push({ start: index, end: index + whole.length, href, kind: "eq" });
  }
  for (const { 0: list, index } of text.matchAll(PAPERS)) {
    for (const { 0: number, index: offset } of list.matchAll(/\d+/g)) {
      if (!targets.papers.has(Number(number))) continue;
      // The brackets of a single number belong to the link.
      const isAlone = list === `[${number}]`;
      const start = index + offset - Number(isAlone);
      const href = page.papers.has(Number(number)) ? `#ref-${number}` : between(page.path, `references.html#ref-${number}`);
      links.push({ start, end: start + number.length + 2 * Number(isAlone), href, kind: "ref" });
    }
  }
  links.push(...placesIn(text, page, targets));
  if (page.terms) {
    for (const { term, ...at } of targets.terms.find(text, page.terms)) {
      if (links.some((other) => other.start < at.end && at.start < other.end)) continue;
      page.terms.add(term.id);
      links.push({ ...at, href: between(page.path, `glossary.html#${term.id}`), kind: "term", title: term.meaning });
    }
  }
  return links.sort((a, b) => a.start - b.start);
}

function placesIn(text: string, page: Page, { sections, chapters }: Targets): Link[] {
  return [...text.matchAll(PLACES)].flatMap(({ 0: whole, 1: word, 2: list, index }) => {
    const numbers = [...list!.matchAll(/[\d.]*\d/g)];
    return numbers.flatMap(({ 0: number, index: offset }): Link[] => {
      const kind = word![0]!.toLowerCase();
      const place = kind === "s" ? sections.get(number) : kind === "c" ? chapters.get(number) : undefined;
      const isExercise = kind === "e" && page.exercises.has(Number(number));
      if (place === undefined && !isExercise) return [];
      const end = index + whole.length - list!.length + offset + number.length;
      // "section 7.3" is a link as a whole; in "sections 7.3 and 7.4", the numbers are.
      const start = numbers.length === 1 ? index : end - number.length;
      return [{ start, end, href: isExercise ? `#exercise-${number}` : between(page.path, place!), kind: "place" }];
    });
  });
}

/** Adds the links to markdown-it. The page is `env["page"]`. */
export function referencesPlugin(markdown: MarkdownIt, targets: Targets): void {
  markdown.core.ruler.push("references", (state) => {
    state.tokens.forEach((token, n) => {
      if (token.type !== "inline" || state.tokens[n - 1]?.type === "heading_open") return;
      token.children = linkTokens(token.children ?? [], state, targets);
    });
  });
}

/** Adds links to the text tokens of a line, except within other links. */
function linkTokens(tokens: Token[], state: StateCore, targets: Targets): Token[] {
  const page = state.env["page"] as Page;
  let inLink = 0;
  return tokens.flatMap((token) => {
    inLink += Number(token.type === "link_open") - Number(token.type === "link_close");
    if (token.type !== "text" || inLink > 0) return [token];
    const parts: Token[] = [];
    let at = 0;
    for (const { start, end, href, kind, title } of linksIn(token.content, page, targets)) {
      if (start < at) continue;
      const open = new state.Token("link_open", "a", 1);
      open.attrs = [["class", kind], ["href", href], ...title === undefined ? [] : [["data-meaning", title] as [string, string]]];
      open.meta = { resolved: true };
      parts.push(textToken(token.content.slice(at, start)), open, textToken(token.content.slice(start, end)));
      parts.push(new state.Token("link_close", "a", -1));
      at = end;
    }
    return [...parts, textToken(token.content.slice(at))];
  });

  function textToken(content: string): Token {
    const text = new state.Token("text", "", 0);
    text.content = content;
    return text;
  }
}
