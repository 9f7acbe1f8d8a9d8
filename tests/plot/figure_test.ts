import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bare, captionOf, figure, line, points } from "../../lib/plot/figure.ts";
import type { Figure } from "../../lib/plot/plotly.ts";
import { altText } from "../../lib/plot/png.ts";

Deno.test("figure() preserves the values of the traces, and gives the axes titles", () => {
  const result = figure([line([1, 2, 3], [4, NaN, Infinity], { name: "a", colour: "#123456" })], {
    title: "Title",
    x: { title: "Step" },
    y: { title: "Time in s", log: true, range: [0.1, 100] },
  });
  assertEquals(result.data[0]!.x, [1, 2, 3]);
  assertEquals(result.data[0]!.y, [4, null, null]);
  assertEquals((result.data[0]!.line as { color: string }).color, "#123456");
  const { xaxis, yaxis } = result.layout as Record<string, { title: { text: string }; type?: string; range?: number[] }>;
  assertEquals(xaxis!.title.text, "Step");
  assertEquals(yaxis!.title.text, "Time in s");
  assertEquals(yaxis!.type, "log");
  assertEquals(yaxis!.range, [-1, 2]);
  assertEquals(result.layout.showlegend, false);
});

Deno.test("figure() survives a JSON round trip, with a non-enumerable display method", () => {
  const result = figure([points(new Float32Array([1, 2]), [3, 4], { name: "p", colour: "red" })], { title: "T" });
  assertEquals(JSON.parse(JSON.stringify(result)) as Figure, { data: result.data, layout: result.layout });
  assertEquals(Object.keys(result), ["data", "layout"]);
  assertEquals(typeof (result as unknown as Record<symbol, unknown>)[Symbol.for("Jupyter.display")], "function");
});

Deno.test("figure() escapes HTML in its texts", () => {
  const { layout } = figure([], { title: "<b>a</b> & b", subtitle: "<i>", caption: "<u>", y: { title: "x<br>y" } });
  const title = (layout.title as { text: string }).text;
  assertStringIncludes(title, "&lt;b&gt;a&lt;/b&gt; &amp; b");
  assertStringIncludes(title, "&lt;i&gt;");
  assertEquals((layout.annotations as { text: string }[])[0]!.text, "&lt;u&gt;");
  assertEquals((layout.yaxis as { title: { text: string } }).title.text, "x&lt;br&gt;y");
});

Deno.test("figure() breaks a long caption and enlarges the bottom margin", () => {
  const bottom = (result: Figure): number => (result.layout.margin as { b: number }).b;
  const caption = "word ".repeat(60).trim();
  const result = figure([], { title: "T", caption });
  const lines = (result.layout.annotations as { text: string }[])[0]!.text.split("<br>");
  assertEquals(lines.join(" "), caption);
  assert(lines.length >= 3);
  assertEquals(bottom(result) - bottom(figure([], { title: "T" })), 19 * lines.length);
  assertEquals(captionOf(result), caption);
});

Deno.test("line() and points() replace NaN and infinite values with null", () => {
  const style = { name: "a", colour: "#123456" };
  for (const trace of [line, points]) assertEquals(trace([1, 2, 3], [4, NaN, Infinity], style).y, [4, null, null]);
  assertEquals(line([], [], { ...style, line: { width: 1 } }).line, { color: "#123456", width: 1 });
  assertEquals(points([], [], { ...style, opacity: 0.5 }).opacity, 0.5);
});

Deno.test("bare() removes title and caption, which remain in the metadata", () => {
  const result = figure([line([1], [2], { name: "a", colour: "red" })], { title: "T", caption: "C" });
  assertEquals(altText(result), "T: a");
  const { layout } = bare(result);
  assertEquals([layout.title, layout.annotations], [undefined, undefined]);
  assertEquals(captionOf(bare(result)), "C");
  assertEquals(bare(result).data, result.data);
});
