/** Networks without convolutions: those of the first GAN (Goodfellow et al. 2014, arXiv:1406.2661, Sec. 5) and, given classes, of the
 * conditional one (Mirza and Osindero 2014, arXiv:1411.1784, Sec. 4.1).
 *
 *     G   z - 1200 - 1200 - sample                       with classes:  z - 200  ┐
 *                                                                       y - 1000 ┴ 1200 - sample
 *     D   x - 240 - 240 - logit                          with classes:  x - 240  ┐
 *                                                                       y - 50   ┴ 240 - logit
 *
 * Symbols: z → `noise`, y → `labels` (one-hot), x → `samples`: points `[batch, dimensions]` or pictures.
 *
 * Departures: leaky ReLU in D in place of maxout, and no dropout in it; pictures end in a tanh, not a sigmoid, as they are in [-1, 1];
 * initial weights by He et al. (2015), arXiv:1502.01852, Eq. 10, in place of a fixed range.
 * @module */
import * as tf from "@tensorflow/tfjs";
import { LATENT, LEAK, seedSequence } from "./common.ts";

/** What both networks are told. */
export interface MlpSettings {
  /** Of one sample: `[dimensions]` of a point, `[height, width, channels]` of a picture. */
  shape: number[];
  /** How many classes there are; 0 for a network that is given no label. Default 0. */
  classes?: number;
  /** Units of the hidden layers; with classes there are two at least, and the labels join behind the first. */
  hidden?: number[];
  /** Units of the labels' own hidden layer. */
  labelUnits?: number;
  /** Seed of the initial weights. Default 0. */
  seed?: number;
}

/** What to build. Defaults: hidden layers 1200 and 1200, or with classes 200 and 1200 and 1000 units for the labels. */
export interface MlpGeneratorSettings extends MlpSettings {
  /** Numbers of noise. Default {@linkcode LATENT}. */
  latent?: number;
}

/** Builds the generator. Inputs: noise `[batch, latent]`, and with classes labels `[batch, classes]`, one-hot. Output: points
 * `[batch, dimensions]`, any numbers, or pictures `[batch, height, width, channels]` in [-1, 1].
 * @throws {RangeError} if the shape is neither a point's nor a picture's, or labels have no hidden layer to join. */
export function mlpGenerator(settings: MlpGeneratorSettings): tf.LayersModel {
  const { shape, latent = LATENT, classes = 0, labelUnits = 1000, seed = 0 } = settings;
  const { hidden = classes ? [200, 1200] : [1200, 1200] } = settings;
  const picture = checkShape("generator", shape);
  const noise = tf.input({ shape: [latent], name: "noise" });
  const nextSeed = seedSequence(seed);
  const relu = (name: string) => tf.layers.reLU({ name });
  const { x, labels } = hiddenLayers(noise, { what: "generator", hidden, classes, labelUnits, activation: relu }, nextSeed);
  let samples = dense(x, shape.reduce((size, dim) => size * dim, 1), picture ? "values" : "points", nextSeed());
  if (picture) {
    samples = tf.layers.activation({ activation: "tanh", name: "tanh" }).apply(samples) as tf.SymbolicTensor;
    samples = tf.layers.reshape({ targetShape: shape, name: "picture" }).apply(samples) as tf.SymbolicTensor;
  }
  return tf.model({ name: "generator", inputs: labels ? [noise, labels] : noise, outputs: samples });
}

/** Builds the discriminator. Inputs: samples, and with classes labels `[batch, classes]`, one-hot. Output: logits `[batch, 1]`.
 * Defaults: hidden layers 240 and 240, and 50 units for the labels.
 * @throws {RangeError} if the shape is neither a point's nor a picture's, or labels have no hidden layer to join. */
export function mlpDiscriminator(settings: MlpSettings): tf.LayersModel {
  const { shape, classes = 0, hidden = [240, 240], labelUnits = 50, seed = 0 } = settings;
  const picture = checkShape("discriminator", shape);
  const samples = tf.input({ shape, name: "samples" });
  const flat = picture ? tf.layers.flatten({ name: "values" }).apply(samples) as tf.SymbolicTensor : samples;
  const nextSeed = seedSequence(seed);
  const leaky = (name: string) => tf.layers.leakyReLU({ alpha: LEAK, name });
  const { x, labels } = hiddenLayers(flat, { what: "discriminator", hidden, classes, labelUnits, activation: leaky }, nextSeed);
  const logits = dense(x, 1, "logits", nextSeed());
  return tf.model({ name: "discriminator", inputs: labels ? [samples, labels] : samples, outputs: logits });
}

/** @returns whether it is a picture's. */
function checkShape(what: string, shape: number[]): boolean {
  const whole = shape.every((dim) => Number.isInteger(dim) && dim > 0);
  if (whole && (shape.length === 1 || shape.length === 3)) return shape.length === 3;
  throw new RangeError(
    `Cannot build the ${what}: shape must be [dimensions] for points or [height, width, channels] for pictures, got [${shape}]`,
  );
}

interface HiddenLayers {
  what: string;
  hidden: number[];
  classes: number;
  labelUnits: number;
  activation: (name: string) => tf.layers.Layer;
}

/** The hidden layers, with the labels' own behind the first: a label that only joined before the last would be added to the result,
 * and could not change what the rest says. */
function hiddenLayers(
  x: tf.SymbolicTensor,
  { what, hidden, classes, labelUnits, activation }: HiddenLayers,
  nextSeed: () => number,
): { x: tf.SymbolicTensor; labels: tf.SymbolicTensor | undefined } {
  if (classes && hidden.length < 2) {
    throw new RangeError(`Cannot build the ${what}: with classes it needs at least 2 hidden layers, got [${hidden}]; add one`);
  }
  const layer = (x: tf.SymbolicTensor, units: number, name: string) =>
    activation(`${name}_active`).apply(dense(x, units, name, nextSeed())) as tf.SymbolicTensor;
  const labels = classes ? tf.input({ shape: [classes], name: "labels" }) : undefined;
  hidden.forEach((units, i) => {
    x = layer(x, units, `hidden${i}`);
    if (!labels || i > 0) return;
    const joined = [x, layer(labels, labelUnits, "hidden_labels")];
    x = tf.layers.concatenate({ name: "labelled" }).apply(joined) as tf.SymbolicTensor;
  });
  return { x, labels };
}

function dense(x: tf.SymbolicTensor, units: number, name: string, seed: number): tf.SymbolicTensor {
  return tf.layers.dense({ units, name, kernelInitializer: tf.initializers.heNormal({ seed }) }).apply(x) as tf.SymbolicTensor;
}
