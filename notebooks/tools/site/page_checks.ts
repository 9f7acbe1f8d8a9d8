/** Checks of the pages: links, ids, and the order of headings.
 * @module */
import { posix } from "node:path";
import { textOf, unescaped } from "./html.ts";

/** The files of a site, keyed by path. */
export type SiteFiles = ReadonlyMap<string, string | Uint8Array>;

/** Describes what is wrong with the pages of a site in sentences. */
export function pageProblems(files: SiteFiles): string[] {
  const pages = [...files].filter((file): file is [string, string] => typeof file[1] === "string" && file[0].endsWith(".html"));
  const own = pages.flatMap(([page, html]) => [...wrongIds(html), ...wrongHeadings(html)].map((what) => `${page}: ${what}`));
  return [...own, ...deadLinks(files, pages)];
}

/** Finds links that lead nowhere: to files of the site that do not exist, and to missing anchors. */
function deadLinks(files: SiteFiles, pages: readonly [string, string][]): string[] {
  const ids = new Map(pages.map(([page, html]) => [page, new Set(idsOf(html))]));
  const dead = pages.flatMap(([page, html]) =>
    linksOf(html).flatMap((link) => {
      const [path = "", hash] = link.split("#");
      const target = path === "" ? page : posix.join(posix.dirname(page), decodeURIComponent(path));
      if (!files.has(target)) return `${page}: the link to ${link} leads to a file that does not exist`;
      const isDead = hash && ids.has(target) && !ids.get(target)!.has(decodeURIComponent(hash));
      return isDead ? `${page}: the link to ${link} leads to a place that does not exist` : [];
    })
  );
  return [...new Set(dead)];
}

/** Lists the tags of a page. Text in `<script>` is not HTML. */
function tagsOf(html: string): string[] {
  return html.replaceAll(/<script>[\s\S]*?<\/script>/g, "").match(/<[a-z][^<>]*>/g) ?? [];
}

/** Lists the links of a page to files of the site and to its own places. */
export function linksOf(html: string): string[] {
  return tagsOf(html).flatMap((tag) => [...tag.matchAll(/\s(?:href|src|data-script|data-open)="([^"]*)"/g)])
    .map(([, link]) => unescaped(link!)).filter((link) => !/^[a-z][a-z0-9+.-]*:/i.test(link));
}

function idsOf(html: string): string[] {
  return tagsOf(html).flatMap((tag) => tag.match(/\sid="([^"]*)"/)?.[1] ?? []).map(unescaped);
}

function wrongIds(html: string): string[] {
  const ids = idsOf(html);
  return [...new Set(ids.filter((id, n) => ids.indexOf(id) !== n))].map((id) => `the id ${id} is used twice`);
}

/** Finds headings that skip a level, and pages with more or less than one heading of level 1. */
function wrongHeadings(html: string): string[] {
  const headings = [...html.matchAll(/<h([1-6])\b[^>]*>([\s\S]*?)<\/h\1>/g)].map(([, level, text]) => ({
    level: Number(level),
    text: text!,
  }));
  const titles = headings.filter(({ level }) => level === 1).length;
  const skipped = headings.filter(({ level }, n) => level > (headings[n - 1]?.level ?? 0) + 1);
  return [
    ...titles === 1 ? [] : [`it has ${titles} headings of level 1 instead of one`],
    ...skipped.map(({ level, text }) =>
      `the heading "${textOf(text).replace(/ ?#$/, "")}" of level ${level} follows one that is too high`
    ),
  ];
}
