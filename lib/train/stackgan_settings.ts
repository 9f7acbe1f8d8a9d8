/** What a StackGAN is made of, with the paper's choices (Zhang et al. 2017, arXiv:1612.03242).
 * @module */
import { LATENT } from "../models/blocks.ts";
import type { StackGanNetworkSettings } from "../models/stackgan.ts";

/** What to build. */
export interface StackGanSettings extends Required<StackGanNetworkSettings> {
  /** λ, the weight of the Kullback-Leibler divergence of conditioning augmentation (Eq. 2 and 4). */
  klWeight: number;
}

/** The defaults, from Sec. 3 and 4.1 but for the sizes: the paper has 256 pixels of sketches of 64, with more filters and 4 residual blocks. */
export const STACKGAN: StackGanSettings = {
  size: 64,
  channels: 3,
  conditionSize: 10,
  latent: LATENT,
  augmented: 128,
  compressed: 128,
  filters: 64,
  blocks: 2,
  klWeight: 1,
  seed: 0,
};
