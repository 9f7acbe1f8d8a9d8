/** A small convolutional classifier: to be asked which class a generated picture shows, and for features to compare sets of pictures by.
 *
 *     picture - C64 - C128 - 128 - logits         4x4 convolutions of stride 2, ReLU, batch norm behind the second, dropout before the logits
 *
 * It is nobody's paper's: LeNet's shape (LeCun et al. 1998, Proc. IEEE 86(11)) with what has come into use since.
 * @module */
import * as tf from "../tf.ts";
import { BatchNorm } from "../layers/batch_norm.ts";
import { Dropout } from "../layers/dropout.ts";
import { checkFilters, checkSize, KERNEL, seedSequence } from "./common.ts";

/** What to build. */
export interface ClassifierSettings {
  /** Height and width of the pictures, pixels: a multiple of 4. */
  size: number;
  /** Default 1. */
  channels?: number;
  /** How many classes there are. */
  classes: number;
  /** Filters of the first layer; the second has twice as many. Default 64. */
  filters?: number;
  /** Numbers in a picture's features. Default 128. */
  features?: number;
  /** Seed of the initial weights and of dropout. Default 0. */
  seed?: number;
}

/** Share of the features dropped in training. */
const DROPOUT = 0.4;

/** Builds the classifier: pictures `[batch, size, size, channels]` in [-1, 1] to logits `[batch, classes]` and features `[batch, features]`, all ≥ 0.
 * @throws {RangeError} if the size is no multiple of 4, or there are less than 2 classes. */
export function classifierNetwork(settings: ClassifierSettings): tf.LayersModel {
  const { size, channels = 1, classes, filters = 64, features = 128, seed = 0 } = settings;
  checkSize("the classifier", size, 4);
  checkFilters("the classifier", filters);
  if (!Number.isInteger(classes) || classes < 2) {
    throw new RangeError(`Cannot build the classifier: classes must be a whole number from 2, got ${classes}; change classes`);
  }
  const nextSeed = seedSequence(seed);
  const started = () => tf.initializers.heNormal({ seed: nextSeed() });
  const pictures = tf.input({ shape: [size, size, channels], name: "pictures" });
  const halved = (x: tf.SymbolicTensor, filters: number, name: string) => {
    const settings = { filters, kernelSize: KERNEL, strides: 2, padding: "same", name } as const;
    return tf.layers.conv2d({ ...settings, kernelInitializer: started() }).apply(x) as tf.SymbolicTensor;
  };
  const active = (x: tf.SymbolicTensor, name: string) => tf.layers.reLU({ name }).apply(x) as tf.SymbolicTensor;
  let x = active(halved(pictures, filters, "conv0"), "relu0");
  x = new BatchNorm({ name: "norm1", seed: nextSeed() }).apply(halved(x, filters * 2, "conv1")) as tf.SymbolicTensor;
  x = tf.layers.flatten({ name: "flat" }).apply(active(x, "relu1")) as tf.SymbolicTensor;
  x = tf.layers.dense({ units: features, name: "hidden", kernelInitializer: started() }).apply(x) as tf.SymbolicTensor;
  const seen = active(x, "features");
  const kept = new Dropout({ name: "dropout", rate: DROPOUT, seed: nextSeed() }).apply(seen) as tf.SymbolicTensor;
  const logits = tf.layers.dense({ units: classes, name: "logits", kernelInitializer: started() }).apply(
    kept,
  ) as tf.SymbolicTensor;
  return tf.model({ name: "classifier", inputs: pictures, outputs: [logits, seen] });
}
