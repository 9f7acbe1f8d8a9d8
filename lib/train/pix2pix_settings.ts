/** What a pix2pix model is made of, with the paper's choices (Isola et al. 2017, arXiv:1611.07004).
 *
 * The rows of its Table 1 are choices too: L1 (`adversarial: false`), GAN (`conditional: false, reconstruction: "none"`), cGAN
 * (`reconstruction: "none"`), L1+GAN (`conditional: false`), and L1+cGAN, the defaults.
 * @module */
import type { GeneratorName } from "../models/generator.ts";
import type { Norm } from "../models/blocks.ts";
import { blocksOf } from "../models/resnet.ts";
import { depthOf } from "../models/unet.ts";
import { checkWeights } from "./check_weights.ts";

/** What draws the generated picture to the target, beside the discriminator. */
export type Reconstruction = "l1" | "l2" | "none";

/** The order of the two networks' updates. "alternating": D, then G against the updated D, as in the paper's text ("we alternate between one
 * gradient descent step on D, then one step on G", Sec. 3.3). "simultaneous": both against the networks as they were before the step, as
 * TensorFlow's tutorial does. The paper's Torch code is between the two: G's loss is of the old D's logits, its gradient passes through
 * the new D's weights. */
export type Updates = "alternating" | "simultaneous";

/** What to build. The defaults are the paper's. */
export interface Pix2PixSettings {
  /** Height and width of the pictures, pixels. */
  size: number;
  /** Channels of the pictures given. */
  inputChannels: number;
  /** Channels of the pictures made. */
  outputChannels: number;
  /** The generator's architecture. */
  generator: GeneratorName;
  /** Filters of the first layer of both networks ("ngf", "ndf"). */
  filters: number;
  /** How often the U-Net and the encoder-decoder halve the picture. */
  depth: number;
  /** Residual blocks of the ResNet. */
  blocks: number;
  /** How both networks are normalised: "batch", or "instance", which depends on no other picture of the batch. */
  norm: Norm;
  /** Stride-2 layers of the discriminator, which decide the patch that it sees: 3 for 70x70. */
  layers: number;
  /** Whether the discriminator also sees the input: cGAN, not GAN. */
  conditional: boolean;
  /** Whether there is an adversarial loss at all: without it the discriminator is not trained. */
  adversarial: boolean;
  /** L1, L2, or nothing but the adversarial loss. */
  reconstruction: Reconstruction;
  /** λ, the weight of the reconstruction loss. */
  lambda: number;
  /** Which D judges G's step: the updated one, or the one before. */
  updates: Updates;
  /** Share dropped in the first three layers of the decoder, or in the ResNet's blocks. */
  dropout: number;
  /** Seed of the initial weights and of dropout. */
  seed: number;
}

/** The defaults, from pix2pix Sec. 3.3 and appendix 6. The depth and the ResNet's blocks follow from the size. */
export const PIX2PIX: Pix2PixSettings = {
  size: 256,
  inputChannels: 3,
  outputChannels: 3,
  generator: "unet",
  filters: 64,
  depth: 8,
  blocks: 9,
  norm: "batch",
  layers: 3,
  conditional: true,
  adversarial: true,
  reconstruction: "l1",
  lambda: 100,
  updates: "alternating",
  dropout: 0.5,
  seed: 0,
};

/** Fills up what is not given.
 * @throws {RangeError} if nothing is left to learn from, or there is no such reconstruction loss or order of updates; if λ is no number
 * from 0. */
export function pix2pixSettings(given: Partial<Pix2PixSettings>): Pix2PixSettings {
  const size = given.size ?? PIX2PIX.size;
  const settings = { ...PIX2PIX, depth: depthOf(size), blocks: blocksOf(size), ...given };
  const { reconstruction, adversarial, lambda } = settings;
  checkWeights("pix2pix", { lambda });
  if (!["l1", "l2", "none"].includes(reconstruction)) {
    throw new RangeError(
      `Cannot build pix2pix: reconstruction must be "l1", "l2" or "none", got "${reconstruction}"; choose one of them`,
    );
  }
  if (!["alternating", "simultaneous"].includes(settings.updates)) {
    throw new RangeError(
      `Cannot build pix2pix: updates must be "alternating" or "simultaneous", got "${settings.updates}"; choose one of them`,
    );
  }
  if (!adversarial && reconstruction === "none") {
    throw new RangeError(
      `Cannot build pix2pix: with adversarial false and reconstruction "none" there is nothing to learn from; take one of them`,
    );
  }
  return settings;
}
