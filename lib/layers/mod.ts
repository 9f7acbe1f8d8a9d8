/** The layers that tfjs lacks, or has wrong.
 *
 * {@linkcode ReflectionPad}, {@linkcode InstanceNorm} and {@linkcode GaussianSample} are classes of their own also in a saved model. tfjs reads such a model only
 * after their classes have been registered: making one registers its class, and {@linkcode registerLayers} registers all. The others
 * are plain tfjs layers in a saved model.
 * @module */
import * as tf from "../tf.ts";
import { GaussianSample } from "./gaussian_sample.ts";
import { InstanceNorm } from "./instance_norm.ts";
import { ReflectionPad } from "./reflection_pad.ts";

export { BatchNorm, type BatchNormSettings } from "./batch_norm.ts";
export { Dropout, type DropoutSettings } from "./dropout.ts";
export * from "./gaussian_sample.ts";
export * from "./instance_norm.ts";
export type { Mode } from "./options.ts";
export * from "./reflection_pad.ts";
export * from "./resize_convolution.ts";

/** Lets `tf.loadLayersModel` read models that hold Forger's own layers. May be called again.
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
