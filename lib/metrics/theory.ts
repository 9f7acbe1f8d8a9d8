/** The theory of the GAN game where densities are known: Goodfellow et al. (2014), arXiv:1406.2661, Sec. 4.
 *
 *     D*(x) = p_data(x) / (p_data(x) + p_g(x))                                              (Proposition 1)
 *     KL(p ‖ q) = ∫ p(x) log (p(x) / q(x)) dx
 *     JSD(p ‖ q) = ½ KL(p ‖ m) + ½ KL(q ‖ m),   m = ½ (p + q)
 *     C(G) = max over D of V(D, G) = −log 4 + 2 JSD(p_data ‖ p_g)                           (6), least, −log 4, where p_g = p_data
 *
 * Symbols: p_data → `data`, p_g → `generated`, both densities. Integrals are sums over the middles of a grid's cells: exact to many digits
 * for smooth densities that fit into the range and are wide beside a cell.
 *
 * Taught in: notebooks/01_the_game.ipynb, Eq. (1.4)
 * @module */

/** p(x) of a point, as {@linkcode data.Distribution} has. */
export type Density = (point: number[]) => number;

/** Where to integrate: the same range in each dimension, cut into cells. */
export interface IntegrationGrid {
  /** Both densities must be next to nothing outside. */
  range: [low: number, high: number];
  /** 1 or 2. */
  dimensions: number;
  /** Cells in each dimension. Default 1000 on a line, 300 in the plane. */
  cells?: number;
}

/** The value of the game at its equilibrium, −log 4: D is ½ everywhere. */
export const EQUILIBRIUM_VALUE: number = -Math.log(4);

/** D*(x), the best answer to a fixed generator, in [0, 1]. Where neither density is above 0 any answer is as good; it is ½. */
export function optimalDiscriminator(data: Density, generated: Density): (point: number[]) => number {
  return (point) => {
    const [real, fake] = [data(point), generated(point)];
    return real + fake > 0 ? real / (real + fake) : 0.5;
  };
}

/** The integral of a function.
 * @throws {RangeError} if the grid has no cells, no extent, or more than two dimensions. */
export function integrate(f: (point: number[]) => number, grid: IntegrationGrid): number {
  const { range: [low, high], dimensions } = grid;
  const { cells = dimensions === 1 ? 1000 : 300 } = grid;
  if (!(high > low) || !Number.isInteger(cells) || cells < 1 || (dimensions !== 1 && dimensions !== 2)) {
    throw new RangeError(
      `Cannot integrate: wanted a range with low < high, cells from 1 and 1 or 2 dimensions, got [${low}, ${high}], ${cells} and ` +
        `${dimensions}; give a grid with cells`,
    );
  }
  const width = (high - low) / cells;
  const middles = Array.from({ length: cells }, (_, i) => low + (i + 0.5) * width);
  let sum = 0;
  for (const x of middles) {
    if (dimensions === 1) sum += f([x]);
    else for (const y of middles) sum += f([x, y]);
  }
  return sum * width ** dimensions;
}

/** KL(p ‖ q) in nats, ≥ 0; Infinity where q leaves out something of p, or is so small there that it rounds to 0, as a Gaussian does far out. */
export function kullbackLeibler(p: Density, q: Density, grid: IntegrationGrid): number {
  return integrate((point) => surprise(p(point), q(point)), grid);
}

/** p log(p / q), and 0 for p = 0, its limit. */
function surprise(p: number, q: number): number {
  return p > 0 ? p * Math.log(p / q) : 0;
}

/** JSD(p ‖ q) in nats: 0 if they are the same, log 2 if they have nothing in common, and symmetric. */
export function jensenShannon(p: Density, q: Density, grid: IntegrationGrid): number {
  return integrate((point) => {
    const [here, there] = [p(point), q(point)];
    // Of the sum, not of the half m, which rounds to 0 where the densities are least.
    const part = (density: number) => density > 0 ? density * Math.log(2 * (density / (here + there))) : 0;
    return (part(here) + part(there)) / 2;
  }, grid);
}

/** D*(x) before the sigmoid, log (p_data(x) / p_g(x)): exact also where D* rounds to 0 or 1. 0 where neither density is above 0. */
export function optimalLogit(data: Density, generated: Density): (point: number[]) => number {
  return (point) => {
    const [real, fake] = [data(point), generated(point)];
    return real + fake > 0 ? Math.log(real / fake) : 0;
  };
}

/** V(D, G) = ∫ p_data(x) log D(x) + p_g(x) log(1 − D(x)) dx, (3), for any discriminator; ≤ 0.
 * @param logit D(x) before the sigmoid. */
export function gameValue(
  logit: (point: number[]) => number,
  data: Density,
  generated: Density,
  grid: IntegrationGrid,
): number {
  const part = (density: number, score: number) => density > 0 ? density * logSigmoid(score) : 0;
  return integrate((point) => {
    const score = logit(point);
    return part(data(point), score) + part(generated(point), -score); // 1 − σ(s) = σ(−s)
  }, grid);
}

/** log σ(s) = −log(1 + e⁻ˢ), without a large exponential. */
function logSigmoid(score: number): number {
  return Math.min(score, 0) - Math.log1p(Math.exp(-Math.abs(score)));
}

/** The density of points whose own is not known, such as a generator's: their share in each cell of the grid, by the cell's size. With it
 * `jensenShannon` is an estimate, too large by about (cells that hold points) / (8 · points): take many points, few cells.
 * @param points those outside of the range are left out, so that the integral is then below 1.
 * @throws {RangeError} if there are no points. */
export function histogramDensity(points: number[][], grid: Required<IntegrationGrid>): Density {
  const { range: [low, high], cells } = grid;
  if (points.length === 0) throw new RangeError("Cannot make a histogram: wanted at least one point, got none; generate some");
  const width = (high - low) / cells;
  const cellOf = (point: number[]): string => point.map((x) => Math.floor((x - low) / width)).join();
  const inside = (point: number[]) => point.every((x) => x >= low && x < high);
  const counts = new Map<string, number>();
  for (const point of points) if (inside(point)) counts.set(cellOf(point), (counts.get(cellOf(point)) ?? 0) + 1);
  const share = 1 / (points.length * width ** grid.dimensions);
  return (point) => inside(point) ? (counts.get(cellOf(point)) ?? 0) * share : 0;
}
