/** Theoretical quantities of the GAN game for known densities (Goodfellow et al., 2014, arXiv:1406.2661, section 4).
 *
 * ```text
 * D*(x) = p_data(x) / (p_data(x) + p_g(x))                                              (Proposition 1)
 * KL(p ‖ q) = ∫ p(x) log (p(x) / q(x)) dx
 * JSD(p ‖ q) = ½ KL(p ‖ m) + ½ KL(q ‖ m),   m = ½ (p + q)
 * C(G) = max over D of V(D, G) = −log 4 + 2 JSD(p_data ‖ p_g)      (6); its minimum, −log 4, is at p_g = p_data
 * ```
 *
 * In the code, the densities p_data and p_g are `data` and `generated`. Integrals are computed on a grid with the midpoint rule,
 * which is accurate to many digits if the densities are smooth, negligible outside the range, and wide compared with a grid cell.
 *
 * Taught in: notebooks/01_the_game.ipynb, Eq. (1.4)
 * @module */

/** Probability density at a point, as in {@linkcode data.Distribution}. */
export type Density = (point: number[]) => number;

/** Integration grid: the same range in each dimension, divided into cells. */
export interface IntegrationGrid {
  /** Range of each coordinate. Both densities must be negligible outside this range. */
  range: [low: number, high: number];
  /** Number of dimensions, 1 or 2. */
  dimensions: number;
  /** Number of cells per dimension. Default: 1000 in one dimension, 300 in two. */
  cells?: number;
}

/** Value of the game at its equilibrium, where D is ½ everywhere: −log 4. */
export const EQUILIBRIUM_VALUE: number = -Math.log(4);

/** Returns D*(x), the output of the optimal discriminator for a fixed generator, in [0, 1]. Where both densities are 0, any
 * value is optimal, and ½ is returned. */
export function optimalDiscriminator(data: Density, generated: Density): (point: number[]) => number {
  return (point) => {
    const [real, fake] = [data(point), generated(point)];
    return real + fake > 0 ? real / (real + fake) : 0.5;
  };
}

/** Integrates a function over a grid.
 * @throws {RangeError} If the grid has no cells, an empty range, or more than two dimensions. */
export function integrate(f: (point: number[]) => number, grid: IntegrationGrid): number {
  const { range: [low, high], dimensions } = grid;
  const { cells = dimensions === 1 ? 1000 : 300 } = grid;
  if (!(high > low) || !Number.isInteger(cells) || cells < 1 || (dimensions !== 1 && dimensions !== 2)) {
    const got = `[${low}, ${high}], ${cells} cells and ${dimensions} dimensions; change the grid`;
    throw new RangeError(`Cannot integrate: expected low < high, at least 1 cell, and 1 or 2 dimensions, got ${got}`);
  }
  const width = (high - low) / cells;
  const midpoints = Array.from({ length: cells }, (_, i) => low + (i + 0.5) * width);
  let sum = 0;
  for (const x of midpoints) {
    if (dimensions === 1) sum += f([x]);
    else for (const y of midpoints) sum += f([x, y]);
  }
  return sum * width ** dimensions;
}

/** Computes the Kullback-Leibler divergence KL(p ‖ q) ≥ 0, in nats. The result is Infinity if q is 0 or underflows to 0 at a
 * point where p is greater than 0. */
export function kullbackLeibler(p: Density, q: Density, grid: IntegrationGrid): number {
  const part = (atP: number, atQ: number) => atP > 0 ? atP * Math.log(atP / atQ) : 0; // 0 is the limit for p = 0
  return integrate((point) => part(p(point), q(point)), grid);
}

/** Computes the Jensen-Shannon divergence JSD(p ‖ q), in nats. The divergence is symmetric; it is 0 for equal densities and log 2
 * for disjoint densities. */
export function jensenShannon(p: Density, q: Density, grid: IntegrationGrid): number {
  return integrate((point) => {
    const [atP, atQ] = [p(point), q(point)];
    // Divide by the sum rather than by m, which is half the sum and can underflow to 0.
    const part = (density: number) => density > 0 ? density * Math.log(2 * (density / (atP + atQ))) : 0;
    return (part(atP) + part(atQ)) / 2;
  }, grid);
}

/** Returns the logit of D*(x), which is log(p_data(x) / p_g(x)), or 0 if both densities are 0. The result is accurate even where
 * D*(x) rounds to 0 or 1. */
export function optimalLogit(data: Density, generated: Density): (point: number[]) => number {
  return (point) => {
    const [real, fake] = [data(point), generated(point)];
    return real + fake > 0 ? Math.log(real / fake) : 0;
  };
}

/** Computes the value of the game for any discriminator: V(D, G) = ∫ p_data(x) log D(x) + p_g(x) log(1 − D(x)) dx (equation 3).
 * The value is always ≤ 0.
 * @param logit Function that returns D(x) before the sigmoid is applied. */
export function gameValue(logit: (point: number[]) => number, data: Density, generated: Density, grid: IntegrationGrid): number {
  const part = (density: number, score: number) => density > 0 ? density * logSigmoid(score) : 0;
  return integrate((point) => {
    const score = logit(point);
    return part(data(point), score) + part(generated(point), -score); // 1 − σ(s) = σ(−s)
  }, grid);
}

/** Computes log σ(s) = −log(1 + e⁻ˢ) without overflow. */
function logSigmoid(score: number): number {
  return Math.min(score, 0) - Math.log1p(Math.exp(-Math.abs(score)));
}

/** Estimates the density of samples, such as those from a generator, with a histogram on the grid. The Jensen-Shannon divergence
 * of a histogram is too large by about (occupied cells) / (8 · points), so use many points and few cells.
 * @param points Samples; those outside the range are skipped, so the density may integrate to less than 1.
 * @throws {RangeError} If there are no points. */
export function histogramDensity(points: number[][], grid: Required<IntegrationGrid>): Density {
  const { range: [low, high], cells } = grid;
  if (points.length === 0) {
    throw new RangeError("Cannot compute a histogram: expected at least one point, got none; pass more points");
  }
  const width = (high - low) / cells;
  const cellOf = (point: number[]): string => point.map((x) => Math.floor((x - low) / width)).join();
  const inside = (point: number[]) => point.every((x) => x >= low && x < high);
  const counts = new Map<string, number>();
  for (const point of points) if (inside(point)) counts.set(cellOf(point), (counts.get(cellOf(point)) ?? 0) + 1);
  const perPoint = 1 / (points.length * width ** grid.dimensions);
  return (point) => inside(point) ? (counts.get(cellOf(point)) ?? 0) * perPoint : 0;
}
