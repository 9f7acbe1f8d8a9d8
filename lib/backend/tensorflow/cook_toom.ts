/** The matrices of a short convolution with few multiplications (Cook and Toom; Winograd 1980; Lavin and Gray 2015, arXiv:1509.09308, Eq. 8).
 *
 *     y = Aᵀ [(G w) ⊙ (Bᵀ x)]        m results y from n = m + r − 1 samples x and r weights w, with n multiplications instead of m r
 *
 * x and w are taken as polynomials: their product is evaluated at n − 1 points and at infinity, multiplied there, and interpolated. This is the
 * transpose of that, which gives the correlation that networks call a convolution.
 * @module */

/** Where the polynomials are evaluated, besides infinity: small powers of two, so that the matrices are exact. With 1/2 and −2 instead of 2 and −2
 * the results are as close to float64 as those of the direct convolution; with ±2 their error is twice as large. */
export const POINTS: readonly number[] = [0, 1, -1, 1 / 2, -2];

/** Samples of a tile along one axis. */
export const TILE: number = POINTS.length + 1;

/** The matrices, row by row. */
export interface CookToom {
  /** Bᵀ, `[TILE, TILE]`: of the samples. */
  samples: number[][];
  /** G, `[TILE, r]`: of the weights. */
  weights: number[][];
  /** Aᵀ, `[m, TILE]`: of the results. */
  results: number[][];
}

/** Coefficients of ∏ (t − root), the constant first. */
function polynomial(roots: number[]): number[] {
  return roots.reduce(
    (product, root) => [...product, 0].map((_, i) => (product[i - 1] ?? 0) - root * (product[i] ?? 0)),
    [1],
  );
}

/** The matrices for a kernel of r weights along the axis.
 * @param r from 1 to {@linkcode TILE}. */
export function cookToom(r: number): CookToom {
  const others = (point: number) => POINTS.filter((other) => other !== point);
  const scale = (point: number) => others(point).reduce((product, other) => product * (point - other), 1);
  const padded = (row: number[]) => Array.from({ length: TILE }, (_, i) => row[i] ?? 0);
  const powers = (point: number, count: number) => Array.from({ length: count }, (_, i) => point ** i);
  const infinity = (count: number) => Array.from({ length: count }, (_, i) => i === count - 1 ? 1 : 0);
  const m = TILE + 1 - r;
  const columns = [...POINTS.map((point) => powers(point, m)), infinity(m)];
  return {
    samples: [...POINTS.map((point) => padded(polynomial(others(point)))), polynomial([...POINTS])],
    weights: [...POINTS.map((point) => powers(point, r).map((power) => power / scale(point))), infinity(r)],
    results: Array.from({ length: m }, (_, i) => columns.map((column) => column[i]!)),
  };
}
