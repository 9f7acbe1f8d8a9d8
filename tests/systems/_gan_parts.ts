/** Small GANs, one step at a time.
 * @module */
import * as tf from "../../lib/tf.ts";
import { RandomStream } from "../../lib/backend/random.ts";
import { Adam } from "../../lib/optimizers/adam.ts";
import { CONDITIONAL_GAN, type ConditionalGanSettings } from "../../lib/systems/gan.ts";
import { discriminatorOf, generatorOf } from "../../lib/train/gan_networks.ts";
import { completed } from "../../lib/train/gan_settings.ts";
import type { GanParts } from "../../lib/systems/gan_step.ts";
import { CLASSES, SIZE } from "./_noise_data.ts";

/** Both kinds of networks, small. */
export const SMALL: Record<"mlp" | "dcgan", Partial<ConditionalGanSettings>> = {
  mlp: { networks: "mlp", dropout: 0, hidden: [6, 8], discriminatorHidden: [6, 8], labelUnits: 4, discriminatorLabelUnits: 4 },
  dcgan: { networks: "dcgan", filters: 2 },
};

/** A conditional GAN of 8x8 pictures in 3 classes, with both optimizers. */
export function partsOf(given: Partial<ConditionalGanSettings>, learningRate = 0.01): GanParts {
  const settings = completed(CONDITIONAL_GAN, { shape: [SIZE, SIZE, 1], classes: CLASSES, latent: 4, seed: 1, ...given });
  const [generator, discriminator] = [generatorOf(settings), discriminatorOf(settings)];
  const optimizer = (network: tf.LayersModel) =>
    new Adam({ learningRate }, network.trainableWeights.map((weight) => weight.read() as tf.Variable));
  return {
    generator,
    discriminator,
    average: settings.averageDecay > 0 ? generatorOf(settings) : undefined,
    generatorOptimizer: optimizer(generator),
    discriminatorOptimizer: optimizer(discriminator),
    random: new RandomStream(5),
    settings,
  };
}

/** Frees everything. */
export function disposeParts({ generator, discriminator, average, generatorOptimizer, discriminatorOptimizer }: GanParts): void {
  for (const part of [generator, discriminator, average, generatorOptimizer, discriminatorOptimizer]) part?.dispose();
}

/** Pictures of noise. */
export function pictures(count: number, seed = 3): tf.Tensor4D {
  return tf.randomUniform([count, SIZE, SIZE, 1], -1, 1, "float32", seed);
}

/** Their labels. */
export function labelsOf(...labels: number[]): tf.Tensor1D {
  return tf.tensor1d(labels, "int32");
}

/** Losses as numbers; they are disposed of. */
export function numbersOf(losses: Record<string, tf.Scalar>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(losses).map(([name, loss]) => {
      const value = loss.dataSync()[0]!;
      loss.dispose();
      return [name, value];
    }),
  );
}
