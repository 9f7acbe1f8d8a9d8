/** Layers that tfjs lacks or implements incorrectly.
 *
 * A saved model contains {@linkcode ReflectionPad}, {@linkcode InstanceNorm} and {@linkcode GaussianSample} under their own class
 * names. tfjs can load such a model only after these classes have been registered. Creating a layer registers its class;
 * {@linkcode registerLayers} registers all layer classes at once. The other layers are plain tfjs layers in a saved model.
 * @module */
import * as tf from "../tf.ts";
import { GaussianSample } from "./gaussian_sample.ts";
import { InstanceNorm } from "./instance_norm.ts";
import { ReflectionPad } from "./reflection_pad.ts";

export { BatchNorm, type BatchNormSettings, type Mode } from "./batch_norm.ts";
export { Dropout, type DropoutSettings } from "./dropout.ts";
export { GaussianSample } from "./gaussian_sample.ts";
export { INSTANCE_EPSILON, InstanceNorm, instanceNorm } from "./instance_norm.ts";
export type { InstanceNormOptions, InstanceNormSettings } from "./instance_norm.ts";
export { ReflectionPad, reflectionPad, type ReflectionPadSettings } from "./reflection_pad.ts";
export { type ConvolutionSettings, resizeConvolution, type ResizeConvolutionSettings } from "./resize_convolution.ts";

/** Registers Forger's layers, so that `tf.loadLayersModel` can read models that contain them. Idempotent.
 *
 * @example
 * ```ts
 * import { layers, tf } from "./mod.ts";
 *
 * layers.registerLayers();
 * const model = await tf.loadLayersModel("http://localhost/model.json");
 * ```
 */
export function registerLayers(): void {
  for (const layer of [GaussianSample, InstanceNorm, ReflectionPad]) tf.serialization.registerClass(layer);
}
