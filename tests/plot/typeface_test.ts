import { assert, assertAlmostEquals, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { fontFile, loadTypeface } from "../../lib/plot/typeface.ts";

Deno.test("measure() is additive and proportional to the font size", async () => {
  const typeface = await loadTypeface();
  const [a, b] = [typeface.measure("A", 10), typeface.measure("b", 10)];
  assertAlmostEquals(typeface.measure("Ab", 10), a + b, 1e-9);
  assertAlmostEquals(typeface.measure("Ab", 30), 3 * (a + b), 1e-9);
  assertGreater(typeface.measure("Ab", 10, 600), typeface.measure("Ab", 10));
  // In Open Sans, "A" is 1295 units wide, and an em is 2048 units.
  assertAlmostEquals(a, 10 * 1295 / 2048, 1e-9);
});

Deno.test("draw() supports the characters in formulas, and leaves missing characters to system fonts", async () => {
  const typeface = await loadTypeface();
  assert(!typeface.draw("λ σ ≤ ∞ × ² − Ж ł", { x: 0, y: 0, size: 10 }).includes("<text"));
  const strange = typeface.draw("a字<", { x: 5, y: 20, size: 10 });
  assertStringIncludes(strange, "<path");
  assertStringIncludes(strange, ">字</text>");
  assertAlmostEquals(typeface.measure("字", 10), 10, 1e-9);
  assertEquals(typeface.measure("\u200b\u0000", 10), 0);
});

Deno.test("draw() returns path commands with all their numbers", async () => {
  const typeface = await loadTypeface();
  // At this height, points of the letters "minat" are just above 0, which opentype.js prints as "3.500" instead of "3.50 0".
  const path = typeface.draw("discriminator", { x: 40, y: 4.675, size: 15 }).match(/ d="([^"]*)"/)![1]!;
  const wanted: Record<string, number> = { M: 2, L: 2, Q: 4, C: 6, Z: 0 };
  const commands = [...path.matchAll(/([MLQCZ])([^MLQCZ]*)/g)];
  assertGreater(commands.length, 50);
  for (const [, letter, numbers] of commands) {
    const values = numbers!.split(/\s+/).filter(Boolean);
    assertEquals(values.length, wanted[letter!]);
    for (const value of values) assertEquals(String(value).match(/^-?\d+\.\d\d$/) !== null, true, value);
  }
});

Deno.test("wrap() breaks between words within the width", async () => {
  const typeface = await loadTypeface();
  const text = "the quick brown fox jumps over the lazy dog";
  const lines = typeface.wrap(text, 100, 13);
  assertEquals(lines.join(" "), text);
  assertGreater(lines.length, 2);
  for (const line of lines) assert(typeface.measure(line, 13) <= 100, line);
  assertEquals(typeface.wrap("", 100, 13), []);
  assertEquals(typeface.wrap("unbreakable", 5, 13), ["unbreakable"]);
});

Deno.test("fontFile() returns WOFF2 files", async () => {
  assertEquals(new TextDecoder().decode((await fontFile(400)).subarray(0, 4)), "wOF2");
  assert((await fontFile(600)).some((byte, i) => i > 100 && byte > 0));
});
