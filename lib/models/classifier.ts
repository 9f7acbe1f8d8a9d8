/** A small convolutional classifier. It recognises the class of generated images, and its features serve to compare sets.
 *
 *     image - C64 - C128 - 128 - logits     4x4 convolutions of stride 2, ReLU, batch norm in the second, dropout in the last
 *
 * The architecture follows LeNet (LeCun et al. 1998, Proc. IEEE 86(11)) with ReLU, batch norm and dropout; it is from no paper.
 * @module */
import * as tf from "../tf.ts";
import { BatchNorm } from "../layers/batch_norm.ts";
import { Dropout } from "../layers/dropout.ts";
import { heNormal } from "../layers/initializers.ts";
import { checkFilters, checkSize, dense, KERNEL, relu, seedSequence } from "./blocks.ts";

/** Settings of {@linkcode classifierNetwork}. */
export interface ClassifierSettings {
  /** Height and width of the images, in pixels: a multiple of 4. */
  size: number;
  /** Channels of the images. Default 1. */
  channels?: number;
  /** Number of classes. */
  classes: number;
  /** Filters of the first layer; the second has twice as many. Default 64. */
  filters?: number;
  /** Number of features of an image. Default 128. */
  features?: number;
  /** Seed of the initial weights and of dropout. Default 0. */
  seed?: number;
}

/** Fraction of features dropped in training. */
const DROPOUT = 0.4;

/** Builds the classifier: images `[batch, size, size, channels]` in [-1, 1] to logits `[batch, classes]` and features
 * `[batch, features]`, the latter ≥ 0.
 * @throws {RangeError} if the size is not a multiple of 4, or there are fewer than 2 classes. */
export function classifierNetwork(settings: ClassifierSettings): tf.LayersModel {
  const { size, channels = 1, classes, filters = 64, features = 128, seed = 0 } = settings;
  checkSize("the classifier", size, 4);
  checkFilters("the classifier", filters);
  if (!Number.isInteger(classes) || classes < 2) {
    throw new RangeError(`Cannot build the classifier: classes must be an integer ≥ 2, got ${classes}; change classes`);
  }
  const nextSeed = seedSequence(seed);
  const images = tf.input({ shape: [size, size, channels], name: "pictures" });
  const halved = (x: tf.SymbolicTensor, filters: number, name: string) => {
    const settings = { filters, kernelSize: KERNEL, strides: 2, padding: "same", name } as const;
    return tf.layers.conv2d({ ...settings, kernelInitializer: heNormal(nextSeed()) }).apply(x) as tf.SymbolicTensor;
  };
  let x = relu(halved(images, filters, "conv0"), "relu0");
  x = new BatchNorm({ name: "norm1", seed: nextSeed() }).apply(halved(x, filters * 2, "conv1")) as tf.SymbolicTensor;
  x = tf.layers.flatten({ name: "flat" }).apply(relu(x, "relu1")) as tf.SymbolicTensor;
  x = dense(x, { units: features, name: "hidden", kernelInitializer: heNormal(nextSeed()) });
  const activations = relu(x, "features");
  x = new Dropout({ name: "dropout", rate: DROPOUT, seed: nextSeed() }).apply(activations) as tf.SymbolicTensor;
  const logits = dense(x, { units: classes, name: "logits", kernelInitializer: heNormal(nextSeed()) });
  return tf.model({ name: "classifier", inputs: images, outputs: [logits, activations] });
}
