import { assert, assertAlmostEquals, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { patchHeatmap, probabilityMap } from "../../lib/plot/heatmap.ts";
import { figure } from "../../lib/plot/figure.ts";
import { altText, toPng } from "../../lib/plot/png.ts";
import * as tf from "../../lib/tf.ts";
import { pixelsOf, solid } from "./_helpers.ts";

Deno.test("patchHeatmap() draws the sigmoid of each logit at its position", async () => {
  const result = await patchHeatmap([[0, 2, -2], [100, -100, 1]]);
  const { z, zmin, zmax } = result.data[0] as unknown as { z: number[][]; zmin: number; zmax: number };
  assertEquals([zmin, zmax], [0, 1]);
  [[0.5, 0.880797, 0.119203], [1, 0, 0.731059]].forEach((row, r) =>
    row.forEach((value, c) => assertAlmostEquals(z[r]![c]!, value, 1e-6, `${r} ${c}`))
  );
  const { colorbar } = result.data[0] as unknown as { colorbar: { title: { text: string } } };
  assertEquals(colorbar.title.text, "probability of real");
  assertStringIncludes(altText(result), "2 by 3 probabilities of real, mean 0.54, from 0.00 to 1.00");
});

Deno.test("patchHeatmap() accepts tensors that contain one map and does not dispose of them", async () => {
  const values = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];
  const flat = tf.tensor2d(values, [2, 3]);
  const whole = tf.tensor4d(values, [1, 2, 3, 1]);
  for (const tensor of [flat, whole]) {
    const z = (await patchHeatmap(tensor, { logits: false })).data[0]!.z as number[][];
    assertEquals(z.map((row) => row.map((value) => Math.round(value * 10))), [[1, 2, 3], [4, 5, 6]]);
    assert(!tensor.isDisposed);
    tensor.dispose();
  }
});

Deno.test("patchHeatmap() has the proportions of the image, and embeds the image", async () => {
  const image = solid([0, 0, 200], 30, 20);
  const beside = await patchHeatmap([[1, 2], [3, 4]], { picture: image, size: 90 });
  const { xaxis, yaxis, xaxis2, images } = beside.layout as Record<string, { range: number[] }> & {
    images: { source: string; sizex: number }[];
  };
  assertEquals([xaxis!.range, yaxis!.range, xaxis2!.range], [[0, 30], [20, 0], [0, 30]]);
  assertEquals(images[0]!.sizex, 30);
  const inside = await pixelsOf(Uint8Array.fromBase64(images[0]!.source.split(",")[1]!));
  assertEquals([inside.width, inside.height, ...inside.at(7, 7)], [30, 20, 0, 0, 200]);
  const over = await patchHeatmap([[1, 2], [3, 4]], { picture: image, place: "over" });
  assertEquals(over.layout.xaxis2, undefined);
  assert((over.data[0]!.opacity as number) < 1);
});

Deno.test("patchHeatmap() is rendered with blue for real and orange for fake", async () => {
  const still = await toPng(await patchHeatmap([[20, -20]], { size: 200 }), { scale: 1 });
  const pixels = await pixelsOf(still.png);
  const [left, right] = [[24 + 50, 66 + 50], [24 + 150, 66 + 50]] as const;
  const near = (got: number[], wanted: number[]): boolean => got.every((value, c) => Math.abs(value - wanted[c]!) < 12);
  assert(near(pixels.at(...left), [0x00, 0x72, 0xb2]), `left is ${pixels.at(...left)}`);
  assert(near(pixels.at(...right), [0xd5, 0x5e, 0x00]), `right is ${pixels.at(...right)}`);
});

Deno.test("patchHeatmap() throws on invalid maps", async () => {
  await assertRejects(() => patchHeatmap([]), RangeError, "got none");
  await assertRejects(() => patchHeatmap([[1, 2], [3]]), RangeError, "got 2, 1");
  await assertRejects(() => patchHeatmap([[1.5]], { logits: false }), RangeError, "in [0, 1], got 1.5");
  const two = tf.zeros([2, 3, 3, 1]) as tf.Tensor4D;
  await assertRejects(() => patchHeatmap(two), RangeError, "got [2, 3, 3, 1]");
  two.dispose();
});

Deno.test("probabilityMap() evaluates a discriminator on a grid: x grows along rows, y along columns", async () => {
  const before = tf.memory().numTensors;
  const trace = probabilityMap((points) => tf.matMul(points, tf.tensor2d([[1], [10]])), [-1, 1]); // x + 10 y
  assertEquals(tf.memory().numTensors, before);
  const { x, y, z } = trace as unknown as { x: number[]; y: number[]; z: number[][] };
  assertEquals([x.length, y, z.length], [61, x, 61]);
  assertEquals([x[0], x[30], x[60]], [-1, 0, 1]);
  for (const [row, column] of [[30, 0], [31, 59], [0, 30]] as const) {
    assertAlmostEquals(z[row]![column]!, 1 / (1 + Math.exp(-x[column]! - 10 * y[row]!)), 1e-6);
  }
  const shown = figure([trace], { title: "D", equal: true, x: { title: "x", range: [-1, 1] } });
  const pixels = await pixelsOf((await toPng(shown, { scale: 1 })).png);
  for (const colour of [[128, 185, 217], [234, 175, 128]]) assert(pixels.count(colour) > 1000); // half of blue and of orange
});

Deno.test("probabilityMap() has a line at ½, and a figure with a map is square beside its colour bar", async () => {
  const trace = probabilityMap((points) => tf.slice(points, [0, 0], [-1, 1])); // ½ where the first coordinate is 0
  const range: [number, number] = [-3, 3];
  const axes = { x: { title: "x", range }, y: { title: "y", range }, equal: true };
  const { layout } = figure([trace], { title: "D", ...axes });
  const { l, r, t, b } = layout.margin as Record<"l" | "r" | "t" | "b", number>;
  assertEquals((layout.width as number) - l - r, (layout.height as number) - t - b);
  const { colorbar } = trace as unknown as { colorbar: { title: { text: string }; ticktext: string[] } };
  assertStringIncludes(colorbar.title.text, "½");
  assertEquals(colorbar.ticktext.at(-1), "1 (real)");
  const pixels = await pixelsOf((await toPng(figure([trace], { title: "", ...axes }), { scale: 1 })).png);
  const dark = Array.from({ length: 300 }, (_, i) => pixels.at(l + (layout.width as number - l - r) / 2, 60 + i)[0]!);
  assert(dark.every((red) => red < 120), "a vertical line in the middle");
});
