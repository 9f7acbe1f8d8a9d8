import { assert, assertEquals, assertLess } from "@std/assert";
import { comparisonDrawing, type ComparisonRow } from "../../lib/plot/comparison.ts";
import { faults, parse, wordsIn } from "./_drawings.ts";

const rowOf = (name: string, values: number[]): ComparisonRow => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { name, values, mean, low: Math.min(...values), high: Math.max(...values), text: `${mean.toFixed(3)}` };
};
const drawn = (...rows: number[][]) => {
  const panel = {
    heading: "score (higher is better)",
    rows: rows.map((values, i) => rowOf(`variant ${i}`, values)),
    note: "No verdict.",
  };
  return comparisonDrawing("Comparison: loss", "3 seeds: mean (range)", [panel], "Made with: deno run -A made.ts");
};
/** The numbers of the scale, and the positions of the dots. */
async function scaleIn(...rows: number[][]) {
  const root = await parse(drawn(...rows));
  const numbers = (await wordsIn(root)).filter(({ text }) => /^-?[\d.]+(e[+-]\d+)?$/.test(text));
  const lowest = Math.max(...numbers.map(({ top }) => top));
  const ticks = numbers.filter(({ top }) => top === lowest);
  const dots = [...root.querySelectorAll("circle")].map((dot) => Number(dot.getAttribute("cx")));
  return { ticks: ticks.map(({ text }) => Number(text)), places: ticks.map(({ left, right }) => (left + right) / 2), dots };
}

Deno.test("comparisonDrawing() has a scale with numbers, on which each dot stands at its value", async () => {
  const { ticks, places, dots } = await scaleIn([10, 20, 40], [60, 70, 90]);
  assertEquals([ticks[0], ticks.at(-1)], [0, 100]); // it begins at 0, since 10 is less than half of 90
  const across = (places.at(-1)! - places[0]!) / 100;
  for (const [i, value] of [10, 20, 40, 60, 70, 90].entries()) assertLess(Math.abs(dots[i]! - places[0]! - value * across), 1);
});

Deno.test("comparisonDrawing() covers a fifth of the values, so that tiny differences look tiny", async () => {
  const { ticks, places, dots } = await scaleIn([0.762, 0.768], [0.77, 0.786]);
  assert(ticks[0]! > 0 && ticks.at(-1)! - ticks[0]! >= 0.2 * 0.786, `${ticks}`);
  assertLess((Math.max(...dots) - Math.min(...dots)) / (places.at(-1)! - places[0]!), 0.16);
  const fractions = await scaleIn([0.97, 0.98], [0.99, 1]);
  assertEquals(fractions.ticks.at(-1), 1); // a fraction is at most 1
});

Deno.test("comparisonDrawing() draws equal, negative and missing values without overlaps", async () => {
  for (
    const rows of [
      [[0, 0], [0, 0]],
      [[5, 5], [5, 5]],
      [[-3, -2], [1, 4]],
      [[1e-6, 2e-6]],
      [[NaN, 1], [2, 3]],
      [[12345, 23456]],
      [[-3e-9, 4e-9]],
      [[1.1e12, 1.2e12], [1.3e12, 1.4e12]],
      [[-2e23, 1e23]],
    ]
  ) {
    assertEquals(await faults(drawn(...rows)), [], `${rows}`);
    const { ticks, dots } = await scaleIn(...rows);
    assert(ticks.length >= 2 && ticks.every((tick, i) => i === 0 || tick > ticks[i - 1]!), `${rows}: ${ticks}`);
    assert(dots.every((dot) => dot > 0 && dot < 570), `${rows}: ${dots}`);
  }
});
