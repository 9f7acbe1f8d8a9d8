import { assertAlmostEquals, assertEquals, assertLess, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import type { PointData } from "../../lib/data/datasets.ts";
import { type Distribution, gaussianMixture, gaussianRing, pointsOf } from "../../data/worlds/points.ts";
import { seededRandom } from "../../lib/data/random.ts";
import { integrate } from "../../lib/metrics/theory.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";

await useBackend("cpu", { quiet: true });

const line = gaussianMixture("two modes", [{ mean: [-1], deviation: 0.5 }, { mean: [2], deviation: 0.25, weight: 3 }]);
const ring = gaussianRing({ modes: 5, radius: 1, deviation: 0.2 });

Deno.test("gaussianMixture() computes the density according to the formula", () => {
  const normal = (x: number, mean: number, deviation: number) =>
    Math.exp(-((x - mean) ** 2) / (2 * deviation ** 2)) / (deviation * Math.sqrt(2 * Math.PI));
  for (const x of [-2, -1, 0, 1.9]) {
    assertAlmostEquals(line.density([x]), normal(x, -1, 0.5) / 4 + normal(x, 2, 0.25) * 3 / 4, 1e-12);
  }
  const single = gaussianMixture("plane", [{ mean: [1, -1], deviation: 0.5 }]);
  assertAlmostEquals(single.density([1.3, -0.4]), normal(1.3, 1, 0.5) * normal(-0.4, -1, 0.5), 1e-12);
});

Deno.test("gaussianMixture() and gaussianRing() integrate to 1 over their range", () => {
  for (const { density, range, dimensions } of [line, ring]) {
    assertAlmostEquals(integrate(density, { range, dimensions }), 1, 1e-8);
  }
});

/** Returns the fraction of the draws in a box, and the integral of the density over it. */
function shares({ sample, density, dimensions }: Distribution, range: [number, number]): [number, number] {
  const draws = Array.from({ length: 4000 }, (_, i) => sample(seededRandom(7, i)));
  const inside = draws.filter((point) => point.every((x) => x >= range[0] && x < range[1])).length;
  return [inside / draws.length, integrate(density, { range, dimensions })];
}

Deno.test("gaussianMixture() and gaussianRing() sample according to their density", () => {
  const boxes: [Distribution, [number, number]][] = [[line, [-1, 0]], [line, [1.8, 2.5]], [ring, [0, 1]], [ring, [-0.9, 0.9]]];
  for (const [distribution, box] of boxes) {
    const [drawn, wanted] = shares(distribution, box);
    assertLess(Math.abs(drawn - wanted), 0.03, `${distribution.name} in [${box}]: ${drawn}, ${wanted}`); // 4 standard deviations
  }
});

Deno.test("gaussianRing() places equal modes on the circle", () => {
  const { density, name } = gaussianRing({ modes: 4, radius: 3, deviation: 0.1 });
  assertEquals(name, "ring of 4");
  const peaks = [[3, 0], [0, 3], [-3, 0], [0, -3]].map(density);
  for (const peak of peaks) assertAlmostEquals(peak, 1 / (4 * 2 * Math.PI * 0.01), 1e-9);
});

Deno.test("gaussianMixture() throws on invalid components", () => {
  assertThrows(() => gaussianMixture("none", []), RangeError, "expected a mean with 1 or 2 coordinates, got 0");
  assertThrows(() => gaussianMixture("cube", [{ mean: [1, 2, 3], deviation: 1 }]), RangeError, "got 3");
  const mixed = [{ mean: [1], deviation: 1 }, { mean: [1, 2], deviation: 1 }];
  assertThrows(() => gaussianMixture("mixed", mixed), RangeError, "got 1 and [1,2]");
  assertThrows(() => gaussianMixture("flat", [{ mean: [1], deviation: 0 }]), RangeError, "must be positive, got 0 and 1");
});

async function values(data: PointData, options: Parameters<PointData["batches"]>[0]): Promise<number[][]> {
  const batches: number[][] = [];
  for await (const { points } of data.batches(options)) {
    batches.push([...points.dataSync()]);
    points.dispose();
  }
  return batches;
}

Deno.test("pointsOf() returns batches determined by seed and epoch, and resumes at any position", async () => {
  const data = pointsOf(ring, { count: 10 });
  const before = tf.memory().numTensors;
  const all = await values(data, { batch: 4, seed: 1, epoch: 2 });
  assertEquals(all.map((batch) => batch.length), [8, 8, 4]);
  assertEquals(await values(data, { batch: 4, seed: 1, epoch: 2, skip: 1 }), all.slice(1));
  assertEquals((await values(data, { batch: 10, seed: 1, epoch: 2 })).flat(), all.flat());
  assertNotEquals(await values(data, { batch: 4, seed: 1, epoch: 3 }), all);
  assertNotEquals(await values(data, { batch: 4, seed: 2, epoch: 2 }), all);
  assertEquals(tf.memory().numTensors, before);
  assertEquals([data.name, data.dimensions, data.count], ["ring of 5", 2, 10]);
});

Deno.test("pointsOf() throws on invalid counts immediately, and on invalid batch sizes when iterated", async () => {
  for (const count of [0, -1, 1.5, NaN]) assertThrows(() => pointsOf(gaussianRing(), { count }), RangeError, "count must be");
  for (const batch of [0, -1, 0.5]) {
    await assertRejects(() => Array.fromAsync(pointsOf(gaussianRing()).batches({ batch })), RangeError, "batch must be");
  }
});
