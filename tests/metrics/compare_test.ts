import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes, assertThrows } from "@std/assert";
import { compare, loadComparison } from "../../lib/metrics/compare.ts";
import { faults, parse, wordsIn } from "../plot/_drawings.ts";

/** Compares variants whose values are given, one for each seed. */
function comparisonOf(variants: Record<string, number[]>, better: "lower" | "higher" = "lower") {
  const seeds = [1, 2, 3, 4, 5].slice(0, Math.max(...Object.values(variants).map((values) => values.length)));
  return compare({
    what: "loss",
    variants,
    seeds,
    run: (values, seed) => ({ l1: values[seed - 1]! }),
    better: { l1: better },
  });
}

Deno.test("compare() runs each variant with each seed, and summarizes them", async () => {
  const calls: string[] = [];
  const result = await compare({
    what: "size",
    variants: { small: 1, large: 10 },
    seeds: [3, 4],
    run: async (size, seed) => {
      calls.push(`${size} ${seed}`);
      return await Promise.resolve({ l1: size * seed, accuracy: 1 / size });
    },
    better: { l1: "lower", accuracy: "higher" },
  });
  assertEquals(calls, ["1 3", "10 3", "1 4", "10 4"]);
  assertEquals(result.runs[1], { variant: "large", seed: 3, metrics: { l1: 30, accuracy: 0.1 } });
  const { small, large } = result.summary("l1");
  assertEquals([large!.values, large!.mean, large!.low, large!.high], [[30, 40], 35, 30, 40]);
  assertAlmostEquals(large!.deviation, Math.sqrt(50), 1e-12); // ((30 - 35)² + (40 - 35)²) / (2 - 1)
  assertEquals(small!.mean, 3.5);
});

Deno.test("a verdict names the variant that is better with every seed, in the direction of the metric", async () => {
  const values = { a: [0.3, 0.32, 0.31], b: [0.5, 0.4, 0.45] };
  const { best, sentence } = (await comparisonOf(values)).verdict("l1");
  assertEquals(best, "a");
  assertStringIncludes(sentence, "“a” has the lowest l1 with every seed: 0.300 to 0.320, against 0.400 to 0.500 (“b”).");
  assertEquals((await comparisonOf(values, "higher")).verdict("l1").best, "b");
  const counts = await comparisonOf({ a: [8, 8, 8], b: [5, 6, 6] }, "higher");
  assertStringIncludes(counts.verdict("l1").sentence, "8 to 8, against 5 to 6 (“b”)");
  assertStringIncludes(counts.drawing().alt, "a 8 (8 to 8), b 5.7 (5 to 6)");
});

Deno.test("a verdict says how often chance alone would separate the variants", async () => {
  const chance = async (variants: Record<string, number[]>) =>
    (await comparisonOf(variants)).verdict("l1").sentence.match(/1 in (\d+)/)?.[1];
  // 20 ways to choose 3 of 6 runs as the better ones, of which 2 are the runs of one variant.
  assertEquals(await chance({ a: [1, 2, 3], b: [4, 5, 6] }), "10");
  assertEquals(await chance({ a: [1, 2, 3, 4, 5], b: [6, 7, 8, 9, 10] }), "126");
  // 84 ways to choose 3 of 9 runs, of which 3 are the runs of one variant.
  assertEquals(await chance({ a: [1, 2, 3], b: [4, 5, 6], c: [4, 5, 6] }), "28");
});

Deno.test("a verdict is refused if ranges overlap or touch, seeds are few, or values are not finite", async () => {
  const refused = async (variants: Record<string, number[]>, reason: string) => {
    const { best, sentence } = (await comparisonOf(variants)).verdict("l1");
    assertEquals(best, undefined);
    assertEquals(sentence, `No verdict on l1: ${reason}.`);
  };
  await refused({ a: [1, 1.1, 2.1], b: [2, 5, 6] }, "the range of “a” overlaps that of “b”");
  await refused({ a: [1, 1.1, 2], b: [2, 5, 6] }, "the range of “a” overlaps that of “b”"); // equal values
  await refused({ a: [1, 1.1, 1.2], b: [9, 9, 9], c: [1.15, 2, 3] }, "the range of “a” overlaps that of “c”");
  await refused({ a: [1, 1.1], b: [2, 5] }, "2 seeds are not enough, 3 are needed");
  await refused({ a: [1], b: [2] }, "1 seed is not enough, 3 are needed");
  await refused({ a: [1, 1.1, 1.2], b: [2, NaN, 3] }, "not all values of “b” are finite");
});

Deno.test("a verdict can be given on some of the variants", async () => {
  const result = await comparisonOf({ a: [1, 2, 3], b: [1.5, 2, 2.5], c: [7, 8, 9] });
  assertEquals(result.verdict("l1").best, undefined);
  assertEquals(result.verdict("l1", ["a", "c"]).best, "a");
  for (const names of [["a", "d"], ["a"]]) {
    const message = `expected one of l1, and at least two of a, b, c, got l1, ${names.join(", ")}`;
    assertThrows(() => result.verdict("l1", names), RangeError, message);
  }
  assertThrows(() => result.verdict("l2" as "l1"), RangeError, "expected one of l1");
});

Deno.test("a comparison is drawn with all its values, and displays itself in a notebook", async () => {
  const result = await comparisonOf({ "least squares, a long name for a variant": [0.123, 0.125, 0.13], b: [0.2, 0.21, 0.25] });
  const drawing = result.drawing();
  assertEquals(await faults(drawing), []);
  const root = await parse(drawing);
  const circles = [...root.querySelectorAll("circle")].map((circle) => Number(circle.getAttribute("cx")));
  assertEquals(circles.length, 6);
  // Positions are linear in the values: the first three and the last, as parts of the range.
  const part = (i: number) => (circles[i]! - circles[0]!) / (circles[5]! - circles[0]!);
  assertAlmostEquals(part(1), 0.002 / 0.127, 1e-2);
  assertAlmostEquals(part(3), 0.077 / 0.127, 1e-2);
  const words = (await wordsIn(root)).map(({ text }) => text);
  assert(words.includes("0.126 (0.123 to 0.130)") && words.includes("l1 (lower is better)"));
  assertStringIncludes(drawing.alt, "b 0.220 (0.200 to 0.250)");
  const display = (result as unknown as Record<symbol, () => Promise<Record<string, string>>>)[Symbol.for("Jupyter.display")]!;
  assertEquals((await display())["image/svg+xml"], drawing.svg);
  assertEquals(await faults((await comparisonOf({ a: [1, NaN, 2], b: [3, 3, 3] })).drawing()), []);
  assertEquals(await faults((await comparisonOf({ a: [3], b: [3] })).drawing()), []);
});

Deno.test("values of any size are written in a few digits that differ, and leave room for the strip", async () => {
  for (const scale of [1e-9, 1, 1e6, 1e12, 1e23]) {
    const values = { "a long name of a variant, in several words": [1.23, 1.24, 1.26], b: [1.4, 1.451, 1.5] };
    const scaled = Object.entries(values).map(([name, all]) => [name, all.map((value) => value * scale)]);
    const result = await comparisonOf(Object.fromEntries(scaled));
    const drawing = result.drawing();
    assertEquals(await faults(drawing), [], `${scale}`);
    const positions = [...drawing.svg.matchAll(/cx="([\d.]+)"/g)].map(([, x]) => Number(x));
    assertEquals(positions, positions.toSorted((a, b) => a - b), "from left to right");
    assert(positions.at(-1)! - positions[0]! > 50, `${positions}`);
    const [own, other] = [result.summary("l1")["b"]!, drawing.alt.match(/ b (\S+) \((\S+) to (\S+)\)/)!.slice(1)];
    const read = other.map(Number);
    [own.mean, own.low, own.high].forEach((value, i) => assertAlmostEquals(read[i]! / value, 1, 0.005, drawing.alt));
    assertEquals(new Set(other).size, 3);
    assert(other.every((text) => text.length <= 11), `${other}`);
  }
});

Deno.test("a comparison is saved with the command that makes it again, and loaded", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/comparison.json`;
  const result = await comparisonOf({ a: [1, NaN, 3], b: [4, 5, 6] });
  await result.save(path, "deno run -A make.ts");
  const again = await loadComparison(path);
  assertEquals([again.what, again.better, again.runs], [result.what, result.better, [...result.runs]]);
  assertEquals(again.origin!.command, "deno run -A make.ts");
  const { alt } = again.drawing();
  assert(alt.startsWith(result.drawing().alt) && alt.endsWith("s with: deno run -A make.ts"), alt);
  assertEquals(await faults(again.drawing()), []);

  await Deno.writeTextFile(path, "{}");
  await assertRejects(() => loadComparison(path), Error, "pass a file that save() has written");
  await Deno.writeTextFile(path, JSON.stringify({ comparison: "x", better: { l1: "lower" }, runs: [] }));
  await assertRejects(() => loadComparison(path), Error, "the file contains no runs; pass a file that save() has written");
  await assertRejects(() => loadComparison(`${folder}/none.json`), Error, `Cannot load a comparison from ${folder}/none.json`);
  await assertRejects(() => result.save(`${folder}/none/a.json`, ""), Error, "choose a file in a writable folder");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("compare() refuses options that allow no comparison, and says which run failed", async () => {
  const options = { what: "loss", variants: { a: 1, b: 2 }, seeds: [1, 2], better: { l1: "lower" as const } };
  const run = () => ({ l1: 1 });
  for (const wrong of [{ variants: { a: 1 } }, { seeds: [] }, { seeds: [1, 1] }]) {
    await assertRejects(() => compare({ ...options, run, ...wrong }), RangeError, "expected at least 2 variants");
  }
  await assertRejects(
    () => compare({ ...options, run: () => ({}) as { l1: number } }),
    Error,
    '"a" with seed 1 has no number for l1',
  );
  const failing = (variant: number, seed: number) => {
    if (variant * seed === 4) throw new Error("out of memory");
    return { l1: 1 };
  };
  await assertRejects(() => compare({ ...options, run: failing }), Error, '"b" with seed 2 failed: out of memory');
});
