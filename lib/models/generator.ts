/** The choice between the generators that make pictures of pictures.
 * @module */
import type * as tf from "@tensorflow/tfjs";
import { encoderDecoder } from "./encoder_decoder.ts";
import { resnet, RESNET_MULTIPLE } from "./resnet.ts";
import { unet, type UnetSettings } from "./unet.ts";

/** The architectures: pix2pix's U-Net, the encoder-decoder that it is compared with, CycleGAN's ResNet. */
export const GENERATORS = ["unet", "encoderDecoder", "resnet"] as const;

/** One of {@linkcode GENERATORS}. */
export type GeneratorName = (typeof GENERATORS)[number];

/** What to build. */
export interface GeneratorSettings extends UnetSettings {
  /** Which one. */
  generator: GeneratorName;
  /** Residual blocks of the ResNet. Default: 6, from 256 pixels on 9. The others have none. */
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
