/** The site of the course itself, without playgrounds and dark images, which take longer. */
import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { buildSite } from "../../../notebooks/tools/site/build.ts";
import { equationsOf, readCourse } from "../../../notebooks/tools/site/course.ts";
import { equationId } from "../../../notebooks/tools/site/links.ts";
import { linksOf } from "../../../notebooks/tools/site/page_checks.ts";
import { course, isLesson, ROOT, stem } from "../_notebooks.ts";
import { textIn } from "./_site.ts";

const SITE = await buildSite({ root: ROOT });
const CHAPTERS = await readCourse(ROOT);
const LESSONS = (await course()).filter(isLesson).map(stem);

Deno.test("the course has no dead links, no images without alternative texts, and a solution for each exercise", () => {
  assertEquals(SITE.problems, []);
});

Deno.test("the course has a page for each chapter, which the first page lists", () => {
  const listed = linksOf(textIn(SITE, "index.html"));
  for (const name of LESSONS) assert(SITE.files.has(`${name}.html`) && listed.includes(`${name}.html`), name);
});

for (const { name, blocks } of CHAPTERS) {
  Deno.test(`${name}.html has text for every image, and sets all equations of the chapter`, () => {
    const html = textIn(SITE, `${name}.html`);
    for (const image of html.match(/<img\b[^>]*>/g) ?? []) assertMatch(image, / alt="[^"]+"/);
    const set = [...html.matchAll(/<div class="equation" id="([^"]+)">/g)].map(([, id]) => id!);
    assertEquals(set, equationsOf(blocks).map(equationId));
  });
}

Deno.test("every reference to an equation, a paper, or a section of the course is a link", () => {
  const text = CHAPTERS.flatMap(({ blocks }) => blocks.map((block) => block.kind === "markdown" ? block.text : "")).join("\n");
  const pages = LESSONS.map((name) => textIn(SITE, `${name}.html`)).join("\n");
  const prose = text.replaceAll(/```[\s\S]*?```|`[^`\n]*`|\$\$[\s\S]*?\$\$|\$[^$\n]*\$/g, " ");
  const named = new Set([...prose.matchAll(/\((\d{1,2}\.\d{1,2})\)/g)].map(([, tag]) => tag));
  assertGreater(named.size, 20);
  for (const tag of named) {
    assertMatch(pages, new RegExp(`<a class="eq" href="[^"]*#eq-${tag!.replace(".", "-")}">\\(${tag}\\)</a>`));
  }
});
