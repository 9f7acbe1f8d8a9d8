/** Arithmetic of latent codes, without TensorFlow.js: it runs in the page, while the images are computed in the worker.
 * @module */
import type { PageDirections } from "./page_data.ts";

/** A latent code, and what its image shows. */
export interface Code {
  /** Name for the user: "Seed 5, image 3". */
  name: string;
  /** z, with as many elements as the latent space has dimensions. */
  noise: Float32Array<ArrayBuffer>;
  /** Zero-based class index, for a conditional GAN. */
  label?: number;
}

/** Distribution of the noise with which a model was trained. */
export type Noise = "uniform" | "normal";

/** Angles whose sine is smaller than this are treated as 0. */
const SMALL = 1e-4;

/** Moves a code along principal directions.
 * @param amounts Number of standard deviations for each direction; missing ones are 0. */
export function moved(
  noise: Float32Array<ArrayBuffer>,
  { axes, scales }: Pick<PageDirections, "axes" | "scales">,
  amounts: readonly number[],
): Float32Array<ArrayBuffer> {
  const result = noise.slice();
  amounts.forEach((amount, i) => {
    if (amount === 0) return;
    axes[i]!.forEach((value, d) => result[d]! += amount * scales[i]! * value);
  });
  return result;
}

/** A code on the way from one code to another.
 *
 * Normal noise of many dimensions lies near a sphere. The middle of a straight line between two such codes lies far inside of it,
 * where a generator has not been trained. Therefore, the way follows the sphere (White 2016, arXiv:1609.04468). For uniform
 * noise, the straight line stays inside of the cube of all codes.
 * @param at Position from 0 to 1. */
export function between(
  from: Float32Array<ArrayBuffer>,
  to: Float32Array<ArrayBuffer>,
  at: number,
  noise: Noise,
): Float32Array<ArrayBuffer> {
  let [a, b] = [1 - at, at];
  if (noise === "normal") {
    const cosine = dot(from, to) / Math.sqrt(dot(from, from) * dot(to, to)) || 0;
    const angle = Math.acos(Math.min(1, Math.max(-1, cosine)));
    const sine = Math.sin(angle);
    if (sine > SMALL) [a, b] = [Math.sin((1 - at) * angle) / sine, Math.sin(at * angle) / sine];
  }
  return from.map((value, d) => a * value + b * to[d]!);
}

/** a − b + c, as in Radford et al. (2016), arXiv:1511.06434, Sec. 6.3.2. */
export function combined(
  a: Float32Array<ArrayBuffer>,
  b: Float32Array<ArrayBuffer>,
  c: Float32Array<ArrayBuffer>,
): Float32Array<ArrayBuffer> {
  return a.map((value, d) => value - b[d]! + c[d]!);
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, d) => sum + value * b[d]!, 0);
}

/** The next free letter, or letter and number, for an image that is kept: A to Z, then A1 and so on. */
export function nextLetter(used: readonly string[]): string {
  for (let i = 0;; i++) {
    const letter = String.fromCharCode(65 + i % 26) + (i < 26 ? "" : Math.floor(i / 26));
    if (!used.includes(letter)) return letter;
  }
}
