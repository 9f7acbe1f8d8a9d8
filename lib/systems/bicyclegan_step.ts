/** One training step of BicycleGAN (Zhu et al. 2017, arXiv:1711.11586, Sec. 3).
 *
 * | paper | here |
 * |---|---|
 * | A, B | `input`, `target` |
 * | E(B), z = μ + σ ε | {@linkcode encode} |
 * | cVAE-GAN (section 3.2): B → z → B̂, equations 2 to 6 | reconstruction from the target's code: first half of `generatorLoss` |
 * | cLR-GAN (section 3.3): z → B̂ → ẑ, equations 7 and 8 | random code: second half of `generatorLoss`; {@linkcode codeLoss} |
 * | both together, equation 9 | {@linkcode bicycleGanStep} |
 *
 * As in the authors' code, the adversarial losses are least squares losses; one discriminator sees reconstructions, and the other
 * sees images generated from random codes; G and E are updated before the discriminators; ẑ is the mean μ that E predicts; and
 * {@linkcode codeLoss} updates only G (Sec. 3.4). Departures from the paper: cVAE-GAN and cLR-GAN each use the whole batch rather
 * than one half, and the discriminators use only one patch size.
 *
 * Taught in: notebooks/12_more_than_one_answer.ipynb, Eq. (12.5)
 * @module */
import * as tf from "../tf.ts";
import { isPlainJavaScript } from "../backend/cpu.ts";
import type { RandomStream } from "../backend/random.ts";
import type { Mode } from "../layers/batch_norm.ts";
import { l1 as distanceL1 } from "../losses/distance.ts";
import { klDivergence } from "../losses/kl_divergence.ts";
import { leastSquares } from "../losses/least_squares.ts";
import type { Game } from "../plot/game.ts";
import { discriminatorLogits, FIXED_STATISTICS, minimize, TRAINING } from "./step.ts";
import { type Optimizer, variablesOf } from "../optimizers/optimizer.ts";

/** Networks, optimizers and settings for a step. */
export interface BicycleGanParts {
  /** Generator G: maps the input, with the code appended as constant channels, to an image. */
  generator: tf.LayersModel;
  /** Encoder E: maps an image to the mean μ and the log standard deviation log σ of its code. */
  encoder: tf.LayersModel;
  /** Discriminator for reconstructions from the target's own code. */
  ownDiscriminator: tf.LayersModel;
  /** Discriminator for images generated from random codes. */
  drawnDiscriminator: tf.LayersModel;
  /** Updates G and E. */
  generatorOptimizer: Optimizer;
  /** Updates both discriminators. */
  discriminatorOptimizer: Optimizer;
  /** Source of ε and z. */
  random: Pick<RandomStream, "normal">;
  /** Number of code dimensions, and loss weights: see `BICYCLEGAN_FIELDS`. */
  settings: { latent: number; lambda: number; latentWeight: number; klWeight: number };
}

/** Losses of a step, as scalars. */
export type BicycleGanLosses = {
  /** Sum of the losses of both discriminators; 1 at equilibrium. The loss of a discriminator is
   * mean (D(A, B) − 1)² + mean D(A, B̂)². */
  discriminator: tf.Scalar;
  /** Adversarial loss of the generator, mean (D(A, B̂) − 1)², summed over both discriminators; computed before they are
   * updated. */
  adversarial: tf.Scalar;
  /** L1 loss of the reconstruction B̂, mean |B − B̂|, not yet weighted by λ. */
  l1: tf.Scalar;
  /** L1 loss of the code, mean |z − ẑ|, not yet weighted by λ_latent. */
  code: tf.Scalar;
  /** KL divergence of the target's code distribution from N(0, 1), summed over the code dimensions, not yet weighted by λ_KL. */
  kl: tf.Scalar;
};

/** Maximum number of pixels for which plain JavaScript tiles the codes. The gradient of `tf.tile` has one op for each pixel, and
 * JavaScript's call stack is too small for more. */
const MOST_TILED = 256 * 256;

/** Appends the code to the generator's input, as additional channels with the same values at every pixel. */
export function withCode(input: tf.Tensor4D, code: tf.Tensor2D): tf.Tensor4D {
  const [batch, height, width] = input.shape;
  return tf.tidy(() => {
    const pixel = tf.reshape(code, [batch, 1, 1, -1]);
    const tiles = isPlainJavaScript() && height * width <= MOST_TILED;
    const planes = tiles ? tf.tile(pixel, [1, height, width, 1]) : tf.mul(pixel, tf.ones([1, height, width, 1]));
    return tf.concat([input, planes], 3) as tf.Tensor4D;
  });
}

/** Returns the mean μ and the log standard deviation log σ of an image's code. */
export function encode(
  encoder: tf.LayersModel,
  image: tf.Tensor4D,
  mode: Mode,
): [mean: tf.Tensor2D, logDeviation: tf.Tensor2D] {
  return encoder.apply(image, { ...mode }) as [tf.Tensor2D, tf.Tensor2D];
}

/** Random draws of a step. */
interface Draws {
  epsilon: tf.Tensor2D;
  code: tf.Tensor2D;
}

/** Computes the loss of G and E.
 * @param losses An object that receives the terms of the loss.
 * @param fakes An array that receives the reconstruction and the image generated from the random code. */
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
  const [reconstructed, drawn] = [own, code].map((z) => generator.apply(withCode(input, z), { ...TRAINING }) as tf.Tensor4D);
  fakes.push(tf.keep(reconstructed!), tf.keep(drawn!));
  const adversarial = tf.add(
    leastSquares.generator(discriminatorLogits(ownDiscriminator, reconstructed!, input)),
    leastSquares.generator(discriminatorLogits(drawnDiscriminator, drawn!, input)),
  ) as tf.Scalar;
  const l1 = distanceL1(target, reconstructed!);
  const kl = tf.mul(klDivergence(mean, logDeviation), settings.latent) as tf.Scalar; // a sum over the dimensions
  Object.assign(losses, { adversarial: tf.keep(adversarial), l1: tf.keep(l1), kl: tf.keep(kl) });
  return tf.addN([adversarial, tf.mul(l1, settings.lambda), tf.mul(kl, settings.klWeight)] as tf.Scalar[]);
}

/** Returns the L1 distance between a random code and the code that the encoder computes from the generated image: mean |z −
 * μ(G(A, z))|. */
export function codeLoss({ generator, encoder }: BicycleGanParts, input: tf.Tensor4D, code: tf.Tensor2D): tf.Scalar {
  const drawn = generator.apply(withCode(input, code), { ...FIXED_STATISTICS }) as tf.Tensor4D;
  return tf.mean(tf.abs(tf.sub(code, encode(encoder, drawn, FIXED_STATISTICS)[0]))) as tf.Scalar;
}

/** Updates both discriminators on the target and the generated images, which are treated as constants. */
function discriminatorStep(parts: BicycleGanParts, input: tf.Tensor4D, target: tf.Tensor4D, fakes: tf.Tensor4D[]): tf.Scalar {
  const { ownDiscriminator, drawnDiscriminator, discriminatorOptimizer } = parts;
  return minimize(discriminatorOptimizer, () => {
    const losses = [ownDiscriminator, drawnDiscriminator].map((discriminator, i) =>
      leastSquares.discriminator(
        discriminatorLogits(discriminator, target, input),
        discriminatorLogits(discriminator, fakes[i]!, input),
      )
    );
    return tf.addN(losses);
  });
}

/** Updates the generator and the encoder once, and then both discriminators once.
 * @param input Input images A, `[batch, height, width, channels]` in [-1, 1].
 * @param target Target images B, `[batch, height, width, channels]` in [-1, 1]. */
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
    const { grads: codeGradients } = tf.variableGrads(() => losses.code = tf.keep(codeLoss(parts, input, draws.code)), weights);
    for (const [name, gradient] of Object.entries(codeGradients)) {
      grads[name] = tf.add(grads[name]!, tf.mul(gradient, latentWeight));
    }
    generatorOptimizer.apply(grads);
    losses.discriminator = discriminatorStep(parts, input, target, fakes);
    tf.dispose(fakes);
    return losses as BicycleGanLosses;
  });
}

/** Describes {@linkcode bicycleGanStep} for `plot.game`. */
export function bicycleGanGame({ lambda, latentWeight, klWeight }: BicycleGanParts["settings"]): Game {
  const [own, drawn] = ["G(A, E(B))", "G(A, z)"];
  const generators = {
    l1: ["B", own],
    kl: ["E(B)"],
    adversarial: [`D(A, ${own})`, `D′(A, ${drawn})`],
    code: [`E(${drawn})`, "z"],
  };
  const discriminators = { discriminator: ["D(A, B)", `D(A, ${own})`, `D′(A, ${drawn})`, "D′(A, B)"] };
  return {
    title: "BicycleGAN",
    given: { A: "input", B: "target", z: "random code" },
    networks: { G: "generator", E: "encoder", D: "ownDiscriminator", "D′": "drawnDiscriminator" },
    updates: [{ trains: ["G", "E"], losses: generators, only: { code: ["G"] } }, { trains: ["D", "D′"], losses: discriminators }],
    notes: {
      ...{ adversarial: "least squares", discriminator: "least squares" },
      ...{ l1: `× ${lambda}`, kl: `× ${klWeight}`, code: `L1 × ${latentWeight}` },
    },
  };
}
