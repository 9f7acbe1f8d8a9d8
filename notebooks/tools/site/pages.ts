/** The frame of every page: head, bar, list of chapters, footer.
 * @module */
import type { Chapter } from "./course.ts";
import { escaped } from "./html.ts";
import { between } from "./links.ts";
import type { Heading } from "./references.ts";

/** An entry of the list at the side. */
export interface NavigationEntry {
  page: string;
  /** Title as HTML. */
  html: string;
}

/** The list at the side of every page. */
export interface Navigation {
  chapters: NavigationEntry[];
  /** Pages after the chapters: notation, glossary, references. */
  others: NavigationEntry[];
}

/** A page to frame. */
export interface PageContent {
  path: string;
  /** Title without the name of the site. */
  title: string;
  /** Content of the main element. */
  html: string;
  /** Headings, of which those of level 2 are listed below the page's entry at the side. */
  headings: readonly Heading[];
  /** Classes of the main element. */
  kind?: string;
}

/** Name of the site. */
export const SITE_NAME = "Forger";
/** Page with the list of chapters. */
export const HOME = "index.html";

/** Applies the reader's choice of light or dark before anything is drawn. */
const THEME_SCRIPT = `document.documentElement.classList.add("js");
try { const t = localStorage.getItem("forger-theme"); if (t) document.documentElement.dataset.theme = t; } catch {}`;

/** Returns a whole page. */
export function pageHtml({ path, title, html, headings, kind = "" }: PageContent, navigation: Navigation): string {
  const to = (page: string) => escaped(between(path, page));
  const full = title === SITE_NAME ? title : `${title} – ${SITE_NAME}`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Forger">
<title>${escaped(full)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${to("assets/katex.css")}">
<link rel="stylesheet" href="${to("assets/style.css")}">
<script>${THEME_SCRIPT}</script>
<script defer src="${to("assets/page.js")}" data-root="${to("assets/x").slice(0, -"assets/x".length)}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header class="bar">
<button type="button" class="menu" aria-expanded="false" aria-controls="contents">Chapters</button>
<a class="brand" href="${to(HOME)}">${SITE_NAME}</a>
<search>
<input type="search" id="search" placeholder="Search" aria-label="Search the course" aria-controls="found" autocomplete="off">
<div id="found" hidden></div>
</search>
<button type="button" class="theme" title="Change between light and dark">Dark</button>
</header>
<nav id="contents" aria-label="Course">
${navigationHtml(path, headings, navigation)}</nav>
<main id="main" class="${kind}" tabindex="-1">
${html}${footerHtml(path, navigation)}</main>
</body>
</html>
`;
}

function navigationHtml(path: string, headings: readonly Heading[], { chapters, others }: Navigation): string {
  const entry = ({ page, html }: NavigationEntry) => {
    if (page !== path) return `<li><a href="${escaped(between(path, page))}">${html}</a></li>\n`;
    const sections = headings.filter(({ level }) => level === 2);
    const list = sections.map(({ id, html }) => `<li><a href="#${escaped(id)}">${html}</a></li>\n`).join("");
    return `<li><a href="#main" aria-current="page">${html}</a>${list && `\n<ul>\n${list}</ul>`}</li>\n`;
  };
  const list = (entries: NavigationEntry[]) => entries.length > 0 ? `<ul>\n${entries.map(entry).join("")}</ul>\n` : "";
  return list(chapters) + list(others);
}

/** Links to the chapters before and after. */
function footerHtml(path: string, { chapters }: Navigation): string {
  const at = chapters.findIndex(({ page }) => page === path);
  if (at < 0) return "";
  const link = (entry: NavigationEntry | undefined, rel: "prev" | "next") => {
    if (!entry) return "<span></span>";
    const words = rel === "prev" ? `← ${entry.html}` : `${entry.html} →`;
    return `<a rel="${rel}" href="${escaped(between(path, entry.page))}">${words}</a>`;
  };
  return `<footer aria-label="Other chapters">${link(chapters[at - 1], "prev")}${link(chapters[at + 1], "next")}</footer>\n`;
}

/** Returns the title of a chapter with its number: "7 · pix2pix, step by step". */
export function titleOf({ number, title }: Pick<Chapter, "number" | "title">): string {
  return number === "" ? title : `${number} · ${title}`;
}
