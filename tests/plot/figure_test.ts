import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { figure } from "../../lib/plot/figure.ts";
import { altText, bare, captionOf, type Figure, line, points } from "../../lib/plot/spec.ts";

Deno.test("figure() holds the traces' values and names its axes", () => {
  const made = figure([line([1, 2, 3], [4, NaN, Infinity], { name: "a", colour: "#123456" })], {
    title: "Title",
    x: { title: "Step" },
    y: { title: "Time in s", log: true, range: [0.1, 100] },
  });
  assertEquals(made.data[0]!.x, [1, 2, 3]);
  assertEquals(made.data[0]!.y, [4, null, null]);
  assertEquals((made.data[0]!.line as { color: string }).color, "#123456");
  const { xaxis, yaxis } = made.layout as Record<string, { title: { text: string }; type?: string; range?: number[] }>;
  assertEquals(xaxis!.title.text, "Step");
  assertEquals(yaxis!.title.text, "Time in s");
  assertEquals(yaxis!.type, "log");
  assertEquals(yaxis!.range, [-1, 2]);
  assertEquals(made.layout.showlegend, false);
});

Deno.test("figure() survives JSON unchanged, and shows itself without showing in it", () => {
  const made = figure([points(new Float32Array([1, 2]), [3, 4], { name: "p", colour: "red" })], { title: "T" });
  assertEquals(JSON.parse(JSON.stringify(made)) as Figure, { data: made.data, layout: made.layout });
  assertEquals(Object.keys(made), ["data", "layout"]);
  assertEquals(typeof (made as unknown as Record<symbol, unknown>)[Symbol.for("Jupyter.display")], "function");
});

Deno.test("figure() means what is between < and > as it is", () => {
  const { layout } = figure([], { title: "<b>a</b> & b", subtitle: "<i>", caption: "<u>", y: { title: "x<br>y" } });
  const title = (layout.title as { text: string }).text;
  assertStringIncludes(title, "&lt;b&gt;a&lt;/b&gt; &amp; b");
  assertStringIncludes(title, "&lt;i&gt;");
  assertEquals((layout.annotations as { text: string }[])[0]!.text, "&lt;u&gt;");
  assertEquals((layout.yaxis as { title: { text: string } }).title.text, "x&lt;br&gt;y");
});

Deno.test("figure() breaks a long caption and makes room for its lines", () => {
  const bottom = (made: Figure): number => (made.layout.margin as { b: number }).b;
  const caption = "word ".repeat(60).trim();
  const made = figure([], { title: "T", caption });
  const lines = (made.layout.annotations as { text: string }[])[0]!.text.split("<br>");
  assertEquals(lines.join(" "), caption);
  assert(lines.length >= 3);
  assertEquals(bottom(made) - bottom(figure([], { title: "T" })), 19 * lines.length);
  assertEquals(captionOf(made), caption);
});

Deno.test("bare() leaves title and caption to the page, altText() says what is shown", () => {
  const made = figure([line([1], [2], { name: "a", colour: "red" })], { title: "T", caption: "C" });
  assertEquals(altText(made), "T: a");
  const { layout } = bare(made);
  assertEquals([layout.title, layout.annotations], [undefined, undefined]);
  assertEquals(captionOf(bare(made)), "C");
  assertEquals(bare(made).data, made.data);
});
