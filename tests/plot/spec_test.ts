import { assertEquals } from "@std/assert";
import { figure } from "../../lib/plot/figure.ts";
import { altText, bare, captionOf, line, points } from "../../lib/plot/spec.ts";

Deno.test("line() and points() replace NaN and infinite values by null", () => {
  const style = { name: "a", colour: "#123456" };
  for (const trace of [line, points]) assertEquals(trace([1, 2, 3], [4, NaN, Infinity], style).y, [4, null, null]);
  assertEquals(line([], [], { ...style, line: { width: 1 } }).line, { color: "#123456", width: 1 });
  assertEquals(points([], [], { ...style, opacity: 0.5 }).opacity, 0.5);
});

Deno.test("bare() removes title and caption, which stay in the metadata", () => {
  const result = figure([line([1], [2], { name: "a", colour: "red" })], { title: "T", caption: "C" });
  assertEquals(altText(result), "T: a");
  const { layout } = bare(result);
  assertEquals([layout.title, layout.annotations], [undefined, undefined]);
  assertEquals(captionOf(bare(result)), "C");
  assertEquals(bare(result).data, result.data);
});
