import { assertEquals, assertStringIncludes } from "@std/assert";
import { dataflow, type DataflowOptions } from "../../lib/plot/dataflow.ts";
import { COLOUR_OF } from "../../lib/plot/style.ts";
import { faults, parse, wordsIn } from "./_drawings.ts";

const SCORES: DataflowOptions = {
  title: "How a translation is scored",
  given: { x: "label map" },
  networks: { G: "generator" },
  operations: { R: "rule that recovers labels" },
  results: { scores: ["x", "R(G(x))"] },
};

Deno.test("dataflow() draws each value once, each input where it is used, and an arrow for each use", async () => {
  const made = dataflow(SCORES);
  assertEquals(await faults(made), []);
  const root = await parse(made);
  const words = (await wordsIn(root)).map(({ text }) => text);
  assertStringIncludes(words.join("\n"), "x: label map, G: generator, R: rule that recovers labels");
  assertEquals(words.filter((text) => ["x", "G", "R", "scores"].includes(text)).sort(), ["G", "R", "scores", "x", "x"]);
  assertEquals([...root.querySelectorAll("path")].length, 4);
  assertStringIncludes(made.alt, "Results: scores from x and R(G(x)).");
});

Deno.test("dataflow() fills networks, outlines operations, and shows no gradients", async () => {
  const root = await parse(dataflow(SCORES));
  const fills = [...root.querySelectorAll("rect")].map((rect) => rect.getAttribute("fill"));
  assertEquals(fills.filter((fill) => fill === COLOUR_OF["generator"]).length, 1);
  assertEquals(fills.filter((fill) => fill === "none").length, 3); // x twice, and R
  const strokes = [...root.querySelectorAll("path")].map((path) => path.getAttribute("stroke"));
  assertEquals(new Set(strokes), new Set(["currentColor"]));
});

Deno.test("dataflow() draws chains and copies of a network", async () => {
  const made = dataflow({
    title: "From frame to frame",
    given: { "y₀": "first frame", "p₁": "pose 1", "p₂": "pose 2" },
    networks: { G: "generator" },
    results: { video: ["G(p₁, y₀)", "G(p₂, G(p₁, y₀))"] },
  });
  assertEquals(await faults(made), []);
  const root = await parse(made);
  assertEquals(
    [...root.querySelectorAll("rect")].filter((rect) => rect.getAttribute("fill") === COLOUR_OF["generator"]).length,
    2,
  );
  assertEquals([...root.querySelectorAll("path")].length, 6);
});
