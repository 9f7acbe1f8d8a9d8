/** Fully connected networks: those of the original GAN (Goodfellow et al. 2014, arXiv:1406.2661, Sec. 5) and, with classes, those
 * of the conditional GAN (Mirza and Osindero 2014, arXiv:1411.1784, Sec. 4.1).
 *
 *     G   z - 1200 - 1200 - sample                       with classes:  z - 200  ┐
 *                                                                       y - 1000 ┴ 1200 - sample
 *     D   x - 1200 - 1200 - logit                        with classes:  x - 1200 ┐
 *                                                                       y - 250  ┴ 960 - logit
 *
 * Symbols: z → `noise`, y → `labels` (one-hot), x → `samples`: points `[batch, dimensions]` or images.
 *
 * Departures from the papers: D has leaky ReLUs instead of maxout, with as many units as maxout has linear pieces (240 units of 5
 * pieces, 50 of 5, 240 of 4), since 240 leaky ReLUs make D too weak for G. Only D has dropout, as in the original GAN; in the
 * conditional GAN, both networks have it. Networks that output images end in a tanh, since images are in [-1, 1]. Initial weights
 * follow He et al. (2015), arXiv:1502.01852, Eq. 10.
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
  /** Units per hidden layer. With classes, at least two layers are required; the labels are concatenated after the first. */
  hidden?: number[];
  /** Number of units in the labels' own hidden layer. */
  labelUnits?: number;
  /** Seed for the initial weights and dropout. Default 0. */
  seed?: number;
}

/** Settings of {@linkcode mlpGenerator}. Default hidden layers: 1200, 1200; with classes: 200, 1200, and 1000 for labels. */
export interface MlpGeneratorSettings extends MlpSettings {
  /** Length of the noise vector. Default {@linkcode LATENT}. */
  latent?: number;
}

/** Settings of {@linkcode mlpDiscriminator}. Default hidden layers: 1200, 1200; with classes: 1200, 960, and 250 for labels. */
export interface MlpDiscriminatorSettings extends MlpSettings {
  /** Fraction of each hidden layer's values dropped during training. Default 0.5. */
  dropout?: number;
}

/** Builds the generator. Inputs: noise `[batch, latent]` and, with classes, one-hot labels `[batch, classes]`. Output: points
 * `[batch, dimensions]`, unbounded, or images `[batch, height, width, channels]` in [-1, 1].
 * @throws {RangeError} if the shape is neither a point's nor an image's, or there are classes but fewer than 2 hidden layers. */
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

/** Builds the discriminator. Inputs: samples and, with classes, one-hot labels `[batch, classes]`. Output: logits `[batch, 1]`.
 * @throws {RangeError} if the shape is neither a point's nor an image's, or there are classes but fewer than 2 hidden layers. */
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

/** Checks the shape and returns whether it is that of an image. */
function checkShape(what: string, shape: number[]): boolean {
  const positive = shape.every((dim) => Number.isInteger(dim) && dim > 0);
  if (positive && (shape.length === 1 || shape.length === 3)) return shape.length === 3;
  const shapes = "[dimensions] for points or [height, width, channels] for images";
  throw new RangeError(`Cannot build the ${what}: shape must be ${shapes}, got [${shape}]`);
}

/** Applies the hidden layers. The labels have their own hidden layer and are concatenated after the first hidden layer: if
 * they were concatenated before the output layer, they would only add a constant per class to the output. */
function hiddenLayers(
  what: string,
  x: tf.SymbolicTensor,
  { hidden, classes, labelUnits }: Required<Pick<MlpSettings, "hidden" | "classes" | "labelUnits">>,
  activation: (x: tf.SymbolicTensor, name: string) => tf.SymbolicTensor,
  net: NetworkBuilder,
): { x: tf.SymbolicTensor; labels: tf.SymbolicTensor | undefined } {
  if (classes && hidden.length < 2) {
    throw new RangeError(`Cannot build the ${what}: with classes, hidden needs at least 2 layers, got [${hidden}]; add one`);
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
