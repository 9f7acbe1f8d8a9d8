/** Builds the site in memory: reads the course, then composes its pages and collects the files that they need.
 * @module */
import { statSync } from "node:fs";
import { join } from "node:path";
import { assetFiles } from "./assets.ts";
import { type Entry, parseBibtex } from "./bibtex.ts";
import { chapterHtml, listedPapers, newPage } from "./chapter_page.ts";
import { Highlighter } from "./code.ts";
import { equationsOf, readCourse, within } from "./course.ts";
import { readTerms, type Term, TermFinder } from "./glossary.ts";
import { headingAnchors, SiteMap } from "./links.ts";
import { MarkdownRenderer } from "./markdown.ts";
import { codePage, homePage, type ListedChapter, markdownPage, referencesPage } from "./other_pages.ts";
import { type DarkImage, OutputRenderer } from "./outputs.ts";
import { type Navigation, type PageContent, pageHtml, titleOf } from "./pages.ts";
import { pageProblems } from "./page_checks.ts";
import { GAME, type PlaygroundBuilder, playgroundsIn } from "./playgrounds.ts";
import type { Targets } from "./references.ts";
import { recordsOf, type SearchRecord, searchScript, sectionsOf } from "./search.ts";

/** Options of {@linkcode buildSite}. */
export interface BuildOptions {
  /** Root folder of the project. */
  root: string;
  /** Builds the pages of playgrounds. Without it, none is embedded. */
  playground?: PlaygroundBuilder | undefined;
  /** Creates the dark versions of images. Without it, there are none. */
  dark?: DarkImage;
}

/** A site. */
export interface Site {
  /** All files, keyed by path. */
  files: Map<string, string | Uint8Array>;
  /** Sentences about what is wrong with the course: dead links, images without alternative texts, missing solutions. */
  problems: string[];
  /** Number of chapters. */
  chapters: number;
}

/** A page that shows a Markdown file in the folder of notebooks. */
interface MarkdownFile {
  file: string;
  page: string;
  text: string;
}

/** Builds the site.
 * @throws {Error} if a notebook, the bibliography or the glossary is damaged, or a formula cannot be typeset. */
export async function buildSite({ root, playground, dark = () => Promise.resolve(undefined) }: BuildOptions): Promise<Site> {
  const chapters = (await readCourse(root)).map((chapter): ListedChapter => ({ chapter, page: `${chapter.name}.html` }));
  const documents = await readDocuments(root);
  const papers = await readIfThere(root, "notebooks/references.bib").then((text) => text === undefined ? [] : parseBibtex(text));
  const glossary = documents.find(({ page }) => page === "glossary.html");
  const terms = glossary ? readTerms(glossary.text) : [];
  const targets = targetsOf(root, chapters, documents, papers, terms);
  const highlighter = await Highlighter.load();
  const markdown = new MarkdownRenderer(targets, highlighter);
  const outputs = new OutputRenderer(dark);

  const pages: PageContent[] = [];
  const titles = new Map(documents.map(({ file, text }) => [file, text.match(/^# +(.+)$/m)?.[1] ?? file]));
  if (papers.length > 0) titles.set("notebooks/references.bib", "References");
  const played = await buildPlaygrounds(chapters, playground);
  const problems = [...played.problems];
  const records: SearchRecord[] = [];
  for (const { chapter, page: path } of chapters) {
    const made = await chapterHtml(chapter, path, { markdown, outputs, highlighter, targets, titles, playgrounds: played.pages });
    pages.push({ path, title: titleOf(chapter), html: made.html, headings: made.page.headings });
    problems.push(...made.problems);
    records.push(...recordsOf(chapter, path));
  }
  for (const { page, file, text } of documents) {
    const made = within(file, () => markdownPage(page, file, text, markdown));
    pages.push(made);
    records.push(...sectionsOf([text], page, made.title));
  }
  if (papers.length > 0) pages.push(referencesPage(papers, citations(chapters)));
  const others = pages.slice(chapters.length).map(({ path, title }) => ({ page: path, html: title }));
  const navigation = navigationOf(chapters, others, markdown);
  pages.push(homePage(chapters, others, played.pages.has(GAME.page) ? [GAME] : [], markdown));
  for (const file of targets.map.sources) {
    pages.push(codePage(file, await Deno.readTextFile(join(root, file)), highlighter, targets));
  }

  const files = new Map<string, string | Uint8Array>(pages.map((page) => [page.path, pageHtml(page, navigation)]));
  for (const [path, content] of [...outputs.files, ...played.pages]) files.set(path, content);
  for (const image of targets.map.images) files.set(`source/${image}`, await Deno.readFile(join(root, image)));
  for (const [path, content] of await assetFiles(highlighter.css())) files.set(path, content);
  files.set("assets/search.js", searchScript(records));
  problems.push(...outputs.problems, ...pageProblems(files));
  return { files, problems, chapters: chapters.length };
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
function citations(chapters: readonly ListedChapter[]): Map<number, ListedChapter[]> {
  const citing = new Map<number, ListedChapter[]>();
  for (const listed of chapters) {
    const text = listed.chapter.blocks.map((block) => block.kind === "markdown" ? block.text : "").join("\n");
    for (const number of new Set(listedPapers(text))) citing.set(number, [...citing.get(number) ?? [], listed]);
  }
  return citing;
}

function navigationOf(
  chapters: readonly ListedChapter[],
  others: Navigation["others"],
  markdown: MarkdownRenderer,
): Navigation {
  const entries = chapters.map(({ chapter, page }) => {
    return { page, html: markdown.inline(titleOf(chapter), newPage(page, chapter.file, { terms: undefined })) };
  });
  return { chapters: entries, others };
}

/** Pages of playgrounds. */
interface Played {
  /** The pages, keyed by path. */
  pages: Map<string, Uint8Array>;
  problems: string[];
}

/** Builds the game, and the playgrounds that the chapters name. One that fails is left out. */
async function buildPlaygrounds(chapters: readonly ListedChapter[], build: PlaygroundBuilder | undefined): Promise<Played> {
  const played: Played = { pages: new Map(), problems: [] };
  const texts = chapters.flatMap(({ chapter }) => chapter.blocks.map((block) => block.kind === "markdown" ? block.text : ""));
  const wanted = new Map([GAME, ...texts.flatMap(playgroundsIn)].map((playground) => [playground.page, playground]));
  for (const [path, playground] of build ? wanted : []) {
    try {
      const page = await build!(playground);
      played.pages.set(path, typeof page === "string" ? new TextEncoder().encode(page) : page);
    } catch (error) {
      played.problems.push(`${playground.title} is not embedded: ${(error as Error).message}`);
    }
  }
  return played;
}
