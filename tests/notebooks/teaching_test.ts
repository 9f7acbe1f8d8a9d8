import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { deadLinks } from "../tools/links.ts";
import { course, isLesson, ROOT, stem, texts } from "./_notebooks.ts";

const PATH = join(ROOT, "notebooks", "TEACHING.md");
const text = await Deno.readTextFile(PATH);
const lessons = (await course()).filter(isLesson);

/** Numbers of the sections of all lessons: "10.4". */
function sections(): string[] {
  const prose = lessons.flatMap((lesson) => texts(lesson, "markdown").map(({ text }) => text)).join("\n");
  return [...prose.matchAll(/^## (\d+\.\d+) /gm)].map(([, number]) => number!);
}

Deno.test("TEACHING.md gives the minutes of each section, and what to say if one is skipped", () => {
  const rows = [...text.matchAll(/^\| (\d+\.\d+) +\| (\d+) +\| (yes)? *\| (.*?) *\|$/gm)];
  assertEquals(rows.map(([, number]) => number), sections());
  for (const [row, , , core, instead] of rows) assertEquals([row, core === undefined], [row, instead !== ""]);
});

Deno.test("TEACHING.md has a misconception for each chapter, and names cells that exist", () => {
  const table = text.split("## Misconceptions")[1]!.split("\n## ")[0]!;
  const rows = [...table.matchAll(/^\| (\d+) +\|.*\| (.*?) +\|$/gm)];
  assertEquals([...new Set(rows.map(([, chapter]) => chapter))], lessons.map((lesson) => `${Number(stem(lesson).slice(0, 2))}`));
  for (const [row, chapter, shown] of rows) {
    const lesson = lessons.find((lesson) => Number(stem(lesson).slice(0, 2)) === Number(chapter))!;
    const ids = texts(lesson, "code").map(({ id }) => id);
    const named = [...shown!.matchAll(/`([\w-]+)`/g)].map(([, id]) => id!);
    assertEquals([row, named.filter((id) => !ids.includes(id))], [row, []]);
  }
});

Deno.test("TEACHING.md has links that lead somewhere", async () => {
  assertEquals(await deadLinks(ROOT, [PATH]), []);
});
