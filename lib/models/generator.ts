/** The choice between the generators that make pictures of pictures.
 * @module */
import type * as tf from "../tf.ts";
import { encoderDecoder } from "./encoder_decoder.ts";
import type { Norm } from "./norm.ts";
import { resnet, RESNET_MULTIPLE, type ResnetSettings } from "./resnet.ts";
import { unet, type UnetSettings } from "./unet.ts";

/** The architectures: pix2pix's U-Net, the encoder-decoder that it is compared with, CycleGAN's ResNet. */
export const GENERATORS = ["unet", "encoderDecoder", "resnet"] as const;

/** One of {@linkcode GENERATORS}. */
export type GeneratorName = (typeof GENERATORS)[number];

/** What to build. Defaults and limits are those of the one that is chosen: {@linkcode UnetSettings}, which are also the encoder-decoder's, or
 * {@linkcode ResnetSettings}. */
export interface GeneratorSettings extends UnetSettings, ResnetSettings {
  /** Which one. */
  generator: GeneratorName;
  /** Height and width of the pictures, pixels: a multiple of {@linkcode sizeMultiple}. */
  size: number;
  /** Default: the U-Net's "batch", the ResNet's "instance". */
  norm?: Norm;
  /** Share of the values dropped. Default: the U-Net's 0.5, the ResNet's 0. */
  dropout?: number;
  /** How often the U-Net and the encoder-decoder halve the picture. The ResNet halves it twice, whatever is said here. */
  depth?: number;
  /** Residual blocks of the ResNet. The others have none, whatever is said here. */
  blocks?: number;
}

const BUILD: Record<GeneratorName, (settings: GeneratorSettings) => tf.LayersModel> = { unet, encoderDecoder, resnet };

/** Builds a generator of pictures of pictures.
 * @throws {RangeError} if there is none of this name, or a setting does not fit. */
export function buildGenerator(settings: GeneratorSettings): tf.LayersModel {
  const { generator } = settings;
  if (!GENERATORS.includes(generator)) {
    throw new RangeError(
      `Cannot build the generator: generator must be ${GENERATORS.map((name) => `"${name}"`).join(", ")}, got "${generator}"; ` +
        `choose one of them`,
    );
  }
  return BUILD[generator](settings);
}

/** What divides the heights and widths that a generator takes. */
export function sizeMultiple({ generator, depth }: { generator: GeneratorName; depth: number }): number {
  return generator === "resnet" ? RESNET_MULTIPLE : 2 ** depth;
}
