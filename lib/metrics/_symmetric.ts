/** Two things to know about a symmetric matrix, in double precision: a factor, and its eigenvalues. Matrices are row by row.
 *
 * Source: Golub and Van Loan, Matrix Computations (4th ed.), Sec. 4.2.8 (Cholesky with pivoting), 8.3.1 (Householder tridiagonal
 * form), 8.3.2 to 8.3.5 (symmetric QR steps with Wilkinson's shift).
 * @module */

/** A factor F of a positive semidefinite matrix S = F Fᵀ, as its columns, as many as S has rank. The next column is always taken
 * from the largest element left on the diagonal, which bounds all that is left: it stays exact where S is singular, as the
 * covariance of fewer samples than features is.
 * @param matrix `size * size`, symmetric. */
export function factorOf(matrix: Float64Array, size: number): Float64Array[] {
  const rest = matrix.slice();
  const diagonal = () => Array.from({ length: size }, (_, i) => rest[i * size + i]!);
  const negligible = size * Number.EPSILON * Math.max(...diagonal());
  const columns: Float64Array[] = [];
  while (columns.length < size) {
    const left = diagonal();
    const pivot = left.reduce((best, value, i) => value > left[best]! ? i : best, 0);
    if (!(left[pivot]! > negligible)) break;
    const scale = 1 / Math.sqrt(left[pivot]!);
    const column = rest.slice(pivot * size, (pivot + 1) * size).map((value) => value * scale);
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) rest[i * size + j]! -= column[i]! * column[j]!;
    }
    columns.push(column);
  }
  return columns;
}

/** The eigenvalues of a symmetric matrix, in no order, each to about 1e-16 of the largest.
 * @param matrix `size * size`, symmetric. */
export function eigenvalues(matrix: Float64Array, size: number): Float64Array {
  const { diagonal, beside } = tridiagonal(matrix.slice(), size);
  const scale = Math.max(...diagonal.map(Math.abs), ...beside.map(Math.abs));
  let last = size - 1;
  for (let steps = 0; last > 0; steps++) {
    if (steps > 60 * size) {
      throw new Error(`Cannot find the eigenvalues of a ${size} x ${size} matrix: no convergence; check its values`);
    }
    for (let i = 0; i < last; i++) if (Math.abs(beside[i]!) <= Number.EPSILON * scale) beside[i] = 0;
    if (beside[last - 1] === 0) {
      last--;
      continue;
    }
    let first = last - 1;
    while (first > 0 && beside[first - 1] !== 0) first--;
    qrStep(diagonal, beside, first, last);
  }
  return diagonal;
}

/** Reflects (I − 2vvᵀ) from both sides until only the diagonal and the elements beside it are left; the eigenvalues stay. */
function tridiagonal(a: Float64Array, size: number): { diagonal: Float64Array; beside: Float64Array } {
  const beside = new Float64Array(Math.max(size - 1, 0));
  for (let k = 0; k < size - 1; k++) {
    const v = new Float64Array(size);
    for (let i = k + 1; i < size; i++) v[i] = a[i * size + k]!;
    const length = Math.hypot(...v);
    const target = v[k + 1]! > 0 ? -length : length; // the sign that does not cancel
    beside[k] = target;
    v[k + 1]! -= target;
    const norm = Math.hypot(...v);
    if (norm > 0) reflect(a, size, v.map((value) => value / norm), k + 1);
  }
  return { diagonal: Float64Array.from({ length: size }, (_, i) => a[i * size + i]!), beside };
}

/** A ← (I − 2vvᵀ) A (I − 2vvᵀ) = A − 2 v qᵀ − 2 q vᵀ with p = A v, q = p − (vᵀp) v, on the rows and columns from `start`. */
function reflect(a: Float64Array, size: number, v: Float64Array, start: number): void {
  const q = new Float64Array(size);
  let along = 0;
  for (let i = start; i < size; i++) {
    for (let j = start; j < size; j++) q[i]! += a[i * size + j]! * v[j]!;
    along += v[i]! * q[i]!;
  }
  for (let i = start; i < size; i++) q[i]! -= along * v[i]!;
  for (let i = start; i < size; i++) {
    for (let j = start; j < size; j++) a[i * size + j]! -= 2 * (v[i]! * q[j]! + q[i]! * v[j]!);
  }
}

/** One QR step on the block from `first` to `last`, by rotations that chase a bulge down the diagonal (Algorithm 8.3.2). */
function qrStep(d: Float64Array, e: Float64Array, first: number, last: number): void {
  const half = (d[last - 1]! - d[last]!) / 2;
  const root = Math.hypot(half, e[last - 1]!);
  const shift = d[last]! - e[last - 1]! ** 2 / (half + (half < 0 ? -root : root)); // near d[last], by the last 2 x 2
  let x = d[first]! - shift, bulge = e[first]!;
  for (let k = first; k < last; k++) {
    const r = Math.hypot(x, bulge);
    const [c, s] = r === 0 ? [1, 0] : [x / r, bulge / r];
    if (k > first) e[k - 1] = r;
    const [a, b, above] = [d[k]!, d[k + 1]!, e[k]!];
    d[k] = c * c * a + 2 * c * s * above + s * s * b;
    d[k + 1] = s * s * a - 2 * c * s * above + c * c * b;
    e[k] = c * s * (b - a) + (c * c - s * s) * above;
    if (k === last - 1) break;
    x = e[k]!;
    bulge = s * e[k + 1]!;
    e[k + 1]! *= c;
  }
}
