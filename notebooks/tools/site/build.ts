/** Builds the site in memory: reads the course, then composes its pages and collects the files that they need.
 * @module */
import { join } from "node:path";
import { assetFiles } from "./assets.ts";
import { chapterHtml, newPage, type Renderers } from "./chapter_page.ts";
import { Highlighter } from "./code.ts";
import { within } from "./course.ts";
import { MarkdownRenderer } from "./markdown.ts";
import { citations, type ListedChapter, type Material, readMaterial } from "./material.ts";
import { codePage, homePage, markdownPage, referencesPage } from "./other_pages.ts";
import { type DarkImage, OutputRenderer } from "./outputs.ts";
import { pageProblems } from "./page_checks.ts";
import { type Navigation, type PageContent, pageHtml, titleOf } from "./pages.ts";
import { GAME, type PlaygroundBuilder, playgroundsIn } from "./playgrounds.ts";
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

/** Builds the site.
 * @throws {Error} if a notebook, the bibliography or the glossary is damaged, or a formula cannot be typeset. */
export async function buildSite({ root, playground, dark = () => Promise.resolve(undefined) }: BuildOptions): Promise<Site> {
  const material = await readMaterial(root);
  const { chapters, targets } = material;
  const highlighter = await Highlighter.load();
  const markdown = new MarkdownRenderer(targets, highlighter);
  const outputs = new OutputRenderer(dark);
  const played = await buildPlaygrounds(chapters, playground);
  const composed = await composePages(material, { markdown, outputs, highlighter, playgrounds: played.pages });

  const others = composed.pages.slice(chapters.length).map(({ path, title }) => ({ page: path, html: title }));
  const navigation = navigationOf(chapters, others, markdown);
  const home = homePage(chapters, others, played.pages.has(GAME.page) ? [GAME] : [], markdown);
  const sources = await Promise.all([...targets.map.sources].map(async (file) => {
    return codePage(file, await Deno.readTextFile(join(root, file)), highlighter, targets);
  }));
  const pages = [...composed.pages, home, ...sources];
  const files = new Map<string, string | Uint8Array>(pages.map((page) => [page.path, pageHtml(page, navigation)]));
  for (const [path, content] of [...outputs.files, ...played.pages]) files.set(path, content);
  for (const image of targets.map.images) files.set(`source/${image}`, await Deno.readFile(join(root, image)));
  for (const [path, content] of await assetFiles(highlighter.css())) files.set(path, content);
  files.set("assets/search.js", searchScript(composed.records));
  const problems = [...played.problems, ...composed.problems, ...outputs.problems, ...pageProblems(files)];
  return { files, problems, chapters: chapters.length };
}

/** Pages without their frame. */
interface Composed {
  /** The chapters, then the other pages. */
  pages: PageContent[];
  records: SearchRecord[];
  problems: string[];
}

/** Composes the chapters, the pages of Markdown files, and the bibliography. */
async function composePages(
  { chapters, documents, papers, targets, titles }: Material,
  renderers: Omit<Renderers, "targets" | "titles">,
): Promise<Composed> {
  const composed: Composed = { pages: [], records: [], problems: [] };
  for (const { chapter, page: path } of chapters) {
    const { html, page, problems } = await chapterHtml(chapter, path, { ...renderers, targets, titles });
    composed.pages.push({ path, title: titleOf(chapter), html, headings: page.headings });
    composed.problems.push(...problems);
    composed.records.push(...recordsOf(chapter, path));
  }
  for (const { page, file, text } of documents) {
    const made = within(file, () => markdownPage(page, file, text, renderers.markdown));
    composed.pages.push(made);
    composed.records.push(...sectionsOf([text], page, made.title));
  }
  if (papers.length > 0) composed.pages.push(referencesPage(papers, citations(chapters)));
  return composed;
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
