/** Generators for image-to-image translation, selected by name.
 * @module */
import type * as tf from "../tf.ts";
import { resnet, RESNET_MULTIPLE, type ResnetSettings } from "./resnet.ts";
import { encoderDecoder, unet, type UnetSettings } from "./unet.ts";

/** Names of the architectures: pix2pix's U-Net, the encoder-decoder that pix2pix compares with the U-Net, and CycleGAN's
 * ResNet. */
export const GENERATORS = ["unet", "encoderDecoder", "resnet"] as const;

/** One of {@linkcode GENERATORS}. */
export type GeneratorName = (typeof GENERATORS)[number];

/** Settings of {@linkcode buildGenerator}. The U-Net and the encoder-decoder use {@linkcode UnetSettings} and ignore `blocks`.
 * The ResNet uses {@linkcode ResnetSettings} and ignores `depth`. */
export interface GeneratorSettings extends UnetSettings, ResnetSettings {
  /** Name of the architecture. */
  generator: GeneratorName;
}

const BUILDERS: Record<GeneratorName, (settings: GeneratorSettings) => tf.LayersModel> = { unet, encoderDecoder, resnet };

/** Builds a generator for image-to-image translation.
 * @throws {RangeError} If the name is unknown, or a setting is out of range. */
export function buildGenerator(settings: GeneratorSettings): tf.LayersModel {
  const { generator } = settings;
  if (GENERATORS.includes(generator)) return BUILDERS[generator](settings);
  const names = GENERATORS.map((name) => `"${name}"`).join(", ");
  const problem = `generator must be ${names}, got "${generator}"`;
  throw new RangeError(`Cannot build the generator: ${problem}; choose one of them`);
}

/** Returns the number by which the height and width of a generator's input must be divisible. */
export function sizeMultiple({ generator, depth }: { generator: GeneratorName; depth: number }): number {
  return generator === "resnet" ? RESNET_MULTIPLE : 2 ** depth;
}

/** Returns the minimum height and width of a generator's input. The smallest feature maps of the ResNet must have at least two
 * pixels per side, since they are padded by reflection. */
export function leastSize(settings: { generator: GeneratorName; depth: number }): number {
  return sizeMultiple(settings) * (settings.generator === "resnet" ? 2 : 1);
}
