/** Generators for image-to-image translation, selected by name.
 * @module */
import type * as tf from "../tf.ts";
import { resnet, RESNET_MULTIPLE, type ResnetSettings } from "./resnet.ts";
import { encoderDecoder, unet, type UnetSettings } from "./unet.ts";

/** Names of the architectures: pix2pix's U-Net, the encoder-decoder that pix2pix compares it with, and CycleGAN's ResNet. */
export const GENERATORS = ["unet", "encoderDecoder", "resnet"] as const;

/** One of {@linkcode GENERATORS}. */
export type GeneratorName = (typeof GENERATORS)[number];

/** Settings of {@linkcode buildGenerator}: {@linkcode UnetSettings} for the U-Net and the encoder-decoder, which ignore `blocks`,
 * and {@linkcode ResnetSettings} for the ResNet, which ignores `depth`. */
export interface GeneratorSettings extends UnetSettings, ResnetSettings {
  /** Name of the architecture. */
  generator: GeneratorName;
}

const BUILDERS: Record<GeneratorName, (settings: GeneratorSettings) => tf.LayersModel> = { unet, encoderDecoder, resnet };

/** Builds a generator for image-to-image translation.
 * @throws {RangeError} if the name is unknown, or a setting is out of range. */
export function buildGenerator(settings: GeneratorSettings): tf.LayersModel {
  const { generator } = settings;
  if (GENERATORS.includes(generator)) return BUILDERS[generator](settings);
  const names = GENERATORS.map((name) => `"${name}"`).join(", ");
  throw new RangeError(`Cannot build the generator: generator must be ${names}, got "${generator}"; choose one of them`);
}

/** Returns the number by which the height and width of a generator's input must be divisible. */
export function sizeMultiple({ generator, depth }: { generator: GeneratorName; depth: number }): number {
  return generator === "resnet" ? RESNET_MULTIPLE : 2 ** depth;
}

/** Returns the minimum height and width of a generator's input. At less than two pixels, the ResNet could not pad its smallest
 * layers by reflection. */
export function leastSize(settings: { generator: GeneratorName; depth: number }): number {
  return sizeMultiple(settings) * (settings.generator === "resnet" ? 2 : 1);
}
