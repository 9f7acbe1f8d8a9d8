import { assertAlmostEquals, assertEquals, assertGreater, assertLess, assertThrows } from "@std/assert";
import { type Distribution, gaussianMixture, gaussianRing } from "../../data/worlds/points.ts";
import { seededRandom } from "../../lib/data/random.ts";
import {
  EQUILIBRIUM_VALUE,
  gameValue,
  histogramDensity,
  integrate,
  jensenShannon,
  kullbackLeibler,
  optimalDiscriminator,
  optimalLogit,
} from "../../lib/metrics/theory.ts";

const normal = (mean: number, deviation: number): Distribution => gaussianMixture("normal", [{ mean: [mean], deviation }]);
const [p, q] = [normal(0, 1), normal(1.5, 0.7)];
const grid = { range: [-8, 8] as [number, number], dimensions: 1 };

Deno.test("integrate() agrees with known integrals in one and two dimensions", () => {
  assertAlmostEquals(integrate(([x]) => x! ** 2, { range: [0, 3], dimensions: 1 }), 9, 1e-5);
  assertAlmostEquals(integrate(([x, y]) => x! * y! ** 2, { range: [0, 2], dimensions: 2 }), 2 * 8 / 3, 1e-4);
  assertThrows(() => integrate(() => 1, { range: [1, 1], dimensions: 1 }), RangeError, "got [1, 1], 1000 cells");
  assertThrows(() => integrate(() => 1, { range: [0, 1], dimensions: 3 }), RangeError, "1 or 2 dimensions");
});

Deno.test("optimalDiscriminator() is p / (p + q), and ½ where the densities are equal or 0", () => {
  const best = optimalDiscriminator(p.density, q.density);
  for (const x of [-1, 0.3, 2]) assertAlmostEquals(best([x]), p.density([x]) / (p.density([x]) + q.density([x])), 1e-15);
  assertEquals(optimalDiscriminator(p.density, p.density)([0.4]), 0.5);
  assertEquals(optimalDiscriminator(() => 0, () => 0)([1]), 0.5);
  assertEquals([optimalDiscriminator(() => 2, () => 0)([1]), optimalDiscriminator(() => 0, () => 2)([1])], [1, 0]);
});

Deno.test("kullbackLeibler() of two Gaussians agrees with the closed form", () => {
  // KL(N(μ₁, σ₁²) ‖ N(μ₂, σ₂²)) = log(σ₂/σ₁) + (σ₁² + (μ₁ − μ₂)²) / (2 σ₂²) − ½
  const wanted = Math.log(0.7 / 1) + (1 + 1.5 ** 2) / (2 * 0.7 ** 2) - 0.5;
  assertAlmostEquals(kullbackLeibler(p.density, q.density, grid), wanted, 1e-6);
  assertAlmostEquals(kullbackLeibler(p.density, p.density, grid), 0, 1e-12);
  assertEquals(kullbackLeibler(p.density, () => 0, grid), Infinity);
});

Deno.test("jensenShannon() is 0 for equal densities, log 2 for disjoint ones, and symmetric", () => {
  const ring = gaussianRing();
  assertAlmostEquals(jensenShannon(p.density, p.density, grid), 0, 1e-12);
  assertAlmostEquals(jensenShannon(ring.density, ring.density, ring), 0, 1e-12);
  assertAlmostEquals(jensenShannon(normal(-5, 0.2).density, normal(5, 0.2).density, grid), Math.log(2), 1e-9);
  // Between these two, both densities round to the smallest number, and half of it to 0.
  const far = { range: [-50, 50] as [number, number], dimensions: 1 as const, cells: 100_000 };
  assertAlmostEquals(jensenShannon(normal(-39, 1).density, normal(39, 1).density, far), Math.log(2), 1e-9);
  const between = jensenShannon(p.density, q.density, grid);
  assertAlmostEquals(jensenShannon(q.density, p.density, grid), between, 1e-12);
  assertGreater(between, 0.1);
  assertLess(between, Math.log(2));
});

Deno.test("jensenShannon() of two overlapping uniform densities agrees with the value computed by hand", () => {
  // On [0, 2) and [1, 3), each of height ½: half of each is alone, where p log(p / m) = ½ log 2; the rest is shared and gives 0.
  const uniform = (from: number) => ([x]: number[]) => x! >= from && x! < from + 2 ? 0.5 : 0;
  const divergence = jensenShannon(uniform(0), uniform(1), { range: [0, 3], dimensions: 1, cells: 3000 });
  assertAlmostEquals(divergence, Math.log(2) / 2, 1e-9);
});

Deno.test("optimalLogit() is the optimal discriminator before the sigmoid, even where its output rounds to 1", () => {
  const [logit, best] = [optimalLogit(p.density, q.density), optimalDiscriminator(p.density, q.density)];
  for (const x of [-1, 0.3, 2]) assertAlmostEquals(1 / (1 + Math.exp(-logit([x]))), best([x]), 1e-12);
  assertEquals(best([-7]), 1);
  assertAlmostEquals(logit([-7]), 8.5 ** 2 / (2 * 0.7 ** 2) - 7 ** 2 / 2 + Math.log(0.7), 1e-9);
  assertEquals([optimalLogit(() => 0, () => 0)([1]), optimalLogit(() => 1, () => 0)([1])], [0, Infinity]);
});

Deno.test("gameValue() of the optimal discriminator is −log 4 + 2 JSD, and that of other discriminators is less", () => {
  const best = optimalLogit(p.density, q.density);
  const value = gameValue(best, p.density, q.density, grid);
  assertAlmostEquals(value, EQUILIBRIUM_VALUE + 2 * jensenShannon(p.density, q.density, grid), 1e-9);
  for (const shift of [-0.05, 0.05]) {
    assertLess(gameValue((point) => best(point) + shift, p.density, q.density, grid), value);
  }
  const uniform = (from: number) => ([x]: number[]) => Number(x! >= from && x! < from + 1);
  const perfect = gameValue(optimalLogit(uniform(0), uniform(1)), uniform(0), uniform(1), { range: [0, 2], dimensions: 1 });
  assertEquals(Math.abs(perfect), 0); // disjoint densities: D is always right
});

Deno.test("EQUILIBRIUM_VALUE is the value of the game where p_g = p_data and D = ½", () => {
  assertAlmostEquals(EQUILIBRIUM_VALUE, -1.3862943611198906, 1e-15);
  assertAlmostEquals(gameValue(() => 0, p.density, p.density, grid), EQUILIBRIUM_VALUE, 1e-9);
});

Deno.test("histogramDensity() estimates a density, with the documented bias", () => {
  const cells = { range: [-4, 4] as [number, number], dimensions: 1, cells: 40 };
  const divergence = (points: number, from: Distribution) => {
    const draws = Array.from({ length: points }, (_, i) => from.sample(seededRandom(3, i)));
    const estimate = histogramDensity(draws, cells);
    assertAlmostEquals(integrate(estimate, cells), draws.filter(([x]) => Math.abs(x!) < 4).length / points, 1e-9);
    return jensenShannon(p.density, estimate, cells);
  };
  const [few, many] = [divergence(500, p), divergence(8000, p)];
  assertLess(Math.abs(few / (40 / (8 * 500)) - 0.8), 0.4); // about 32 of the 40 cells hold points
  assertLess(many, few / 5);
  assertGreater(divergence(500, q), 0.2);
  assertThrows(() => histogramDensity([], cells), RangeError, "at least one point, got none");
});
