/** Network architectures.
 * @module */
export { classifierNetwork, type ClassifierSettings } from "./classifier.ts";
export {
  dcganDiscriminator,
  type DcganDiscriminatorSettings,
  dcganGenerator,
  type DcganGeneratorSettings,
  type DcganSettings,
} from "./dcgan.ts";
export { encoderDecoder, type EncoderDecoderSettings } from "./unet.ts";
export { buildGenerator, type GeneratorName, GENERATORS, type GeneratorSettings, sizeMultiple } from "./generator.ts";
export { latentEncoder, type LatentEncoderSettings } from "./latent_encoder.ts";
export {
  mlpDiscriminator,
  type MlpDiscriminatorSettings,
  mlpGenerator,
  type MlpGeneratorSettings,
  type MlpSettings,
} from "./mlp.ts";
export { type NetworkSettings, type Norm, NORMS, type TranslatorSettings, type Upsampling, UPSAMPLINGS } from "./blocks.ts";
export { patchDiscriminator, type PatchDiscriminatorSettings, receptiveField } from "./patchgan.ts";
export { blocksOf, resnet, type ResnetSettings } from "./resnet.ts";
export { type StackGanNetworks, stackGanNetworks, type StackGanNetworkSettings, STAGE_SCALE } from "./stackgan.ts";
export { depthOf, unet, type UnetSettings } from "./unet.ts";
