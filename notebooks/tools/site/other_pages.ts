/** Pages that are not chapters: the list of chapters, the bibliography, and pages with Markdown or source code.
 * @module */
import { authorsOf, type Entry } from "./bibtex.ts";
import type { Highlighter } from "./code.ts";
import { newPage } from "./chapter_page.ts";
import { escaped } from "./html.ts";
import { between, sourcePage } from "./links.ts";
import type { MarkdownRenderer } from "./markdown.ts";
import type { ListedChapter } from "./material.ts";
import { HOME, type PageContent, SITE_NAME, titleOf } from "./pages.ts";
import { type Playground, playgroundHtml } from "./playgrounds.ts";
import type { Targets } from "./references.ts";

/** Composes the first page: what the course is, and its chapters.
 * @param others other pages to list, as links. */
export function homePage(
  chapters: readonly ListedChapter[],
  others: readonly { page: string; html: string }[],
  playgrounds: readonly Playground[],
  markdown: MarkdownRenderer,
): PageContent {
  const items = chapters.map(({ chapter, page }) => {
    const at = newPage(HOME, chapter.file, { terms: undefined });
    const title = markdown.inline(titleOf(chapter), at);
    const exercises = chapter.blocks.filter((block) => block.kind === "markdown" && block.exercise !== undefined).length;
    const time = chapter.blocks[0]?.kind === "markdown"
      ? chapter.blocks[0].text.match(/^\*\*Time:\*\* (about \d+ minutes?)/m)?.[1]
      : "";
    const facts = [time && `${time} to run`, exercises > 0 && `${exercises} ${exercises === 1 ? "exercise" : "exercises"}`];
    return `<li><a href="${page}">${title}</a>\n${markdown.render(chapter.promise, at)}` +
      `<p class="quiet">${facts.filter(Boolean).join(", ")}</p></li>\n`;
  });
  const links = others.map(({ page, html }) => `<li><a href="${escaped(page)}">${html}</a></li>\n`).join("");
  const html = `<h1>Generative adversarial networks, by building them</h1>
<p class="lead">A course in ${chapters.length} notebooks, from what an image is to a computer to networks that turn drawings into
photographs. Every formula is computed, every claim is checked by a cell, and every answer can be tried.</p>
<p>This is the reading edition: the text, the code, and what the code showed when it last ran. Solutions and answers are folded.
To run the code and to change it, open the notebooks in a copy of Forger:</p>
<pre class="code"><code>npx -y deno task lab</code></pre>
<h2 id="chapters">Chapters</h2>
<ol class="chapters" role="list">
${items.join("")}</ol>
${playgrounds.length > 0 ? `<h2 id="playgrounds">Playgrounds</h2>\n` : ""}${
    playgrounds.map((playground) => playgroundHtml(playground, HOME)).join("")
  }${links && `<h2 id="more">For looking things up</h2>\n<ul>\n${links}</ul>\n`}`;
  return { path: HOME, title: SITE_NAME, html, headings: [], kind: "home" };
}

/** Composes the list of all papers. */
export function referencesPage(entries: readonly Entry[], citing: ReadonlyMap<number, ListedChapter[]>): PageContent {
  const path = "references.html";
  const items = entries.map((entry) => {
    const { number, fields } = entry;
    const place = [fields["booktitle"] ?? fields["journal"], volumeOf(entry), fields["year"]].filter(Boolean).join(", ");
    const chapters = (citing.get(number) ?? []).map(({ chapter, page }) => {
      return `<a href="${between(path, page)}#ref-${number}">${escaped(chapter.number || chapter.title)}</a>`;
    });
    const cited = chapters.length > 0
      ? ` <span class="quiet">Chapter${chapters.length > 1 ? "s" : ""} ${chapters.join(", ")}.</span>`
      : "";
    return `<li id="ref-${number}">[${number}] ${escaped(authorsOf(entry, 99))}, <em>${escaped(fields["title"] ?? "")}</em>, ` +
      `${escaped(place)}.${addressOf(entry)}${cited}</li>\n`;
  });
  const html = `<h1>References</h1>\n<p>The papers that the course cites, by number.</p>\n<ul class="papers">\n${
    items.join("")
  }</ul>\n`;
  return { path, title: "References", html, headings: [] };
}

function volumeOf({ fields }: Entry): string {
  return fields["volume"] === undefined ? "" : fields["volume"] + (fields["number"] ? ` (${fields["number"]})` : "");
}

function addressOf({ fields }: Entry): string {
  const arxiv = fields["eprint"];
  if (arxiv) return ` <a href="https://arxiv.org/abs/${escaped(arxiv)}" rel="noopener">arXiv:${escaped(arxiv)}</a>`;
  const doi = fields["doi"];
  if (doi) return ` <a href="https://doi.org/${escaped(doi)}" rel="noopener">doi:${escaped(doi)}</a>`;
  return fields["url"] ? ` <a href="${escaped(fields["url"])}" rel="noopener">${escaped(fields["url"])}</a>` : "";
}

/** Composes a page from a Markdown file. */
export function markdownPage(path: string, file: string, text: string, markdown: MarkdownRenderer): PageContent {
  const page = newPage(path, file, { terms: undefined });
  const isGlossary = path === "glossary.html";
  const html = markdown.render(isGlossary ? sortedSections(text) : text, page);
  const title = text.match(/^# +(.+)$/m)?.[1]?.replaceAll(/[*_`]/g, "").trim() ?? path.replace(".html", "");
  // A list of all terms at the side would be too long.
  return { path, title, html, headings: isGlossary ? [] : page.headings, ...isGlossary && { kind: "glossary" } };
}

/** Sorts the sections of a Markdown text by their headings. */
function sortedSections(text: string): string {
  const [introduction, ...sections] = text.split(/^(?=## )/m);
  const name = (section: string) => section.split("\n")[0]!.replaceAll(/[^\p{L}\p{N} ]/gu, "").trim();
  const { compare } = new Intl.Collator("en");
  return [introduction, ...sections.map((section) => `${section.trimEnd()}\n\n`).sort((a, b) => compare(name(a), name(b)))].join(
    "",
  );
}

/** Composes the page of a source file. Lines have numbers, which are also anchors. */
export function codePage(file: string, text: string, highlighter: Highlighter, targets: Targets): PageContent {
  const path = sourcePage(file);
  const extension = file.split(".").at(-1)!;
  const lines = highlighter.lines(text.trimEnd(), extension, (html) => linkNotebooks(html, path, targets));
  const numbered = lines.map((line, n) => `<span class="line" id="L${n + 1}">${line || " "}</span>`).join("\n");
  const html = `<h1 class="file">${escaped(file)}</h1>\n` +
    `<p class="quiet">A file of Forger, as it was when this site was built.</p>\n` +
    `<pre class="code numbered"><code>${numbered}</code></pre>\n`;
  return { path, title: file, html, headings: [], kind: "wide" };
}

/** Adds links to notebooks and their equations, as in "Taught in: notebooks/07_pix2pix.ipynb, Eq. (7.3)". */
function linkNotebooks(html: string, path: string, { map }: Targets): string {
  return html.replaceAll(/(notebooks\/[\w./-]+\.ipynb)(, Eq\. )?(?:\((\d+\.\d+)\))?/g, (whole, notebook, words = "", tag) => {
    const page = map.pageOf(notebook);
    if (page === undefined) return whole;
    const equation = tag === undefined ? undefined : map.equation(tag, path);
    const link = `<a href="${escaped(between(path, page))}">${notebook}</a>${words}`;
    return link + (tag === undefined ? "" : equation === undefined ? `(${tag})` : `<a href="${escaped(equation)}">(${tag})</a>`);
  });
}
