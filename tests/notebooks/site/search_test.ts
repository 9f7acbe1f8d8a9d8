import { assertEquals } from "@std/assert";
import { chapterOf } from "../../../notebooks/tools/site/course.ts";
import { plainText } from "../../../notebooks/tools/site/plain_text.ts";
import { recordsOf, sectionsOf } from "../../../notebooks/tools/site/search.ts";
import { code, markdown } from "./_site.ts";

Deno.test("recordsOf() divides a chapter at its headings and exercises, without code", () => {
  const cells = [
    markdown("# 1 · The game\n\nIntro."),
    markdown("## 1.1 Value & co\n\n$D$ sees [it](x.md)."),
    code("hidden();"),
    markdown("More."),
    markdown("**Exercise 2 (code).** Write it."),
  ];
  const chapter = chapterOf("notebooks/01_game.ipynb", { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
  assertEquals(recordsOf(chapter, "01_game.html"), [
    { id: "01_game.html", title: "1 · The game", page: "1 · The game", text: "Intro." },
    { id: "01_game.html#11-value--co", title: "1.1 Value & co", page: "1 · The game", text: "D sees it. More." },
    { id: "01_game.html#exercise-2", title: "Exercise 2 (code)", page: "1 · The game", text: "Write it." },
  ]);
});

Deno.test("sectionsOf() gives headings of the same name different addresses, as the pages do", () => {
  assertEquals(sectionsOf(["## A\n\nx\n\n## A\n\ny"], "p.html", "P").map(({ id }) => id), ["p.html#a", "p.html#a-1"]);
});

Deno.test("plainText() removes marks, and keeps what one would search for", () => {
  assertEquals(
    plainText("> **Checkpoint.** The _logit_ `s`, $\\lambda$ = 100:\n\n$$x \\tag{7.1}$$"),
    "Checkpoint. The logit s, λ = 100: (7.1)",
  );
  assertEquals(plainText("1. $E_{x}[\\tfrac12 \\log D]$ costs $5 or $6"), "E_x[1/2 log D] costs $5 or $6");
  assertEquals(plainText("| a | b |\n| --- | --- |\n| snake_case | $\\mathcal{L}$ |"), "a b snake_case L");
});
