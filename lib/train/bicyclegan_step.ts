/** One training step of BicycleGAN (Zhu et al. 2017, arXiv:1711.11586, Sec. 3).
 *
 * | paper | here |
 * |---|---|
 * | A, B | `input`, `target` |
 * | E(B), z = μ + σ ε | {@linkcode encode} |
 * | cVAE-GAN (Sec. 3.2): B → z → B̂, Eq. 2 to 6 | the picture made with the target's own code: `generatorLoss`'s first half |
 * | cLR-GAN (Sec. 3.3): z → B̂ → ẑ, Eq. 7 and 8 | the picture made with a code drawn at random: its second half, and {@linkcode codeLoss} |
 * | both together, Eq. 9 | {@linkcode bicycleGanStep} |
 *
 * As in the authors' code: least squares losses; a discriminator for each of the two ways; the generator and the encoder move first; ẑ is the mean μ, and what
 * E says of it moves G alone (Sec. 3.4). Departures: both ways see all pictures of the batch, not a half each; one scale of patches.
 *
 * Taught in: notebooks/12_more_than_one_answer.ipynb, Eq. (12.5)
 * @module */
import * as tf from "../tf.ts";
import type { RandomStream } from "../backend/random.ts";
import type { Mode } from "../layers/batch_norm.ts";
import { l1 as distanceL1 } from "../losses/distance.ts";
import { klDivergence } from "../losses/kl_divergence.ts";
import { leastSquares } from "../losses/least_squares.ts";
import { judge, STATISTICS_STAY, TRAINING } from "./judge.ts";
import { type Optimizer, variablesOf } from "../optimizers/optimizer.ts";
import type { BicycleGanSettings } from "./bicyclegan_settings.ts";

/** What a step works on. */
export interface BicycleGanParts {
  /** G: input with the code as planes, to a picture. */
  generator: tf.LayersModel;
  /** E: picture to μ, log σ. */
  encoder: tf.LayersModel;
  /** D of the pictures that are made with the target's own code. */
  ownDiscriminator: tf.LayersModel;
  /** D of those that are made with a code drawn at random. */
  drawnDiscriminator: tf.LayersModel;
  /** Of G's and E's weights. */
  generatorOptimizer: Optimizer;
  /** Of both D's weights. */
  discriminatorOptimizer: Optimizer;
  /** Where ε and z come from. */
  random: Pick<RandomStream, "normal">;
  /** The size of the code, and the weights of the losses. */
  settings: Pick<BicycleGanSettings, "latent" | "lambda" | "latentWeight" | "klWeight">;
}

/** The losses of a step, scalars. */
export type BicycleGanLosses = {
  /** Both D's: mean (D(A, B) − 1)² + mean D(A, B̂)²; together 1 when they cannot tell. */
  discriminator: tf.Scalar;
  /** mean (D(A, B̂) − 1)² of both ways, before D moves. */
  adversarial: tf.Scalar;
  /** mean |B − B̂| of the picture made with its own code, before λ. */
  l1: tf.Scalar;
  /** mean |z − ẑ|, before λ_latent. */
  code: tf.Scalar;
  /** The divergence, added up over the code, before λ_KL. */
  kl: tf.Scalar;
};

/** The input with the code behind its channels, the same at each pixel: what G takes. */
export function withCode(input: tf.Tensor4D, code: tf.Tensor2D): tf.Tensor4D {
  const [batch, height, width] = input.shape;
  return tf.tidy(() => {
    const planes = tf.tile(tf.reshape(code, [batch, 1, 1, -1]), [1, height, width, 1]);
    return tf.concat([input, planes], 3) as tf.Tensor4D;
  });
}

/** μ and log σ of a picture's code. */
export function encode(
  encoder: tf.LayersModel,
  picture: tf.Tensor4D,
  mode: Mode,
): [mean: tf.Tensor2D, logDeviation: tf.Tensor2D] {
  return encoder.apply(picture, { ...mode }) as [tf.Tensor2D, tf.Tensor2D];
}

/** What is drawn for a step. */
interface Draws {
  epsilon: tf.Tensor2D;
  code: tf.Tensor2D;
}

/** The loss of G and E, and what the discriminators are given of it.
 * @param losses is given the parts.
 * @param fakes is given both pictures. */
function generatorLoss(
  parts: BicycleGanParts,
  [input, target]: [tf.Tensor4D, tf.Tensor4D],
  { epsilon, code }: Draws,
  losses: Partial<BicycleGanLosses>,
  fakes: tf.Tensor4D[],
): tf.Scalar {
  const { generator, encoder, ownDiscriminator, drawnDiscriminator, settings } = parts;
  const [mean, logDeviation] = encode(encoder, target, TRAINING);
  const own = tf.add(mean, tf.mul(tf.exp(logDeviation), epsilon)) as tf.Tensor2D;
  const [made, drawn] = [own, code].map((z) => generator.apply(withCode(input, z), { ...TRAINING }) as tf.Tensor4D);
  fakes.push(tf.keep(made!), tf.keep(drawn!));
  const adversarial = tf.add(
    leastSquares.generator(judge(ownDiscriminator, made!, input)),
    leastSquares.generator(judge(drawnDiscriminator, drawn!, input)),
  ) as tf.Scalar;
  const l1 = distanceL1(target, made!);
  const kl = tf.mul(klDivergence(mean, logDeviation), settings.latent) as tf.Scalar; // the mean over the code, made a sum
  Object.assign(losses, { adversarial: tf.keep(adversarial), l1: tf.keep(l1), kl: tf.keep(kl) });
  return tf.addN([adversarial, tf.mul(l1, settings.lambda), tf.mul(kl, settings.klWeight)] as tf.Scalar[]);
}

/** mean |z − μ(G(A, z))|: whether the code can be read from the picture made with it. */
export function codeLoss({ generator, encoder }: BicycleGanParts, input: tf.Tensor4D, code: tf.Tensor2D): tf.Scalar {
  const drawn = generator.apply(withCode(input, code), { ...STATISTICS_STAY }) as tf.Tensor4D;
  return tf.mean(tf.abs(tf.sub(code, encode(encoder, drawn, STATISTICS_STAY)[0]))) as tf.Scalar;
}

/** Moves both D's, on a real picture and the generated ones, which count as given. */
function discriminatorStep(parts: BicycleGanParts, input: tf.Tensor4D, target: tf.Tensor4D, fakes: tf.Tensor4D[]): tf.Scalar {
  const { ownDiscriminator, drawnDiscriminator, discriminatorOptimizer } = parts;
  const { value, grads } = tf.variableGrads(() => {
    const losses = [ownDiscriminator, drawnDiscriminator].map((discriminator, i) =>
      leastSquares.discriminator(judge(discriminator, target, input), judge(discriminator, fakes[i]!, input))
    );
    return tf.addN(losses);
  }, discriminatorOptimizer.variables);
  discriminatorOptimizer.apply(grads);
  return value;
}

/** One step of G and E, then one of both D's.
 * @param input A, `[batch, height, width, channels]` in [-1, 1].
 * @param target B, likewise. */
export function bicycleGanStep(parts: BicycleGanParts, input: tf.Tensor4D, target: tf.Tensor4D): BicycleGanLosses {
  const { generator, generatorOptimizer, random, settings: { latent, latentWeight } } = parts;
  return tf.tidy(() => {
    const draw = () => random.normal([input.shape[0], latent]) as tf.Tensor2D;
    const draws = { epsilon: draw(), code: draw() };
    const losses: Partial<BicycleGanLosses> = {};
    const fakes: tf.Tensor4D[] = [];
    const { grads } = tf.variableGrads(
      () => generatorLoss(parts, [input, target], draws, losses, fakes),
      generatorOptimizer.variables,
    );
    const weights = variablesOf(generator);
    const ofCode = tf.variableGrads(() => losses.code = tf.keep(codeLoss(parts, input, draws.code)), weights);
    for (const [name, gradient] of Object.entries(ofCode.grads)) {
      grads[name] = tf.add(grads[name]!, tf.mul(gradient, latentWeight));
    }
    generatorOptimizer.apply(grads);
    losses.discriminator = discriminatorStep(parts, input, target, fakes);
    tf.dispose(fakes);
    return losses as BicycleGanLosses;
  });
}
