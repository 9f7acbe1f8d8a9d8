import { assert, assertEquals, assertGreater, assertNotEquals, assertThrows } from "@std/assert";
import { scene } from "../../../../data/worlds/toytown/facade/compose.ts";
import { archRise, labelNames, outline } from "../../../../data/worlds/toytown/facade/scene.ts";
import { sceneSize } from "../../../../data/worlds/toytown/svg.ts";
import { styles } from "../../../../data/worlds/toytown/facade/styles.ts";

const many = Array.from({ length: 200 }, (_, seed) => scene(seed));

Deno.test("scene() returns equal plain values for equal seeds, and different ones for different seeds", () => {
  assertEquals(scene(12), many[12]!);
  assertEquals(JSON.parse(JSON.stringify(scene(12))), many[12]!);
  assertEquals(new Set(many.map(({ parts }) => JSON.stringify(parts))).size, many.length);
  assertThrows(() => scene(0.5), RangeError, "got 0.5");
});

Deno.test("scene() uses every style and every class often", () => {
  for (const style of Object.keys(styles)) assertGreater(many.filter((one) => one.style === style).length, 20, style);
  for (const label of labelNames) {
    assertGreater(many.filter(({ parts }) => parts.some((part) => part.label === label)).length, 20, label);
  }
});

Deno.test("scene() varies the number of windows and the symmetry", () => {
  const windows = many.map(({ parts }) => parts.filter((part) => part.label === "window"));
  assertGreater(new Set(windows.map((row) => row.length)).size, 12);
  assert(windows.every((row) => row.length >= 4), "no house without windows");
  const lopsided = windows.filter((row) => {
    const middles = row.map((part) => Math.round(part.x + part.width / 2)).sort((a, b) => a - b);
    const centre = (middles[0]! + middles.at(-1)!) / 2;
    return middles.some((x) => !middles.some((other) => Math.abs(other - (2 * centre - x)) <= 2));
  });
  assertGreater(lopsided.length, 30);
  assertGreater(many.length - lopsided.length, 30);
});

Deno.test("scene() puts the sky first and the pavement last, the house on the ground, and all parts inside the image", () => {
  for (const { parts, seed } of many) {
    assertEquals(parts[0]!.label, "background");
    const pavement = parts.at(-1)!;
    assertEquals([pavement.label, pavement.y + pavement.height], ["pavement", sceneSize]);
    const wall = parts.find((part) => part.kind === "wall")!;
    assertEquals(Math.round((wall.y + wall.height - pavement.y) * 1e6), 0);
    for (const part of parts) {
      const where = `seed ${seed}: ${part.label} ${part.kind}`;
      assert(part.width > 0 && part.height > 0, where);
      assert(part.y >= 0 && part.y + part.height <= sceneSize, where);
      assert(part.x < sceneSize && part.x + part.width > 0, where);
      if (part.label === "window" || part.label === "door") {
        assert(part.x >= wall.x && part.x + part.width <= wall.x + wall.width, where);
      }
    }
  }
});

Deno.test("scene() uses several wall colours for each style", () => {
  for (const style of Object.keys(styles)) {
    const colours = new Set(many.filter((one) => one.style === style).map((one) => one.materials.wallColour));
    assertGreater(colours.size, 3, style);
  }
  assertNotEquals(many[0]!.weather, many[1]!.weather);
});

Deno.test("outline() draws each shape within its box", () => {
  const box = { x: 10, y: 20, width: 8, height: 12 };
  assertEquals(outline({ ...box, shape: "box" }), "M10 20 h8 v12 h-8 z");
  assertEquals(outline({ ...box, shape: "triangle" }), "M10 32 L14 20 L18 32 z");
  assertEquals(outline({ ...box, shape: "trapezoid" }), "M10 32 L12 20 H16 L18 32 z");
  assertEquals(outline({ ...box, shape: "arch" }), "M10 32 V24 Q10 20 14 20 Q18 20 18 24 V32 z");
  assertEquals([archRise("arch", 8), archRise("segment", 8), archRise("box", 8)], [4, 1.6, 0]);
});
