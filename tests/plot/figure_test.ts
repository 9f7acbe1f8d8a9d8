import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { bare, captionOf, figure, line, points, scatter } from "../../lib/plot/figure.ts";
import type { Figure } from "../../lib/plot/plotly.ts";
import * as tf from "../../lib/tf.ts";
import { altText, toPng } from "../../lib/plot/png.ts";
import { pixelsOf } from "./_helpers.ts";

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

Deno.test("scatter() takes the columns of a tensor or of a list as coordinates", () => {
  const rows = [[1, 2], [3, 4], [5, NaN]];
  const options = { name: "p", colour: "red", marker: { size: 3 } };
  const expected = points([1, 3, 5], [2, 4, NaN], options);
  assertEquals([scatter(rows, options), scatter(tf.tensor2d(rows), options)], [expected, expected]);
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

Deno.test("figure() draws labelled reference lines, which stay when title and caption are removed", () => {
  const curve = line([1, 2], [1, 100], { name: "a", colour: "red" });
  const options = { title: "T", caption: "C", levels: { "log 2": Math.log(2) }, marks: { "a < b": 1.5 } };
  const result = figure([curve], { ...options, y: { title: "Loss", log: true } });
  const { shapes, annotations } = result.layout as Record<string, Record<string, unknown>[]>;
  assertEquals(shapes!.map(({ x0, x1, y0, y1 }) => [x0, x1, y0, y1]), [[0, 1, Math.log(2), Math.log(2)], [1.5, 1.5, 0, 1]]);
  assertEquals(annotations!.map(({ text }) => text), ["log 2", "a &lt; b", "C"]);
  // Plotly takes the positions of annotations, but not of shapes, as logarithms.
  assertEquals([annotations![0]!.y, annotations![1]!.x], [Math.log10(Math.log(2)), 1.5]);
  assertEquals((bare(result).layout.annotations as { text: string }[]).map(({ text }) => text), ["log 2", "a &lt; b"]);
});

Deno.test("figure() has ticks at 1, 2 and 5 on logarithmic axes of a few powers of ten", () => {
  const tick = (...values: number[]) => {
    const { layout } = figure([line(values, values, { name: "a", colour: "red" })], { title: "", y: { title: "y", log: true } });
    return (layout.yaxis as { dtick?: unknown }).dtick;
  };
  assertEquals([tick(0.6, 50), tick(1, 2), tick(1e-9, 1)], ["D2", undefined, undefined]);
});

Deno.test("figure() with equal axes draws circles as circles", async () => {
  const angles = Array.from({ length: 60 }, (_, i) => i * Math.PI / 30);
  const circle = points(angles.map(Math.cos), angles.map(Math.sin), { name: "circle", colour: "#123456", marker: { size: 9 } });
  const drawn = figure([circle], { title: "", equal: true, x: { title: "First length" }, y: { title: "Second length" } });
  const pixels = await pixelsOf((await toPng(drawn, { scale: 1 })).png);
  const [xs, ys] = [new Set<number>(), new Set<number>()];
  for (let y = 0; y < pixels.height; y++) {
    for (let x = 0; x < pixels.width; x++) {
      if (pixels.at(x, y).every((value, c) => Math.abs(value - [0x12, 0x34, 0x56][c]!) < 20)) [xs.add(x), ys.add(y)];
    }
  }
  const [width, height] = [xs, ys].map((set) => Math.max(...set) - Math.min(...set));
  assert(width! > 200, `${width}`);
  assertAlmostEquals(width!, height!, 3);
});

Deno.test("every figure has an alternative text", () => {
  const unnamed = { ...line([1], [2], { name: "", colour: "red" }) };
  assertEquals(altText(figure([unnamed], { title: "", x: { title: "Step" }, y: { title: "Loss" } })), "Loss against Step");
  assertEquals(altText(figure([unnamed], { title: "" })), "Figure");
});

Deno.test("figure() writes names in place of the numbers 0, 1, 2, ...", () => {
  const { layout } = figure([], { title: "T", y: { title: "Colour", names: ["red", "<b>"] } });
  const { tickvals, ticktext } = layout["yaxis"] as Record<string, unknown>;
  assertEquals([tickvals, ticktext], [[0, 1], ["red", "&lt;b&gt;"]]);
});

Deno.test("figure() writes small and large tick labels without letters", () => {
  const values = [0.0001, 0.0002];
  const { layout } = figure([line([10_000, 20_000], values, { name: "a", colour: "#123456" })], {
    title: "T",
    x: { title: "x" },
  });
  const { exponentformat, separatethousands } = layout["xaxis"] as Record<string, unknown>;
  assertEquals([exponentformat, separatethousands], ["none", true]);
});
