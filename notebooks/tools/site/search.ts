/** What the search of the site finds: the sections of the chapters and pages, as text.
 * @module */
import { scriptJson } from "../../../lib/plot/page_assets.ts";
import type { Block, Chapter } from "./course.ts";
import { headingAnchors } from "./links.ts";
import { titleOf } from "./pages.ts";
import { plainText } from "./plain_text.ts";

/** A section, as the search finds it. */
export interface SearchRecord {
  /** Address, relative to the root of the site. */
  id: string;
  /** Heading of the section. */
  title: string;
  /** Title of the page. */
  page: string;
  text: string;
}

/** Returns the sections of a chapter. Solutions and code are left out. */
export function recordsOf(chapter: Chapter, path: string): SearchRecord[] {
  return sectionsOf(chapter.blocks.map(markdownOf).filter((text) => text !== ""), path, titleOf(chapter));
}

function markdownOf(block: Block): string {
  if (block.kind === "code") return "";
  const { text, exercise } = block;
  return exercise === undefined
    ? text
    : text.replace(/^\*\*(.+?)\.?\*\*/, (_, title) => `### ${title} {#exercise-${exercise}}\n\n`);
}

/** Divides Markdown at its headings.
 * @param parts pieces of the page in order.
 * @param page title of the page. */
export function sectionsOf(parts: readonly string[], path: string, page: string): SearchRecord[] {
  const records: SearchRecord[] = [];
  const ids = new Set<string>();
  for (const line of parts.join("\n\n").split("\n")) {
    const [, marks, heading, given] = line.match(/^(#{1,4}) +(.+?)(?: \{#(.+)\})?$/) ?? [];
    if (heading === undefined) {
      if (records.length === 0) records.push({ id: path, title: page, page, text: "" });
      records.at(-1)!.text += `${line}\n`;
      continue;
    }
    let id = given ?? headingAnchors(heading).github;
    for (let n = 1; ids.has(id); n++) id = `${headingAnchors(heading).github}-${n}`;
    ids.add(id);
    records.push({ id: marks === "#" ? path : `${path}#${id}`, title: plainText(heading), page, text: "" });
  }
  return records.map((record) => ({ ...record, text: plainText(record.text) }));
}

/** Returns the script that hands the sections to the page. */
export function searchScript(records: readonly SearchRecord[]): string {
  return `forgerSearch(${scriptJson(records)});\n`;
}
