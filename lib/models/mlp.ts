/** Networks without convolutions: those of the first GAN (Goodfellow et al. 2014, arXiv:1406.2661, Sec. 5) and, given classes, of the
 * conditional one (Mirza and Osindero 2014, arXiv:1411.1784, Sec. 4.1).
 *
 *     G   z - 1200 - 1200 - sample                       with classes:  z - 200  ┐
 *                                                                       y - 1000 ┴ 1200 - sample
 *     D   x - 1200 - 1200 - logit                        with classes:  x - 1200 ┐
 *                                                                       y - 250  ┴ 960 - logit
 *
 * Symbols: z → `noise`, y → `labels` (one-hot), x → `samples`: points `[batch, dimensions]` or pictures.
 *
 * Departures: leaky ReLU in D in place of maxout, with as many linear units as its layers have (240 units of 5 pieces each, 50 of 5, 240 of
 * 4): with 240 of them D is too weak for such a G; dropout in D alone (as in the first paper, the other has it in both); pictures end in a tanh, not a sigmoid, as they are in [-1, 1];
 * initial weights by He et al. (2015), arXiv:1502.01852, Eq. 10, in place of a fixed range.
 * @module */
import * as tf from "../tf.ts";
import { Dropout } from "../layers/dropout.ts";
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
  const relu = (x: tf.SymbolicTensor, name: string) => tf.layers.reLU({ name: `${name}_relu` }).apply(x) as tf.SymbolicTensor;
  const { x, labels } = hiddenLayers(noise, { what: "generator", hidden, classes, labelUnits, activation: relu }, nextSeed);
  let samples = dense(x, shape.reduce((size, dim) => size * dim, 1), picture ? "values" : "points", nextSeed());
  if (picture) {
    samples = tf.layers.activation({ activation: "tanh", name: "tanh" }).apply(samples) as tf.SymbolicTensor;
    samples = tf.layers.reshape({ targetShape: shape, name: "picture" }).apply(samples) as tf.SymbolicTensor;
  }
  return tf.model({ name: "generator", inputs: labels ? [noise, labels] : noise, outputs: samples });
}

/** What to build. Defaults: hidden layers 1200 and 1200, or with classes 1200 and 960 and 250 units for the labels. */
export interface MlpDiscriminatorSettings extends MlpSettings {
  /** Share of each hidden layer's values that are dropped in training. Default 0.5. */
  dropout?: number;
}

/** Builds the discriminator. Inputs: samples, and with classes labels `[batch, classes]`, one-hot. Output: logits `[batch, 1]`.
 * @throws {RangeError} if the shape is neither a point's nor a picture's, or labels have no hidden layer to join. */
export function mlpDiscriminator(settings: MlpDiscriminatorSettings): tf.LayersModel {
  const { shape, classes = 0, labelUnits = 250, dropout = 0.5, seed = 0 } = settings;
  const { hidden = classes ? [1200, 960] : [1200, 1200] } = settings;
  const picture = checkShape("discriminator", shape);
  const samples = tf.input({ shape, name: "samples" });
  const flat = picture ? tf.layers.flatten({ name: "values" }).apply(samples) as tf.SymbolicTensor : samples;
  const nextSeed = seedSequence(seed);
  const leaky = (x: tf.SymbolicTensor, name: string) => {
    const active = tf.layers.leakyReLU({ alpha: LEAK, name: `${name}_leaky` }).apply(x) as tf.SymbolicTensor;
    if (dropout === 0) return active;
    return new Dropout({ rate: dropout, name: `${name}_dropout`, seed: nextSeed() }).apply(active) as tf.SymbolicTensor;
  };
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
  activation: (x: tf.SymbolicTensor, name: string) => tf.SymbolicTensor;
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
  const layer = (x: tf.SymbolicTensor, units: number, name: string) => activation(dense(x, units, name, nextSeed()), name);
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
