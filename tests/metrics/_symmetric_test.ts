import { assertAlmostEquals, assertEquals } from "@std/assert";
import { eigenvalues, factorOf } from "../../lib/metrics/_symmetric.ts";

const flat = (rows: number[][]) => Float64Array.from(rows.flat());
const sorted = (values: Float64Array) => [...values].sort((a, b) => a - b);

function assertSame(actual: number[], expected: number[], tolerance: number): void {
  assertEquals(actual.length, expected.length);
  actual.forEach((value, i) => assertAlmostEquals(value, expected[i]!, tolerance));
}

Deno.test("eigenvalues() of a 2 × 2 matrix are those of its characteristic polynomial", () => {
  assertSame(sorted(eigenvalues(flat([[2, 1], [1, 2]]), 2)), [1, 3], 1e-14);
});

Deno.test("eigenvalues() of a chain of springs are 2 − 2 cos(π k / (n + 1))", () => {
  const n = 40;
  const chain = flat(
    Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)),
  );
  const expected = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos(Math.PI * (k + 1) / (n + 1)));
  assertSame(sorted(eigenvalues(chain, n)), expected, 1e-13);
});

Deno.test("eigenvalues() of a full matrix: all ones has n once and 0 else, shifted and scaled", () => {
  const n = 25;
  const matrix = Float64Array.from({ length: n * n }, (_, i) => 3 + (i % (n + 1) === 0 ? 7 : 0)); // 3 · ones + 7 · identity
  assertSame(sorted(eigenvalues(matrix, n)), [...new Array(n - 1).fill(7), 3 * n + 7], 1e-12);
});

Deno.test("eigenvalues() take matrices of one element, of zeros, diagonal, and none", () => {
  assertEquals([...eigenvalues(flat([[5]]), 1)], [5]);
  assertEquals([...eigenvalues(new Float64Array(9), 3)], [0, 0, 0]);
  assertSame(sorted(eigenvalues(flat([[3, 0, 0], [0, -1, 0], [0, 0, 2]]), 3)), [-1, 2, 3], 0);
  assertEquals(eigenvalues(new Float64Array(0), 0).length, 0);
});

Deno.test("eigenvalues() leave the matrix as it was", () => {
  const matrix = flat([[2, 1, 0], [1, 2, 5], [0, 5, 1]]);
  const before = [...matrix];
  eigenvalues(matrix, 3);
  assertEquals([...matrix], before);
});

Deno.test("factorOf() gives F with F Fᵀ = S, of as many columns as S has rank", () => {
  const columns = [[1, 2, 3, 4, 5], [0, 1e-3, -1, 1, 2]]; // rank 2, of numbers of very different size
  const size = 5;
  const matrix = new Float64Array(size * size);
  for (const c of columns) for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) matrix[i * size + j]! += c[i]! * c[j]!;
  const factor = factorOf(matrix, size);
  assertEquals(factor.length, 2);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      assertAlmostEquals(factor.reduce((sum, c) => sum + c[i]! * c[j]!, 0), matrix[i * size + j]!, 1e-13);
    }
  }
  assertEquals(factorOf(new Float64Array(4), 2), []);
});
