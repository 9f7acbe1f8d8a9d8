/** Small GANs, one step at a time.
 * @module */
import { RandomStream } from "../../lib/backend/random.ts";
import { Adam } from "../../lib/optimizers/adam.ts";
import { variablesOf } from "../../lib/optimizers/optimizer.ts";
import { conditionalGan } from "../../lib/systems/conditional_gan.ts";
import { gan } from "../../lib/systems/gan.ts";
import type { ConditionalGanSettings } from "../../lib/systems/gan_fields.ts";
import type { GanParts } from "../../lib/systems/gan_step.ts";
import * as tf from "../../lib/tf.ts";
import { CLASSES, SIZE } from "./_noise_data.ts";

/** Settings of small networks of both kinds. */
export const SMALL: Record<"mlp" | "dcgan", Partial<ConditionalGanSettings>> = {
  mlp: { networks: "mlp", dropout: 0, hidden: [6, 8], discriminatorHidden: [6, 8], labelUnits: 4, discriminatorLabelUnits: 4 },
  dcgan: { networks: "dcgan", filters: 2 },
};

/** A conditional GAN of 8x8 images in 3 classes, or with `classes: 0` an unconditional one, with both optimizers. */
export function partsOf(given: Partial<ConditionalGanSettings>, learningRate = 0.01): GanParts {
  const { classes = CLASSES, ...common } = { shape: [SIZE, SIZE, 1], latent: 4, seed: 1, ...given };
  const { networks, settings } = classes === 0 ? gan(common) : conditionalGan({ ...common, classes });
  const optimizer = (network: tf.LayersModel) => new Adam({ learningRate }, variablesOf(network));
  return {
    ...networks,
    generatorOptimizer: optimizer(networks.generator),
    discriminatorOptimizer: optimizer(networks.discriminator),
    random: new RandomStream(5),
    settings,
  };
}

/** Frees everything. */
export function disposeParts({ generator, discriminator, average, generatorOptimizer, discriminatorOptimizer }: GanParts): void {
  for (const part of [generator, discriminator, average, generatorOptimizer, discriminatorOptimizer]) part?.dispose();
}

/** Noise images. */
export function noiseImages(count: number, seed = 3): tf.Tensor4D {
  return tf.randomUniform([count, SIZE, SIZE, 1], -1, 1, "float32", seed);
}

/** Labels of images. */
export function labelsOf(...labels: number[]): tf.Tensor1D {
  return tf.tensor1d(labels, "int32");
}

/** Reads the values of losses, and disposes of the losses. */
export function numbersOf(losses: Record<string, tf.Scalar>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(losses).map(([name, loss]) => {
      const value = loss.dataSync()[0]!;
      loss.dispose();
      return [name, value];
    }),
  );
}
