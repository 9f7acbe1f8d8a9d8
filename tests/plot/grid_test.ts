import { assert, assertEquals, assertGreater, assertRejects, assertStringIncludes } from "@std/assert";
import { imageGrid, layoutGrid } from "../../lib/plot/grid.ts";
import { loadTypeface } from "../../lib/plot/typeface.ts";
import * as tf from "../../lib/tf.ts";
import { pixelsOf, solid } from "./_helpers.ts";

const RED: [number, number, number] = [250, 10, 20];
const GREEN: [number, number, number] = [10, 240, 30];
const BLUE: [number, number, number] = [5, 15, 230];

Deno.test("imageGrid() draws each image in its cell, and nothing over the image", async () => {
  const rows = [
    { input: solid(RED), generated: solid(GREEN), target: solid(BLUE) },
    { input: solid(BLUE), generated: solid(RED), target: solid(GREEN) },
  ];
  const grid = await imageGrid(rows, { scale: 4, caption: "A caption that is a little longer than the images are wide" });
  const pixels = await pixelsOf(grid.png);
  assertEquals([pixels.width, pixels.height], [grid.width, grid.height]);
  const plan = layoutGrid(await loadTypeface(), rows.map((row) => Object.values(row)), {
    columns: ["input", "generated", "target"],
    scale: 4,
    caption: "A caption that is a little longer than the images are wide",
  });
  const wanted = [[RED, GREEN, BLUE], [BLUE, RED, GREEN]];
  wanted.forEach((row, r) =>
    row.forEach((colour, c) => {
      const { left, top, width, height } = plan.cell(r, c);
      assertEquals([width, height], [32, 32]);
      for (const [x, y] of [[0, 0], [31, 0], [0, 31], [31, 31], [16, 16]]) {
        assertEquals(pixels.at(left + x!, top + y!), colour, `${r} ${c} ${x} ${y}`);
      }
      assertEquals(pixels.at(left - 1, top + 5), [190, 190, 190], "the frame");
      assertEquals(pixels.at(left - 2, top + 5), [255, 255, 255]);
    })
  );
  for (const colour of [RED, GREEN, BLUE]) assertEquals(pixels.count(colour), 2 * 32 * 32);
  assertStringIncludes(grid.alt, "2 rows of images, columns input, generated, target. A caption");
});

Deno.test("imageGrid() draws the column titles above the images", async () => {
  const row = [solid(RED, 64), solid(RED, 64)];
  const ink = [0x1f, 0x24, 0x30];
  assertEquals((await pixelsOf((await imageGrid([row])).png)).count(ink), 0);
  const named = await imageGrid([row], { columns: ["left", "right"] });
  const pixels = await pixelsOf(named.png);
  assertGreater(pixels.count(ink), 40);
  const top = layoutGrid(await loadTypeface(), [row], { columns: ["left", "right"] }).cell(0, 0).top;
  for (let y = top; y < pixels.height; y++) for (let x = 0; x < pixels.width; x++) assert(pixels.at(x, y)[0]! > 180, `${x} ${y}`);
});

Deno.test("imageGrid() enlarges pixels without smoothing, and images to a common cell size", async () => {
  const checks = { data: Uint8Array.of(0, 255, 255, 0), width: 2, height: 2, channels: 1 };
  const grid = await imageGrid([[checks, solid(RED, 4)]], { scale: 3 });
  const pixels = await pixelsOf(grid.png);
  const plan = layoutGrid(await loadTypeface(), [[checks, solid(RED, 4)]], { scale: 3 });
  const { left, top, width } = plan.cell(0, 0);
  assertEquals(width, 12);
  for (let y = 0; y < 12; y++) {
    for (let x = 0; x < 12; x++) {
      const value = (x < 6) === (y < 6) ? 0 : 255;
      assertEquals(pixels.at(left + x, top + y), [value, value, value]);
    }
  }
  assertEquals(pixels.count(RED), 144);
});

Deno.test("imageGrid() accepts columns of batches and does not dispose of them", async () => {
  const before = tf.memory().numTensors;
  const low = tf.fill([2, 4, 4, 3], -1) as tf.Tensor4D;
  const high = tf.fill([2, 4, 4, 1], 1) as tf.Tensor4D;
  const grid = await imageGrid({ input: low, target: high }, { scale: 2, columns: [] });
  const pixels = await pixelsOf(grid.png);
  assertEquals(pixels.count([0, 0, 0]), 2 * 8 * 8);
  assertEquals(tf.memory().numTensors, before + 2);
  low.dispose();
  high.dispose();
});

Deno.test("imageGrid() throws on missing images, a fractional scale and too many titles", async () => {
  await assertRejects(() => imageGrid([]), RangeError, "at least one image, got none");
  await assertRejects(() => imageGrid([{}]), RangeError, "at least one image");
  await assertRejects(() => imageGrid([[solid(RED)]], { scale: 1.5 }), RangeError, "got 1.5");
  await assertRejects(() => imageGrid([[solid(RED)]], { columns: ["a", "b"] }), RangeError, "at most 1 column names, got 2");
});

Deno.test("layoutGrid() enlarges images to at least 200 pixels, and the grid to at most 1200", async () => {
  const typeface = await loadTypeface();
  const cell = (size: number, columns: number): number =>
    layoutGrid(typeface, [Array.from({ length: columns }, () => solid([0, 0, 0], size))], {}).cell(0, 0).width;
  assertEquals(cell(28, 3), 224);
  assertEquals(cell(64, 3), 256);
  assertEquals(cell(256, 3), 256);
  assertEquals(cell(32, 20), 32);
});

Deno.test("layoutGrid() separates the cells, and widens columns to fit their titles", async () => {
  const typeface = await loadTypeface();
  const cells = [0, 1].map(() => [solid([0, 0, 0], 16), solid([0, 0, 0], 16)]);
  const columns = ["a rather long name", "b"];
  const plan = layoutGrid(typeface, cells, { columns, rows: ["first.jpg", "second.jpg"], caption: "word ".repeat(40), scale: 1 });
  const [first, second, below] = [plan.cell(0, 0), plan.cell(0, 1), plan.cell(1, 0)];
  assert(second.left - first.left >= typeface.measure(columns[0]!, 15));
  assert(first.left > typeface.measure("second.jpg", 13));
  assert(below.top >= first.top + first.height);
  assert(plan.width >= second.left + second.width && plan.height > below.top + below.height + 3 * 13);
});
