/** A small convolutional classifier. The network classifies generated images, and its features are used to compare sets of
 * images.
 *
 * ```text
 * image - C64 - C128 - 128 - logits     4x4 convolutions with stride 2, ReLU, batch norm in the second, dropout in the last
 * ```
 *
 * The architecture adds ReLU, batch norm and dropout to LeNet (LeCun et al., 1998, Proceedings of the IEEE 86(11)).
 * @module */
import * as tf from "../tf.ts";
import { BatchNorm } from "../layers/batch_norm.ts";
import { heNormal } from "../layers/initializers.ts";
import { checkInteger, checkSize, NetworkBuilder, type NetworkSettings } from "./blocks.ts";

/** Settings of {@linkcode classifierNetwork}. The image size must be a multiple of 4. The second layer has twice as many filters
 * as the first. */
export interface ClassifierSettings extends NetworkSettings {
  /** Number of image channels. Default 1. */
  channels?: number;
  /** Number of classes. */
  classes: number;
  /** Number of features per image. Default 128. */
  features?: number;
}

/** Fraction of features dropped during training. */
const DROPOUT = 0.4;

/** Builds the classifier. Input: images `[batch, height, width, channels]` in [-1, 1]. Outputs: logits `[batch, classes]` and
 * features `[batch, features]`, which are ≥ 0.
 * @throws {RangeError} If the size is not a multiple of 4, or if there are fewer than 2 classes. */
export function classifierNetwork(settings: ClassifierSettings): tf.LayersModel {
  const { size, channels = 1, classes, filters = 64, features = 128, seed = 0 } = settings;
  const { height, width } = checkSize("the classifier", size, 4);
  checkInteger("the classifier", "filters", filters, 1);
  checkInteger("the classifier", "classes", classes, 2);
  const net = new NetworkBuilder(seed, { dropout: DROPOUT, initializer: heNormal });
  const images = tf.input({ shape: [height, width, channels], name: "pictures" });
  let x = net.relu(net.convolution(images, { filters, strides: 2, name: "conv0" }), "relu0");
  const norm = new BatchNorm({ name: "norm1", seed: net.nextSeed() }); // its seed precedes that of its convolution
  x = norm.apply(net.convolution(x, { filters: filters * 2, strides: 2, name: "conv1" })) as tf.SymbolicTensor;
  x = tf.layers.flatten({ name: "flat" }).apply(net.relu(x, "relu1")) as tf.SymbolicTensor;
  const activations = net.relu(net.dense(x, { units: features, name: "hidden" }), "features");
  const logits = net.dense(net.dropout(activations, "dropout"), { units: classes, name: "logits" });
  return tf.model({ name: "classifier", inputs: images, outputs: [logits, activations] });
}
