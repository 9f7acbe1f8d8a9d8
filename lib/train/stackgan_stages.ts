/** The two stages of StackGAN, as what is trained step by step (Zhang et al. 2017, arXiv:1612.03242, Sec. 3.3 and 3.4).
 * @module */
import type * as tf from "../tf.ts";
import type { RandomStream } from "../backend/random.ts";
import type { Mode } from "../layers/batch_norm.ts";
import type { StackGanNetworks } from "../models/stackgan.ts";
import { Adam } from "../optimizers/adam.ts";
import { variablesOf } from "../optimizers/optimizer.ts";
import type { StackGanSettings } from "./stackgan_settings.ts";
import type { Made, Stage } from "./stackgan_step.ts";

/** Where ε and z come from. */
type Random = Pick<RandomStream, "normal">;

function made([picture, mean, logDeviation]: tf.Tensor[]): Made {
  return { picture: picture as tf.Tensor4D, mean: mean as tf.Tensor2D, logDeviation: logDeviation as tf.Tensor2D };
}

/** s₀ = G₀(z, ĉ₀): a sketch for each condition. */
export function drawSketch(
  { sketcher }: StackGanNetworks,
  { augmented, latent }: StackGanSettings,
  random: Random,
  conditions: tf.Tensor2D,
  mode: Mode,
): Made {
  const count = conditions.shape[0];
  const given = [conditions, random.normal([count, augmented]), random.normal([count, latent])];
  return made(sketcher.apply(given, { ...mode }) as tf.Tensor[]);
}

/** G(s₀, ĉ): a picture of each sketch. */
export function refineSketch(
  { refiner }: StackGanNetworks,
  { augmented }: StackGanSettings,
  random: Random,
  sketch: tf.Tensor4D,
  conditions: tf.Tensor2D,
  mode: Mode,
): Made {
  const epsilon = random.normal([conditions.shape[0], augmented]);
  return made(refiner.apply([sketch, conditions, epsilon], { ...mode }) as tf.Tensor[]);
}

/** Both stages, with optimizers of their own. */
export function stagesOf(
  networks: StackGanNetworks,
  settings: StackGanSettings,
  random: Random,
  learningRate: number,
): { sketch: Stage; picture: Stage } {
  const { klWeight } = settings;
  const optimizer = (network: tf.LayersModel) => new Adam({ learningRate }, variablesOf(network));
  const stage = (make: Stage["make"], generator: tf.LayersModel, discriminator: tf.LayersModel): Stage => ({
    ...{ make, discriminator, klWeight },
    generatorOptimizer: optimizer(generator),
    discriminatorOptimizer: optimizer(discriminator),
  });
  const sketchOf = (conditions: tf.Tensor2D, mode: Mode) => drawSketch(networks, settings, random, conditions, mode);
  const pictureOf = (conditions: tf.Tensor2D, mode: Mode) => {
    // Stage I stays as it is, and its batch norm uses what it learnt, as it does when the model is used.
    const { picture: sketch } = sketchOf(conditions, {});
    return refineSketch(networks, settings, random, sketch, conditions, mode);
  };
  const { sketcher, sketchDiscriminator, refiner, discriminator } = networks;
  return { sketch: stage(sketchOf, sketcher, sketchDiscriminator), picture: stage(pictureOf, refiner, discriminator) };
}
