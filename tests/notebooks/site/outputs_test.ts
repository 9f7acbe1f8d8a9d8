import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import type { NotebookOutput } from "../../../notebooks/tools/notebook.ts";
import { printedHtml } from "../../../notebooks/tools/site/console_table.ts";
import { OutputRenderer } from "../../../notebooks/tools/site/outputs.ts";
import { FIGURE, PNG, printed, shown } from "./_site.ts";

const PLACE = { file: "notebooks/01_x.ipynb", cell: 3 };

async function render(output: NotebookOutput, dark?: Uint8Array) {
  const renderer = new OutputRenderer(() => Promise.resolve(dark));
  return { html: await renderer.render([output], PLACE), ...renderer, renderer };
}

Deno.test("printedHtml() makes tables of what console.table printed", () => {
  const text = `before
┌─────────┬───────┬───────────┐
│ (idx)   │ l1    │ name      │
├─────────┼───────┼───────────┤
│ D < G   │ 0.304 │ "64 × 64" │
└─────────┴───────┴───────────┘
after
`;
  assertEquals(
    printedHtml(text),
    '<pre class="printed">before</pre>\n<div class="table printed"><table>' +
      '<thead><tr><td></td><th scope="col">l1</th><th scope="col">name</th></tr></thead><tbody>' +
      '<tr><th scope="row">D &lt; G</th><td class="number">0.304</td><td>64 × 64</td></tr></tbody></table></div>\n' +
      '<pre class="printed">after</pre>\n',
  );
});

Deno.test("printedHtml() leaves out the numbers of rows, and keeps a table that it cannot read", () => {
  const table = (cell: string) => `┌───────┬────┐\n│ (idx) │ l1 │\n├───────┼────┤\n│ 0     │ ${cell} │\n└───────┴────┘`;
  assertMatch(printedHtml(table("1")), /<tbody><tr><td class="number">1<\/td><\/tr>/);
  assertMatch(printedHtml(table('"a│b"')), /^<pre class="printed">┌/);
});

Deno.test("an image is a file named after its contents, with its size and alternative text", async () => {
  const { html, renderer } = await render(shown({ "image/png": PNG, "text/plain": '2 rows of images. "A" & b.' }));
  const [path] = [...renderer.files.keys()];
  assertMatch(path!, /^images\/[0-9a-f]{16}\.png$/);
  assertStringIncludes(html, `<img src="${path}" width="1" height="1" alt="2 rows of images. &quot;A&quot; &amp; b."`);
  assertStringIncludes(html, '<figcaption aria-hidden="true">&quot;A&quot; &amp; b.</figcaption>');
});

Deno.test("an image with a dark version has both, with the same text", async () => {
  const { html, renderer } = await render(shown({ "image/png": PNG, "text/plain": "x" }), new Uint8Array([1]));
  assertEquals([...renderer.files.keys()].map((path) => path.replace(/[0-9a-f]{16}/, "N")), [
    "images/N.png",
    "images/N-dark.png",
  ]);
  assertEquals(html.match(/alt="x"/g)?.length, 2);
  assert(html.includes('class="on-light"') && html.includes('class="on-dark"'));
});

Deno.test("a figure is a script that hands over its data, beside the still image", async () => {
  const data = { "application/vnd.plotly.v1+json": FIGURE, "image/png": PNG, "text/plain": "What D says" };
  const { html, renderer } = await render(shown(data));
  const [, script] = html.match(/<figure class="plot" data-script="(figures\/[0-9a-f]{16}\.js)"><a class="zoom line-art"/)!;
  const handed: unknown[] = [];
  new Function("forgerFigure", renderer.files.get(script!) as string)((key: string, figure: unknown) => handed.push(key, figure));
  assertEquals(handed, [script!.slice(8, 24), FIGURE]);
});

Deno.test("a drawing stands in the page, so that it has the page's colours", async () => {
  const svg = '<?xml version="1.0"?><svg width="9"><script>alert(1)</script><path stroke="currentColor"/></svg>';
  const { html } = await render(shown({ "image/svg+xml": svg, "image/png": PNG, "text/plain": 'U-Net "a"' }));
  assertEquals(
    html,
    '<figure class="drawing"><svg aria-label="U-Net &quot;a&quot;" role="img" width="9"><path stroke="currentColor"/></svg>' +
      "</figure>\n",
  );
});

Deno.test("an image without an alternative text is a problem, and a damaged one is an error with its place", async () => {
  assertEquals((await render(shown({ "image/png": PNG }))).problems, [
    "notebooks/01_x.ipynb, cell 3: an image has no alternative text; give it as text/plain",
  ]);
  await assertRejects(() => render(shown({ "image/png": "?" })), Error, "notebooks/01_x.ipynb, cell 3: an image is damaged");
});

Deno.test("text is escaped, without colour codes; an error is marked", async () => {
  assertEquals((await render(printed("\x1b[31m<b>\x1b[0m\n"))).html, '<pre class="printed">&lt;b&gt;</pre>\n');
  const { html } = await render({ output_type: "error", ename: "Error", evalue: "x < y", traceback: [] });
  assertEquals(html, '<pre class="printed error"><b>Error</b>\nError: x &lt; y</pre>\n');
});
