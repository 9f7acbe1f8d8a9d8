/** What a CycleGAN is made of, with the paper's choices (Zhu et al. 2017, arXiv:1703.10593).
 * @module */
import type { GeneratorName } from "../models/generator.ts";
import type { Norm } from "../models/blocks.ts";
import { blocksOf } from "../models/resnet.ts";
import { depthOf } from "../models/unet.ts";
import { checkWeights } from "./check_weights.ts";
import { POOL_SIZE } from "./history_pool.ts";

/** What to build. The defaults are the paper's. */
export interface CycleGanSettings {
  /** Height and width of the pictures, pixels. */
  size: number;
  /** Channels of the pictures of domain X. */
  xChannels: number;
  /** Channels of the pictures of domain Y. */
  yChannels: number;
  /** The architecture of both generators. */
  generator: GeneratorName;
  /** Filters of the first layer of all networks. */
  filters: number;
  /** Residual blocks of a ResNet. */
  blocks: number;
  /** How often a U-Net halves the picture. */
  depth: number;
  /** How all networks are normalised. */
  norm: Norm;
  /** Stride-2 layers of the discriminators: 3 for patches of 70x70. */
  layers: number;
  /** λ, the weight of the cycle loss. */
  lambda: number;
  /** The weight of the identity loss, as a part of λ; 0 leaves it out. */
  identity: number;
  /** Generated pictures of each domain that are kept for its discriminator. */
  pool: number;
  /** Share dropped in the generators. */
  dropout: number;
  /** Seed of the initial weights and of dropout. */
  seed: number;
}

/** The defaults, from CycleGAN Sec. 4, 5.2 and appendix 7. The blocks and the depth follow from the size. The paper has the identity loss
 * (Sec. 5.2), with weight "0.5λ" (appendix 7.1), for paintings and photographs; the authors' code has it for all. */
export const CYCLEGAN: CycleGanSettings = {
  size: 256,
  xChannels: 3,
  yChannels: 3,
  generator: "resnet",
  filters: 64,
  blocks: 9,
  depth: 8,
  norm: "instance",
  layers: 3,
  lambda: 10,
  identity: 0.5,
  pool: POOL_SIZE,
  dropout: 0,
  seed: 0,
};

/** Fills up what is not given.
 * @throws {RangeError} if there is to be an identity loss between pictures with different channels, or a weight is no number from 0. */
export function cycleGanSettings(given: Partial<CycleGanSettings>): CycleGanSettings {
  const size = given.size ?? CYCLEGAN.size;
  const settings = { ...CYCLEGAN, blocks: blocksOf(size), depth: depthOf(size), ...given };
  const { xChannels, yChannels, identity, lambda } = settings;
  checkWeights("CycleGAN", { lambda, identity });
  if (identity !== 0 && xChannels !== yChannels) {
    throw new RangeError(
      `Cannot build CycleGAN: the identity loss gives a generator a picture of its own kind, and X has ${xChannels} channels, Y ` +
        `${yChannels}; set identity to 0`,
    );
  }
  return settings;
}
