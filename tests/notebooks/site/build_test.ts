import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { pageProblems } from "../../../notebooks/tools/site/page_checks.ts";
import { COURSE, markdown, notebook, printed, siteOf, textIn } from "./_site.ts";
import { code } from "./_site.ts";

/** Asserts that a text does not contain a pattern. */
function assertNone(text: string, pattern: RegExp, message?: string): void {
  assertEquals(text.match(pattern)?.[0], undefined, message);
}

const SITE = await siteOf();
const PAGE = textIn(SITE, "01_game.html");

Deno.test("a site has a page for each chapter, the notation, the glossary, the papers and linked sources", () => {
  const pages = [...SITE.files.keys()].filter((path) => path.endsWith(".html")).sort();
  assertEquals(pages, [
    ...["01_game.html", "02_pictures.html", "glossary.html", "index.html", "notation.html", "play/game.html"],
    ...["references.html", "source/lib/step.ts.html"],
  ]);
  assertEquals(SITE.problems, []);
});

Deno.test("equations are numbered, and references to them are links, also from other pages, code and answers", () => {
  assertStringIncludes(PAGE, '<div class="equation" id="eq-1-1">');
  assertMatch(PAGE, /See <a class="eq" href="#eq-1-1">\(1\.1\)<\/a>, \(9\.9\)/);
  assertMatch(PAGE, /\/\/ by <a class="eq" href="#eq-1-1">/);
  assertMatch(PAGE, /<summary>Answer<\/summary>By <a class="eq" href="#eq-1-1">\(1\.1\)<\/a>, <span class="katex">/);
  assertStringIncludes(textIn(SITE, "02_pictures.html"), 'by <a class="eq" href="01_game.html#eq-1-1">(1.1)</a>');
  assertStringIncludes(textIn(SITE, "source/lib/step.ts.html"), '<a href="../../01_game.html#eq-1-1">(1.1)</a>');
});

Deno.test("papers lead to the chapter's own list, or else to the list of all; unknown numbers stay as they are", () => {
  assertMatch(PAGE, /equation 1 of <a class="ref" href="#ref-1">\[1\]<\/a>/);
  assertMatch(PAGE, /by \[<a class="ref" href="references.html#ref-2">2<\/a>, <a class="ref" href="#ref-1">1<\/a>\]; not \[7\]/);
  assertMatch(PAGE, /<li id="ref-1">\[1\] I\. J\. Goodfellow/);
  assertMatch(textIn(SITE, "references.html"), /<li id="ref-2">\[2\] D\. P\. Kingma and J\. Ba, <em>Adam<\/em>, 2015\./);
});

Deno.test("sections, chapters, exercises and files are links", () => {
  assertStringIncludes(PAGE, '<a class="place" href="02_pictures.html#21-noise">section 2.1</a>');
  assertStringIncludes(PAGE, '<a class="place" href="02_pictures.html">chapter 2</a>');
  assertStringIncludes(PAGE, '<a class="place" href="#exercise-1">exercise 1</a>');
  assertStringIncludes(PAGE, '<a href="source/lib/step.ts.html">the step</a>');
  assertStringIncludes(PAGE, '<a href="notation.html">Notation</a>');
});

Deno.test("the first use of a term in a chapter is a link with its meaning", () => {
  const link = '<a class="term" href="glossary.html#mode-collapse" data-meaning="The generator produces only a few modes.">';
  assertStringIncludes(PAGE, `${link}mode collapse</a>; mode collapse is bad`);
});

Deno.test("solutions are folded beneath their exercises, the set-up with the first", () => {
  const order = ['<h3 id="exercise-1">', 'id="solution-1"', "Set-up of the solutions", "A network, see", '<h3 id="exercise-2">'];
  const after = [...order, "Not yet", 'id="solution-2"', "<p>So:</p>", "Right: 4", 'id="references"'];
  assertEquals(after.map((part) => PAGE.indexOf(part)).filter((at) => at < 0), []);
  const places = after.map((part) => PAGE.indexOf(part));
  assertEquals(places, places.toSorted((a, b) => a - b));
  assertStringIncludes(PAGE, 'Solutions: <a href="#solution-1">below each exercise</a>');
});

Deno.test("a playground is embedded where a chapter names its command", () => {
  assertMatch(PAGE, /<figure class="playground"[\s\S]*data-open="play\/game\.html"/);
  assertStringIncludes(textIn(SITE, "index.html"), 'data-open="play/game.html"');
});

Deno.test("a site without playgrounds, glossary, papers and solutions has no links to them", async () => {
  const changes = Object.fromEntries(
    ["glossary.md", "references.bib", "solutions/01_game.ipynb"].map((name) => [`notebooks/${name}`, undefined]),
  );
  const first = COURSE["notebooks/01_game.ipynb"]!.replace("[solutions/01_game.ipynb](solutions/01_game.ipynb)", "none");
  const site = await siteOf({ ...changes, "notebooks/01_game.ipynb": first }, {});
  assertEquals(site.problems, []);
  const page = textIn(site, "01_game.html");
  assertNone(page, /class="(term|ref|playground|solution)"|glossary|references\.html/);
});

Deno.test("a playground that cannot be built is a problem, and its command stays", async () => {
  const site = await siteOf({}, { playground: () => Promise.reject(new Error("Cannot bundle")) });
  assertEquals(site.problems, ["The game of two networks is not embedded: Cannot bundle"]);
  assertStringIncludes(textIn(site, "01_game.html"), "<code>deno task game</code>");
});

Deno.test("dead links, missing solutions and skipped headings are problems", async () => {
  const cells = [
    markdown("# 2 · Pictures\n\n[a](gone.ipynb) [b](01_game.ipynb#gone) [c](#gone) ![d](gone.png)"),
    markdown("## 2.1 Noise\n\n#### Deep"),
    code("1;", printed("1")),
  ];
  const site = await siteOf({
    "notebooks/02_pictures.ipynb": notebook(...cells),
    "notebooks/solutions/01_game.ipynb": COURSE["notebooks/solutions/01_game.ipynb"]!.replace("**Exercise 2", "**Exercise 3"),
  });
  assertEquals(site.problems, [
    "notebooks/01_game.ipynb: exercise 2 has no solution",
    "notebooks/01_game.ipynb: the solutions have an exercise 3, which the chapter has not",
    '02_pictures.html: the heading "Deep" of level 4 follows one that is too high',
    "02_pictures.html: the link to gone.ipynb leads to a file that does not exist",
    "02_pictures.html: the link to 01_game.html#gone leads to a place that does not exist",
    "02_pictures.html: the link to #gone leads to a place that does not exist",
    "02_pictures.html: the link to gone.png leads to a file that does not exist",
  ]);
});

Deno.test("a formula that cannot be typeset is an error with its place, on one line", async () => {
  for (const [formula, reason] of [["$\\nonsense$", "Undefined control sequence"], ["$☃$", "Unrecognized Unicode character"]]) {
    const text = notebook(markdown(`# 2 · Pictures\n\n${formula}`));
    const error = await assertRejects(() => siteOf({ "notebooks/02_pictures.ipynb": text }), Error, reason!);
    assertMatch(error.message, /^Cannot typeset the formula .*; correct it \(notebooks\/02_pictures\.ipynb, cell 0\)$/);
  }
});

Deno.test("pageProblems() finds ids that are used twice, and pages without a title", () => {
  const files = new Map([["a.html", '<h2 id="x">A</h2><p id="x"></p>']]);
  assertEquals(pageProblems(files), [
    "a.html: the id x is used twice",
    "a.html: it has 0 headings of level 1 instead of one",
    'a.html: the heading "A" of level 2 follows one that is too high',
  ]);
});

Deno.test("pages name their language, have a skip link, and load nothing from the network", () => {
  for (const [path, html] of SITE.files) {
    if (!path.endsWith(".html") || typeof html !== "string") continue;
    assertMatch(html, /<html lang="en">/, path);
    assertMatch(html, /<a class="skip" href="#main">/, path);
    assertNone(html.replaceAll(/<a [^>]*>/g, ""), /(src|href)="https?:/, path);
  }
  assertNone(textIn(SITE, "assets/style.css") + textIn(SITE, "assets/katex.css"), /url\(["']?https?:/);
  assert(SITE.files.has("assets/fonts/KaTeX_Main-Regular.woff2"));
});
