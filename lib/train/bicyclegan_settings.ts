/** What a BicycleGAN is made of, with the paper's choices (Zhu et al. 2017, arXiv:1711.11586, Sec. 3 and 4).
 * @module */
import type { Norm } from "../models/blocks.ts";
import { CODE } from "../models/latent_encoder.ts";
import { depthOf } from "../models/unet.ts";
import { checkWeights } from "./check_weights.ts";

/** What to build. */
export interface BicycleGanSettings {
  /** Height and width of the pictures, pixels: a multiple of 16, with instance norm at least 32. */
  size: number;
  /** Channels of the pictures given. */
  inputChannels: number;
  /** Channels of the pictures made. */
  outputChannels: number;
  /** Filters of the first layer of all networks. */
  filters: number;
  /** How often the generator halves the picture. */
  depth: number;
  /** How all networks are normalised. */
  norm: Norm;
  /** Stride-2 layers of the discriminators: 3 for patches of 70x70. */
  layers: number;
  /** |z|: numbers in the code. */
  latent: number;
  /** λ, the weight of L1 between the target and the picture made with its own code. */
  lambda: number;
  /** λ_latent, the weight of L1 between a code and what the encoder reads of the picture made with it. */
  latentWeight: number;
  /** λ_KL, the weight of the divergence of a picture's code from a standard normal one, added up over the code. */
  klWeight: number;
  /** Seed of the initial weights. */
  seed: number;
}

/** The defaults: λ = 10, λ_latent = 0.5, λ_KL = 0.01, |z| = 8 (Sec. 4). The depth follows from the size. */
export const BICYCLEGAN: BicycleGanSettings = {
  size: 256,
  inputChannels: 3,
  outputChannels: 3,
  filters: 64,
  depth: 8,
  norm: "instance",
  layers: 3,
  latent: CODE,
  lambda: 10,
  latentWeight: 0.5,
  klWeight: 0.01,
  seed: 0,
};

/** Fills up what is not given.
 * @throws {RangeError} if a weight is no number from 0. */
export function bicycleGanSettings(given: Partial<BicycleGanSettings>): BicycleGanSettings {
  const settings = { ...BICYCLEGAN, depth: depthOf(given.size ?? BICYCLEGAN.size), ...given };
  const { lambda, latentWeight, klWeight } = settings;
  checkWeights("BicycleGAN", { lambda, latentWeight, klWeight });
  return settings;
}
