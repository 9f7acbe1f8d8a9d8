/** The page of a chapter: its cells in order, the solution of each exercise folded beneath it, and playgrounds.
 * @module */
import { posix } from "node:path";
import { type Block, type Chapter, type CodeBlock, exerciseOf, type MarkdownBlock, type Place, within } from "./course.ts";
import { codeBlock, type Highlighter } from "./code.ts";
import { hashLink, type MarkdownRenderer } from "./markdown.ts";
import type { OutputRenderer } from "./outputs.ts";
import { playgroundHtml, playgroundsIn } from "./playgrounds.ts";
import { linkEquations, type Page, type Targets } from "./references.ts";

/** What renders the parts of a chapter. */
export interface Renderers {
  markdown: MarkdownRenderer;
  outputs: OutputRenderer;
  highlighter: Highlighter;
  targets: Targets;
  /** Titles of the pages that are not chapters, keyed by file. */
  titles: ReadonlyMap<string, string>;
  /** Pages of the playgrounds that there are. */
  playgrounds: { has(page: string): boolean };
}

/** A chapter as HTML. */
export interface ChapterHtml {
  html: string;
  page: Page;
  /** Sentences about exercises and solutions that do not belong together. */
  problems: string[];
}

/** Renders a chapter.
 * @param path page of the chapter. */
export async function chapterHtml(chapter: Chapter, path: string, renderers: Renderers): Promise<ChapterHtml> {
  const { blocks } = chapter;
  const exercises = exerciseOf(blocks);
  const page = newPage(path, chapter.file, {
    papers: new Set(blocks.flatMap((block) => block.kind === "markdown" ? listedPapers(block.text) : [])),
    exercises: new Set(exercises.filter((number) => number !== undefined)),
  });
  const writer = new ChapterWriter(chapter, page, renderers);
  const firstCode = blocks.findIndex(({ kind }) => kind === "code");
  for (const [n, block] of blocks.entries()) {
    if (n > 0 && exercises[n] !== exercises[n - 1]) await writer.solution(exercises[n - 1]);
    if (block.kind === "markdown") writer.markdown(block);
    else await writer.code(block, n === firstCode ? "Set-up" : undefined);
  }
  await writer.solution(exercises.at(-1));
  writer.checkSolutions();
  return { html: writer.html(), page, problems: writer.problems };
}

/** Returns a page to be composed. */
export function newPage(path: string, file: string, known: Partial<Page> = {}): Page {
  return {
    path,
    file,
    papers: new Set(),
    exercises: new Set(),
    headings: [],
    ids: new Set(["main", "contents"]),
    terms: new Set(),
    ...known,
  };
}

/** Numbers of the papers in a list of references, whose items begin with "[1] ". */
export function listedPapers(markdown: string): number[] {
  return [...markdown.matchAll(/^[-*] \[(\d+)\] /gm)].map(([, number]) => Number(number));
}

class ChapterWriter {
  readonly problems: string[] = [];
  readonly #parts: string[] = [];
  readonly #solved = new Set<number>();
  readonly #embedded = new Set<string>();
  readonly #chapter: Chapter;
  readonly #page: Page;
  readonly #renderers: Renderers;

  constructor(chapter: Chapter, page: Page, renderers: Renderers) {
    this.#chapter = chapter;
    this.#page = page;
    this.#renderers = renderers;
  }

  html(): string {
    const html = this.#parts.join("");
    return this.#chapter.promise === "" ? html : html.replace("<blockquote>", '<blockquote class="promise">');
  }

  markdown(block: MarkdownBlock): void {
    const text = this.#namePages(block.text);
    const { exercise, place } = block;
    this.#parts.push(exercise === undefined ? this.#render(text, this.#page, place) : this.#exercise(text, exercise, place));
    for (const playground of playgroundsIn(text)) {
      if (this.#embedded.has(playground.page) || !this.#renderers.playgrounds.has(playground.page)) continue;
      this.#embedded.add(playground.page);
      this.#parts.push(playgroundHtml(playground, this.#page.path));
    }
  }

  /** Replaces the text of links that show only the name of a file. Solutions are on the page itself. */
  #namePages(text: string): string {
    return text.replaceAll(/\[([\w./-]+)\]\(\1\)/g, (link, file: string) => {
      if (file.startsWith("solutions/")) return `[below each exercise](${file})`;
      const title = this.#renderers.titles.get(posix.join(posix.dirname(this.#page.file), file));
      return title === undefined ? link : `[${title}](${file})`;
    });
  }

  /** Makes "**Exercise 3 (code).** Write ..." a heading and a paragraph. */
  #exercise(text: string, number: number, place: Place): string {
    const [, title, rest] = text.match(/^\*\*(.+?)\.?\*\*\.?\s*([\s\S]*)$/)!;
    const id = `exercise-${number}`;
    const html = this.#renderers.markdown.inline(title!, { ...this.#page, exercises: new Set(), terms: undefined });
    this.#page.ids.add(id);
    this.#page.headings.push({ level: 3, id, html });
    return `<h3 id="${id}">${html}${hashLink(id)}</h3>\n${this.#render(rest!, this.#page, place)}`;
  }

  #render(text: string, page: Page, { file, cell }: Place): string {
    return within(`${file}, cell ${cell}`, () => this.#renderers.markdown.render(text, page));
  }

  /** Writes a code cell.
   * @param fold title of the fold, for code that readers need not read. */
  async code(block: CodeBlock, fold?: string): Promise<void> {
    this.#parts.push(await this.#code(block, fold));
  }

  async #code({ code, outputs, place }: CodeBlock, fold?: string): Promise<string> {
    const { highlighter, targets } = this.#renderers;
    const link = (html: string) => linkEquations(html, this.#page.path, targets.map);
    const shown = await this.#renderers.outputs.render(outputs, place);
    const output = shown && `<div class="output">\n${shown}</div>\n`;
    const source = codeBlock(highlighter.lines(code, "ts", link));
    if (fold === undefined) return `<div class="cell">\n${source}${output}</div>\n`;
    // What a set-up prints is folded, too, but not what it draws.
    const [inside, below] = shown.includes("<figure") ? ["", output] : [output, ""];
    const folded = `<details class="setup"><summary>${fold}</summary>\n${source}${inside}</details>\n`;
    return `<div class="cell">\n${folded}${below}</div>\n`;
  }

  /** Writes the folded solution of an exercise, if there is one. The set-up of all solutions comes with the first. */
  async solution(number: number | undefined): Promise<void> {
    const { solutions } = this.#chapter;
    const blocks = number === undefined ? undefined : solutions?.exercises.get(number);
    if (!blocks || this.#solved.has(number!)) return;
    const isFirst = this.#solved.size === 0;
    this.#solved.add(number!);
    // Links in the solutions are relative to the folder of the solutions.
    const page: Page = { ...this.#page, file: blocks[0]!.place.file };
    const setup = isFirst ? await this.#blocks(solutions!.setup, page, "Set-up of the solutions") : "";
    this.#parts.push(
      `<details class="solution" id="solution-${number}"><summary>Solution of exercise ${number}</summary>\n` +
        `${setup}${await this.#blocks(blocks, page)}</details>\n`,
    );
  }

  async #blocks(blocks: readonly Block[], page: Page, fold?: string): Promise<string> {
    const parts = blocks.map((block) => {
      if (block.kind === "code") return this.#code(block, fold);
      // The heading of the solution is that of the exercise.
      const text = block.exercise === undefined ? block.text : block.text.replace(/^\*\*.+?\*\*\.?\s*/, "");
      return text === "" ? "" : this.#render(text, page, block.place);
    });
    return (await Promise.all(parts)).join("");
  }

  /** Notes exercises without a solution, and solutions without an exercise. */
  checkSolutions(): void {
    const { solutions, file } = this.#chapter;
    if (!solutions) return;
    for (const number of this.#page.exercises) {
      if (!this.#solved.has(number)) this.problems.push(`${file}: exercise ${number} has no solution`);
    }
    for (const number of solutions.exercises.keys()) {
      if (!this.#solved.has(number)) {
        this.problems.push(`${file}: the solutions have an exercise ${number}, which the chapter has not`);
      }
    }
  }
}
