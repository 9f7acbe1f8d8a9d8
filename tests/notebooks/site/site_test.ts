import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "node:path";
import { playgroundsIn } from "../../../notebooks/tools/site/playgrounds.ts";
import { site } from "../../../notebooks/tools/site/site.ts";
import { lastLine, task } from "../../cli/_task.ts";
import { markdown, notebook, PNG, shown, withCourse } from "./_site.ts";
import { code } from "./_site.ts";

/** Builds the site of a course without playgrounds.
 * @returns the exit status, and the lines that were printed. */
async function build(root: string): Promise<{ status: number; lines: string[] }> {
  const lines: string[] = [];
  const progress = { update: () => {}, finish: () => {}, print: (line: string) => void lines.push(line) };
  const status = await site({ out: undefined, overwrite: false, playgrounds: false }, root, progress);
  return { status, lines };
}

Deno.test("deno task site writes to the folder site, again and again, and reports problems", () =>
  withCourse({}, async (root) => {
    for (let time = 0; time < 2; time++) {
      const { status, lines } = await build(root);
      assertEquals([status, lines.length], [0, 1]);
      assertMatch(lines[0]!, /^The site is in .*site: 2 chapters, \d+ MB, \d+ s$/);
    }
    assertMatch(await Deno.readTextFile(join(root, "site", "index.html")), /<h1>/);
    const cells = [markdown("# 2 · Pictures\n\n[gone](gone.ipynb)"), code("1;", shown({ "image/png": PNG }))];
    await Deno.writeTextFile(join(root, "notebooks", "02_pictures.ipynb"), notebook(...cells));
    const { status, lines } = await build(root);
    assertEquals([status, lines.slice(0, -1)], [
      1,
      [
        "Problem: notebooks/02_pictures.ipynb, cell 1: an image has no alternative text; give it as text/plain",
        "Problem: 02_pictures.html: the link to gone.ipynb leads to a file that does not exist",
      ],
    ]);
  }));

Deno.test("deno task site reports errors on one line, before it builds anything", () =>
  withCourse({ "taken/a.txt": "a" }, async (root) => {
    const taken = await task("site", ["--out", join(root, "taken")]);
    assertEquals([taken.status, taken.stderr.trimEnd().split("\n").length], [1, 1]);
    assertMatch(lastLine(taken), /^Cannot write the site to .*taken: it contains files of something else; choose another folder/);
    assertEquals([...Deno.readDirSync(join(root, "taken"))].length, 1);
    const unknown = await task("site", ["--oout", "x"]);
    assertEquals([unknown.status, lastLine(unknown)], [2, 'Unknown option --oout for "deno task site"; did you mean --out?']);
  }));

Deno.test("playgroundsIn() finds the commands that a text names in code", () => {
  const text =
    "Play with `deno task game`, or `deno task play --model data/models/my-houses/`.\n\n```sh\n`deno task game`\n```\n" +
    "But not deno task game, `deno task play` or `deno task train gan`.";
  const found = playgroundsIn(text);
  assertEquals(found.map(({ page, model }) => [page, model]), [["play/game.html", undefined], [
    "play/my-houses.html",
    "data/models/my-houses",
  ]]);
  assert(found[1]!.title.includes("my-houses"));
});
