/** What the site is made of: chapters, Markdown files, papers and terms, and the places to which the text can refer.
 * @module */
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Entry, parseBibtex } from "./bibtex.ts";
import { listedPapers } from "./chapter_page.ts";
import { type Chapter, equationsOf, readCourse } from "./course.ts";
import { readTerms, type Term, TermFinder } from "./glossary.ts";
import { headingAnchors, SiteMap } from "./links.ts";
import type { Targets } from "./references.ts";

/** A chapter and its page. */
export interface ListedChapter {
  chapter: Chapter;
  page: string;
}

/** A page that shows a Markdown file in the folder of notebooks. */
export interface MarkdownFile {
  file: string;
  page: string;
  text: string;
}

/** What the site is made of. */
export interface Material {
  chapters: ListedChapter[];
  documents: MarkdownFile[];
  papers: Entry[];
  targets: Targets;
  /** Titles of the pages that are not chapters, keyed by file. */
  titles: Map<string, string>;
}

/** Reads everything that the pages show.
 * @throws {Error} if a notebook, the bibliography or the glossary is damaged. */
export async function readMaterial(root: string): Promise<Material> {
  const chapters = (await readCourse(root)).map((chapter): ListedChapter => ({ chapter, page: `${chapter.name}.html` }));
  const documents = await readDocuments(root);
  const papers = await readIfThere(root, "notebooks/references.bib").then((text) => text === undefined ? [] : parseBibtex(text));
  const glossary = documents.find(({ page }) => page === "glossary.html");
  const terms = glossary ? readTerms(glossary.text) : [];
  const titles = new Map(documents.map(({ file, text }) => [file, text.match(/^# +(.+)$/m)?.[1] ?? file]));
  if (papers.length > 0) titles.set("notebooks/references.bib", "References");
  return { chapters, documents, papers, titles, targets: targetsOf(root, chapters, documents, papers, terms) };
}

/** Reads the Markdown files in the folder of notebooks. */
async function readDocuments(root: string): Promise<MarkdownFile[]> {
  const names: string[] = [];
  for await (const { name, isFile } of Deno.readDir(join(root, "notebooks"))) {
    if (isFile && name.endsWith(".md")) names.push(name);
  }
  return await Promise.all(
    names.sort().map(async (name) => ({
      file: `notebooks/${name}`,
      page: name.toLowerCase().replace(/\.md$/, ".html"),
      text: await Deno.readTextFile(join(root, "notebooks", name)),
    })),
  );
}

async function readIfThere(root: string, file: string): Promise<string | undefined> {
  return await Deno.readTextFile(join(root, file)).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  });
}

/** Collects the places to which the text can refer. */
function targetsOf(
  root: string,
  chapters: readonly ListedChapter[],
  documents: readonly MarkdownFile[],
  papers: readonly Entry[],
  terms: readonly Term[],
): Targets {
  const map = new SiteMap((path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() ?? false);
  for (const { file, page } of documents) map.add(file, page);
  if (papers.length > 0) map.add("notebooks/references.bib", "references.html");
  const sections = new Map<string, string>();
  for (const { chapter, page } of chapters) {
    map.add(chapter.file, page);
    const [firstSolution] = chapter.solutions?.exercises.keys() ?? [];
    const anchor = firstSolution === undefined ? "" : `#solution-${firstSolution}`;
    map.add(chapter.file.replace("notebooks/", "notebooks/solutions/"), page + anchor);
    for (const tag of equationsOf(chapter.blocks)) map.equations.set(tag, page);
    for (const block of chapter.blocks) {
      const [, heading, number] = block.kind === "markdown" ? block.text.match(/^## +((\d+\.\d+) .*)$/m) ?? [] : [];
      if (number !== undefined) sections.set(number, `${page}#${headingAnchors(heading!).github}`);
    }
  }
  return {
    map,
    papers: new Set(papers.map(({ number }) => number)),
    sections,
    chapters: new Map(chapters.map(({ chapter, page }) => [chapter.number, page])),
    terms: new TermFinder(terms),
  };
}

/** Lists the chapters that cite each paper. */
export function citations(chapters: readonly ListedChapter[]): Map<number, ListedChapter[]> {
  const citing = new Map<number, ListedChapter[]>();
  for (const listed of chapters) {
    const text = listed.chapter.blocks.map((block) => block.kind === "markdown" ? block.text : "").join("\n");
    for (const number of new Set(listedPapers(text))) citing.set(number, [...citing.get(number) ?? [], listed]);
  }
  return citing;
}
