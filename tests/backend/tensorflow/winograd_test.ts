import { assertAlmostEquals, assertEquals } from "@std/assert";
import { cookToom, TILE } from "../../../lib/backend/tensorflow/winograd.ts";

const times = (matrix: number[][], vector: number[]) =>
  matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i]!, 0));

for (let r = 1; r <= TILE; r++) {
  Deno.test(`cookToom(${r}) computes the correlation of a tile with ${r} weights`, () => {
    const { samples, weights, results } = cookToom(r);
    const x = [3, -1, 4, 1.5, -5, 9];
    const w = [2, 7, -1, 8, 2.5, -8].slice(0, r);
    const [transformedX, transformedW] = [times(samples, x), times(weights, w)];
    const got = times(results, transformedX.map((value, i) => value * transformedW[i]!));
    assertEquals(got.length, TILE + 1 - r);
    got.forEach((value, at) => {
      const wanted = w.reduce((sum, weight, k) => sum + weight * x[at + k]!, 0);
      assertAlmostEquals(value, wanted, 1e-9);
    });
  });
}

Deno.test("cookToom() evaluates at the points and at infinity", () => {
  const { samples, results } = cookToom(3);
  assertEquals(results[0], [1, 1, 1, 1, 1, 0]); // the points to the power of 0
  assertEquals(results[3], [0, 1, -1, 1 / 8, -8, 1]);
  assertEquals(samples[5], [0, 1, -1.5, -2, 1.5, 1]); // t (t − 1) (t + 1) (t − 1/2) (t + 2)
});
