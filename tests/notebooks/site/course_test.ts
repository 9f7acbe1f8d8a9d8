import { assertEquals, assertRejects } from "@std/assert";
import { chapterOf, equationsOf, exerciseOf, readCourse } from "../../../notebooks/tools/site/course.ts";
import { code, markdown, notebook, withCourse } from "./_site.ts";

Deno.test("chapterOf() divides cells before sections and exercises, but not within code", () => {
  const cells = [
    markdown("# 3 · Title `x`\n\n> Promise\n> goes on.\n\nText"),
    markdown("## A\n\n```sh\n## no section\n```\n\n**Exercise 1 (recall).** One.\n\n**Exercise 2 (code).** Two."),
    code("1;"),
    markdown("## References"),
  ];
  const chapter = chapterOf("notebooks/03_x.ipynb", { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
  assertEquals([chapter.number, chapter.title, chapter.promise], ["3", "Title `x`", "Promise\ngoes on."]);
  const kinds = chapter.blocks.map((block) => block.kind === "code" ? "code" : block.text.split("\n")[0]);
  assertEquals(kinds.slice(1), ["## A", "**Exercise 1 (recall).** One.", "**Exercise 2 (code).** Two.", "code", "## References"]);
  assertEquals(exerciseOf(chapter.blocks), [undefined, undefined, 1, 2, 2, undefined]);
});

Deno.test("readCourse() reads chapters with their solutions", () =>
  withCourse({}, async (root) => {
    const [first, second] = await readCourse(root);
    assertEquals([first!.name, first!.number, second!.title], ["01_game", "1", "Pictures"]);
    assertEquals([...first!.solutions!.exercises.keys()], [1, 2]);
    assertEquals(first!.solutions!.setup.map(({ kind }) => kind), ["code"]);
    assertEquals(second!.solutions, undefined);
    assertEquals(equationsOf(first!.blocks), ["1.1"]);
  }));

Deno.test("readCourse() reports damaged notebooks, and those without outputs, on one line", async () => {
  const bad = (text: string, message: string) =>
    withCourse({ "notebooks/01_game.ipynb": text }, async (root) => {
      const error = await assertRejects(() => readCourse(root), Error, message);
      assertEquals(error.message.split("\n").length, 1);
    });
  await bad('{"cells": [', "01_game.ipynb: expected a notebook of format 4");
  await bad('{"cells": [null], "nbformat": 4}', "notebooks/01_game.ipynb: cell 0 has no source");
  await bad(notebook(code("1;")), 'notebooks/01_game.ipynb has no outputs; run "deno task notebooks --only 01_game"');
  await withCourse({ "notebooks/01_game.ipynb": undefined, "notebooks/02_pictures.ipynb": undefined }, async (root) => {
    await assertRejects(() => readCourse(root), Error, "there are no notebooks");
  });
});
