/** Fully connected networks of the original GAN (Goodfellow et al., 2014, arXiv:1406.2661, section 5) and of the conditional GAN
 * (Mirza and Osindero, 2014, arXiv:1411.1784, section 4.1).
 *
 * ```text
 * G   z - 1200 - 1200 - sample                       with classes:  z - 200  ┐
 *                                                                   y - 1000 ┴ 1200 - sample
 * D   x - 1200 - 1200 - logit                        with classes:  x - 1200 ┐
 *                                                                   y - 250  ┴ 960 - logit
 * ```
 *
 * In the code, z is `noise`, y is `labels` (one-hot), and x is `samples`: points `[batch, dimensions]` or images.
 *
 * Departures from the papers: in D, leaky ReLUs replace the maxout units (240 units with 5 linear pieces, 50 with 5, and 240 with
 * 4). There is one leaky ReLU for each linear piece, since one per maxout unit would make D too weak. Only D has dropout, as in
 * the original GAN; in the paper on the conditional GAN, both networks have dropout. Networks that output images end with a tanh,
 * since images are in [-1, 1]. The weights are initialized as in arXiv:1502.01852 (He et al., 2015, equation 10).
 * @module */
import * as tf from "../tf.ts";
import { heNormal } from "../layers/initializers.ts";
import { LATENT, NetworkBuilder } from "./blocks.ts";

/** Settings of both networks. */
export interface MlpSettings {
  /** Shape of one sample: `[dimensions]` for a point, `[height, width, channels]` for an image. */
  shape: number[];
  /** Number of classes; 0 for an unconditional network. Default 0. */
  classes?: number;
  /** Units per hidden layer. If there are classes, use at least two layers: the labels are concatenated with the output of the
   * first layer. */
  hidden?: number[];
  /** Number of units in the hidden layer for the labels. */
  labelUnits?: number;
  /** Seed for the initial weights and dropout. Default 0. */
  seed?: number;
}

/** Settings of {@linkcode mlpGenerator}. By default, there are two hidden layers with 1200 units each. If there are classes, the
 * layers have 200 (plus 1000 for the labels) and 1200 units. */
export interface MlpGeneratorSettings extends MlpSettings {
  /** Length of the noise vector. Default {@linkcode LATENT}. */
  latent?: number;
}

/** Settings of {@linkcode mlpDiscriminator}. By default, there are two hidden layers with 1200 units each. If there are classes,
 * the layers have 1200 (plus 250 for the labels) and 960 units. */
export interface MlpDiscriminatorSettings extends MlpSettings {
  /** Dropout rate of the hidden layers. Default 0.5. */
  dropout?: number;
}

/** Builds the generator. Inputs: noise `[batch, latent]` and, if there are classes, one-hot labels `[batch, classes]`. Output:
 * unbounded points `[batch, dimensions]`, or images `[batch, height, width, channels]` in [-1, 1].
 * @throws {RangeError} If the shape is not that of a point or an image, or if there are classes but fewer than 2 hidden
 * layers. */
export function mlpGenerator(settings: MlpGeneratorSettings): tf.LayersModel {
  const { shape, latent = LATENT, classes = 0, labelUnits = 1000, seed = 0 } = settings;
  const { hidden = classes ? [200, 1200] : [1200, 1200] } = settings;
  const isImage = checkShape("generator", shape);
  const noise = tf.input({ shape: [latent], name: "noise" });
  const net = new NetworkBuilder(seed, { initializer: heNormal });
  const activation = (x: tf.SymbolicTensor, name: string) => net.relu(x, `${name}_relu`);
  const { x, labels } = hiddenLayers("generator", noise, { hidden, classes, labelUnits }, activation, net);
  let samples = net.dense(x, { units: tf.util.sizeFromShape(shape), name: isImage ? "values" : "points" });
  if (isImage) {
    samples = tf.layers.reshape({ targetShape: shape, name: "picture" }).apply(net.tanh(samples, "tanh")) as tf.SymbolicTensor;
  }
  return tf.model({ name: "generator", inputs: labels ? [noise, labels] : noise, outputs: samples });
}

/** Builds the discriminator. Inputs: samples and, if there are classes, one-hot labels `[batch, classes]`. Output: logits
 * `[batch, 1]`.
 * @throws {RangeError} If the shape is not that of a point or an image, or if there are classes but fewer than 2 hidden
 * layers. */
export function mlpDiscriminator(settings: MlpDiscriminatorSettings): tf.LayersModel {
  const { shape, classes = 0, labelUnits = 250, dropout = 0.5, seed = 0 } = settings;
  const { hidden = classes ? [1200, 960] : [1200, 1200] } = settings;
  const isImage = checkShape("discriminator", shape);
  const samples = tf.input({ shape, name: "samples" });
  const flat = isImage ? tf.layers.flatten({ name: "values" }).apply(samples) as tf.SymbolicTensor : samples;
  const net = new NetworkBuilder(seed, { dropout, initializer: heNormal });
  const activation = (x: tf.SymbolicTensor, name: string) => net.dropout(net.leakyRelu(x, `${name}_leaky`), `${name}_dropout`);
  const { x, labels } = hiddenLayers("discriminator", flat, { hidden, classes, labelUnits }, activation, net);
  const logits = net.dense(x, { units: 1, name: "logits" });
  return tf.model({ name: "discriminator", inputs: labels ? [samples, labels] : samples, outputs: logits });
}

/** Checks the shape of a sample. Returns true for an image, [height, width, channels], and false for a point, [dimensions]. */
function checkShape(what: string, shape: number[]): boolean {
  const positive = shape.every((dim) => Number.isInteger(dim) && dim > 0);
  if (positive && (shape.length === 1 || shape.length === 3)) return shape.length === 3;
  const shapes = "[dimensions] for points or [height, width, channels] for images";
  throw new RangeError(`Cannot build the ${what}: shape must be ${shapes}, got [${shape}]`);
}

/** Applies the hidden layers. The labels pass through a hidden layer of their own and are then concatenated with the output of
 * the first hidden layer. If the labels were concatenated just before the output layer, they would only add a constant per class
 * to the output. */
function hiddenLayers(
  what: string,
  x: tf.SymbolicTensor,
  { hidden, classes, labelUnits }: Required<Pick<MlpSettings, "hidden" | "classes" | "labelUnits">>,
  activation: (x: tf.SymbolicTensor, name: string) => tf.SymbolicTensor,
  net: NetworkBuilder,
): { x: tf.SymbolicTensor; labels: tf.SymbolicTensor | undefined } {
  if (classes && hidden.length < 2) {
    const problem = `a conditional MLP needs at least 2 hidden layers, got [${hidden}]`;
    throw new RangeError(`Cannot build the ${what}: ${problem}; add a hidden layer`);
  }
  const layer = (x: tf.SymbolicTensor, units: number, name: string) => activation(net.dense(x, { units, name }), name);
  const labels = classes ? tf.input({ shape: [classes], name: "labels" }) : undefined;
  hidden.forEach((units, i) => {
    x = layer(x, units, `hidden${i}`);
    if (!labels || i > 0) return;
    const joined = [x, layer(labels, labelUnits, "hidden_labels")];
    x = tf.layers.concatenate({ name: "labelled" }).apply(joined) as tf.SymbolicTensor;
  });
  return { x, labels };
}
