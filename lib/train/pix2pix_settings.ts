/** What a pix2pix model is made of, with the paper's choices (Isola et al. 2017, arXiv:1611.07004).
 * @module */

/** What to build. The defaults are the paper's. */
export interface Pix2PixSettings {
  /** Height and width of the pictures, pixels. */
  size: number;
  /** Channels of the pictures given. */
  inputChannels: number;
  /** Channels of the pictures made. */
  outputChannels: number;
  /** The generator's architecture. */
  generator: "unet";
  /** Filters of the first layer of both networks ("ngf", "ndf"). */
  filters: number;
  /** How often the U-Net halves the picture. */
  depth: number;
  /** Stride-2 layers of the discriminator, which decide the patch that it sees: 3 for 70x70. */
  layers: number;
  /** Whether the discriminator also sees the input. */
  conditional: boolean;
  /** λ, the weight of L1. */
  lambda: number;
  /** Share dropped in the first three layers of the decoder. */
  dropout: number;
  /** Seed of the initial weights and of dropout. */
  seed: number;
}

/** The defaults, from pix2pix Sec. 3.3 and appendix 6. The depth follows from the size. */
export const PIX2PIX: Pix2PixSettings = {
  size: 256,
  inputChannels: 3,
  outputChannels: 3,
  generator: "unet",
  filters: 64,
  depth: 8,
  layers: 3,
  conditional: true,
  lambda: 100,
  dropout: 0.5,
  seed: 0,
};
