/** What the networks of pix2pix and CycleGAN share.
 * @module */
import * as tf from "../tf.ts";

/** Side of the convolution kernels, pixels (pix2pix appendix 6.1: "all convolutions are 4 x 4 spatial filters"). */
export const KERNEL = 4;
/** Slope of the leaky ReLU below zero (pix2pix appendix 6.1). */
export const LEAK = 0.2;
/** Standard deviation of the initial kernels around 0 (pix2pix appendix 6.2). */
export const KERNEL_DEVIATION = 0.02;

/** Numbers of noise that a generator is given, "a 100 dimensional uniform distribution" (DCGAN, arXiv:1511.06434, Fig. 1; the same in the
 * conditional GAN, arXiv:1411.1784, Sec. 4.1). */
export const LATENT = 100;

/** The papers' initial weights: normal, mean 0, standard deviation 0.02. */
export function initialKernel(seed: number): ReturnType<typeof tf.initializers.randomNormal> {
  return tf.initializers.randomNormal({ mean: 0, stddev: KERNEL_DEVIATION, seed });
}

/** A new seed at each call, from 0 to 2^31 - 1, all following from one. Layers with the same seed would start alike. */
export function seedSequence(seed: number): () => number {
  let state = seed;
  // Two rounds of splitmix32's finalizer (Steele et al. 2014) part neighbouring seeds.
  const mix = (x: number) => {
    x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    return Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  };
  return () => {
    state = (state + 0x9e3779b9) | 0;
    const mixed = mix(mix(state));
    return (mixed ^ (mixed >>> 16)) >>> 1;
  };
}

/** Complains of a picture size that halving does not divide.
 * @param what is being built, for the message.
 * @throws {RangeError} */
export function checkSize(what: string, size: number, multiple: number): void {
  if (Number.isInteger(size) && size > 0 && size % multiple === 0) return;
  const near = Number.isFinite(size) ? size / multiple : 1;
  const [below, above] = [Math.floor(near) * multiple, Math.max(1, Math.ceil(near)) * multiple];
  throw new RangeError(
    `Cannot build ${what}: the size must be a multiple of ${multiple}, got ${size}; use ${
      below > 0 && below < above ? `${below} or ` : ""
    }${above}`,
  );
}

/** Complains of a number of filters that makes no layer.
 * @param what is being built, for the message.
 * @throws {RangeError} */
export function checkFilters(what: string, filters: number): void {
  if (Number.isInteger(filters) && filters >= 1) return;
  throw new RangeError(`Cannot build ${what}: filters must be a whole number from 1, got ${filters}; change filters`);
}

/** Widest layers of an encoder or a discriminator, as multiples of the first. */
const MOST_WIDTH = 8;

/** Widths of layers that halve the picture: filters, doubling, up to eight times. */
export function widthsOf(filters: number, layers: number): number[] {
  return Array.from({ length: layers }, (_, i) => filters * Math.min(2 ** i, MOST_WIDTH));
}
