/** Arithmetic of latent codes. The arithmetic runs in the page, without TensorFlow.js; the worker computes the images.
 * @module */
import type { PageDirections } from "./page_data.ts";

/** A latent code with a name and, for a conditional GAN, a class. */
export interface Code {
  /** Name that the user sees, such as "Seed 5, image 3". */
  name: string;
  /** The latent vector z. */
  noise: Float32Array<ArrayBuffer>;
  /** Zero-based class index, for a conditional GAN. */
  label?: number;
}

/** Distribution of the latent codes in training. */
export type Noise = "uniform" | "normal";

/** Angles with a smaller sine are treated as 0. */
const SMALL = 1e-4;

/** Moves a code along principal directions.
 * @param amounts Number of standard deviations along each direction. Missing elements are 0. */
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

/** Interpolates between two codes.
 *
 * High-dimensional normal noise lies near a sphere. The middle of a straight line between two codes lies far inside the sphere,
 * where the generator has not been trained. Therefore, the interpolation is spherical (White 2016, arXiv:1609.04468). For uniform
 * noise, the interpolation is linear and stays inside the cube of all codes.
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

/** Computes a − b + c, as in Radford et al. (2016), arXiv:1511.06434, Sec. 6.3.2. */
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

/** Returns the next free label for a kept image: A to Z, then A1, B1 and so on. */
export function nextLetter(used: readonly string[]): string {
  for (let i = 0;; i++) {
    const letter = String.fromCharCode(65 + i % 26) + (i < 26 ? "" : Math.floor(i / 26));
    if (!used.includes(letter)) return letter;
  }
}
