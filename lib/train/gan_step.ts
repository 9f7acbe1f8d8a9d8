/** One training step of a GAN (Goodfellow et al. 2014, arXiv:1406.2661, Algorithm 1), and of a conditional one (Mirza and Osindero 2014,
 * arXiv:1411.1784, Eq. 2).
 *
 * | paper | here |
 * |---|---|
 * | x, z | `samples`, `noise`; G(z) is `fake` |
 * | y, of the conditional GAN | `labels`, one-hot: D(x, y) in place of D(x), G(z, y) in place of G(z), the same y for both |
 * | k | `discriminatorSteps` |
 * | V(D, G), Eq. 1 | the pair of losses, of the family `loss` |
 *
 * Departure: the m samples of each of the k steps come as one batch of k·m, which is cut here.
 *
 * Taught in: notebooks/01_the_game.ipynb, Eq. (1.2)
 * @module */
import * as tf from "../tf.ts";
import type { RandomStream } from "../backend/random.ts";
import { oneHot } from "../data/one_hot.ts";
import type { Logits } from "../losses/adversarial.ts";
import { gradientPenalty } from "../losses/gradient_penalty.ts";
import { decayAt, followWeights } from "../optimizers/average.ts";
import { diffAugment } from "./diff_augment.ts";
import { GAN_LOSSES, type GanSettings } from "./gan_settings.ts";
import { STATISTICS_STAY, TRAINING } from "./judge.ts";
import { clipByNorm, type Optimizer } from "../optimizers/optimizer.ts";

/** Points `[batch, dimensions]`, or pictures `[batch, height, width, channels]`. */
export type Samples = tf.Tensor2D | tf.Tensor4D;

/** What a step works on. */
export interface GanParts {
  /** G: noise, and one-hot labels if it is conditional, to samples. */
  generator: tf.LayersModel;
  /** D: samples, and one-hot labels if it is conditional, to logits `[batch, 1]`. */
  discriminator: tf.LayersModel;
  /** The moving average of the generator, if there is one. */
  average: tf.LayersModel | undefined;
  /** Of G's weights. */
  generatorOptimizer: Optimizer;
  /** Of D's weights. */
  discriminatorOptimizer: Optimizer;
  /** Where noise comes from, and the mixing weights of the gradient penalty. */
  random: Pick<RandomStream, "uniform" | "normal">;
  /** Loss, noise, k and the rest. */
  settings: GanSettings;
}

/** The losses of a step, scalars. */
export type GanLosses = {
  /** Of the last of the k steps, without the penalty. Non-saturating and minimax: log 4 when D cannot tell (half of it if halved), 0 when
   * it always can. */
  discriminator: tf.Scalar;
  /** By the discriminator just updated. Non-saturating: log 2 when D cannot tell, large when it can. */
  generator: tf.Scalar;
  /** With "wasserstein": mean (‖∇D‖ − 1)², before λ. */
  penalty?: tf.Scalar;
};

/** A minibatch: samples, and their labels one-hot where there are any. */
export interface Minibatch {
  /** x, m of them. */
  samples: Samples;
  /** y, `[m, classes]`. */
  labels: tf.Tensor2D | undefined;
}

/** z, `[count, latent]`. */
export function noiseOf({ noise, latent }: GanSettings, random: GanParts["random"], count: number): tf.Tensor2D {
  if (noise === "normal") return random.normal([count, latent]) as tf.Tensor2D;
  return tf.tidy(() => tf.sub<tf.Tensor2D>(tf.mul(random.uniform([count, latent]), 2), 1));
}

/** Labels as a conditional network takes them: one-hot. */
export function labelsFor(network: tf.LayersModel, labels: tf.Tensor1D | undefined): tf.Tensor2D | undefined {
  return labels && oneHot(labels, network.inputs[1]!.shape[1]!);
}

function given<T extends tf.Tensor>(network: tf.LayersModel, x: tf.Tensor, labels: tf.Tensor2D | undefined, mode: object): T {
  return network.apply(labels ? [x, labels] : x, { ...mode }) as T;
}

/** D's steps learn nothing of use into its running statistics: it is never used outside of training. Pictures are changed before, if the settings ask for it. */
function judge({ discriminator, random, settings }: GanParts, samples: Samples, labels: tf.Tensor2D | undefined): tf.Tensor2D {
  const { diffAugment: kinds } = settings;
  const shown = kinds.length > 0 ? diffAugment(samples as tf.Tensor4D, kinds, random) : samples;
  return given(discriminator, shown, labels, STATISTICS_STAY);
}

function learn(optimizer: Optimizer, loss: () => tf.Scalar, { clipNorm }: GanSettings): tf.Scalar {
  const { value, grads } = tf.variableGrads(loss, optimizer.variables);
  const gradients = clipNorm > 0 ? clipByNorm(grads, clipNorm) : grads;
  optimizer.apply(gradients);
  tf.dispose(gradients);
  return value;
}

/** Moves D by one step, on real samples and as many generated ones, which count as given. */
export function ganDiscriminatorStep(parts: GanParts, { samples, labels }: Minibatch): Omit<GanLosses, "generator"> {
  const { generator, discriminator: network, discriminatorOptimizer, random, settings } = parts;
  const { loss, halved, labelSmoothing, penaltyWeight } = settings;
  const count = samples.shape[0];
  const fake = given<Samples>(generator, noiseOf(settings, random, count), labels, STATISTICS_STAY);
  let losses!: Omit<GanLosses, "generator">;
  learn(discriminatorOptimizer, () => {
    const [realLogits, fakeLogits] = [judge(parts, samples, labels), judge(parts, fake, labels)];
    const discriminator = GAN_LOSSES[loss].discriminator(realLogits, fakeLogits, { halved, labelSmoothing });
    losses = { discriminator: tf.keep(discriminator) };
    if (loss !== "wasserstein") return discriminator;
    const mixing = random.uniform([count, ...samples.shape.slice(1).map(() => 1)]) as Samples;
    const critic = (between: Samples): Logits => given(network, between, labels, STATISTICS_STAY);
    const penalty = gradientPenalty(critic, samples, fake, mixing);
    losses.penalty = tf.keep(penalty);
    return tf.add(discriminator, tf.mul(penalty, penaltyWeight)) as tf.Scalar;
  }, settings);
  fake.dispose();
  return losses;
}

/** Moves G by one step, with new noise. */
export function ganGeneratorStep(parts: GanParts, count: number, labels: tf.Tensor2D | undefined): tf.Scalar {
  const { generator, generatorOptimizer, average, random, settings } = parts;
  const noise = noiseOf(settings, random, count);
  const loss = learn(generatorOptimizer, () => {
    const fake = given<Samples>(generator, noise, labels, TRAINING);
    return GAN_LOSSES[settings.loss].generator(judge(parts, fake, labels));
  }, settings);
  if (average) followWeights(average, generator, () => decayAt(settings.averageDecay, generatorOptimizer.steps));
  return loss;
}

/** Cuts a batch into k minibatches; the last batch of an epoch may have too few samples for all of them. */
function minibatches({ samples, labels }: Minibatch, k: number): Minibatch[] {
  const count = samples.shape[0];
  const size = Math.ceil(count / k);
  const cut = <T extends tf.Tensor>(x: T, from: number) => tf.slice(x, from, Math.min(size, count - from)) as T;
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    samples: cut(samples as tf.Tensor, i * size) as Samples,
    labels: labels && cut(labels, i * size),
  }));
}

/** k steps of D, then one of G against the updated D.
 * @param samples x, k·m of them; pictures are in [-1, 1].
 * @param labels y, `[k·m]`, int32, for conditional networks: the class of each sample, which the generated ones are asked for too. */
export function ganStep(parts: GanParts, samples: Samples, labels?: tf.Tensor1D): GanLosses {
  return tf.tidy(() => {
    const batches = minibatches({ samples, labels: labelsFor(parts.generator, labels) }, parts.settings.discriminatorSteps);
    let losses!: Omit<GanLosses, "generator">;
    for (const batch of batches) {
      if (losses) tf.dispose(losses as unknown as tf.TensorContainer);
      losses = ganDiscriminatorStep(parts, batch);
    }
    const [{ samples: first, labels: asked }] = batches as [Minibatch];
    const generator = tf.keep(ganGeneratorStep(parts, first.shape[0], asked));
    return { ...losses, generator };
  });
}
