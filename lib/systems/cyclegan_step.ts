/** One training step of CycleGAN, divided into seven smaller steps (Zhu et al. 2017, arXiv:1703.10593, Sec. 3 and 4).
 *
 * | paper | here |
 * |---|---|
 * | x, y | `x`, `y`: unpaired images of two domains |
 * | G: X → Y, F: Y → X | `xToY`, `yToX` |
 * | D_X, D_Y | `discriminatorX`, `discriminatorY`: each sees real and translated images of its own domain |
 * | L_GAN, equation 1, with least squares (section 4) | `leastSquares` |
 * | L_cyc, equation 2 | `cycle` |
 * | L_identity (section 5.2) | `identity` |
 * | L(G, F, D_X, D_Y), equation 3 | the sum in {@linkcode moveGenerators}; for D_X and D_Y, {@linkcode updateDiscriminators} |
 *
 * The steps are (1) and (3) {@linkcode translateBoth}, (2) {@linkcode translateBack},
 * (4) {@linkcode convince}, (5) {@linkcode updateGenerators}, (6) {@linkcode exchangeFakes} and
 * (7) {@linkcode updateDiscriminators}. As in the authors' code, the generators are updated first, against the current
 * discriminators; the generated images then pass through the pools to the discriminators.
 *
 * Steps 1 to 5 and step 7 are compiled, since they depend only on tensors; step 6 is not, since the pools draw images at random.
 *
 * Taught in: notebooks/10_cyclegan.ipynb, Eq. (10.4)
 * @module */
import * as tf from "../tf.ts";
import { onWholeBatch } from "../backend/tensorflow/active_cluster.ts";
import { cycle, identity } from "../losses/cycle.ts";
import { l1 } from "../losses/distance.ts";
import { leastSquares } from "../losses/least_squares.ts";
import type { Game } from "../plot/game.ts";
import type { HistoryPool } from "./history_pool.ts";
import { applyToEach, discriminatorLogits, FIXED_STATISTICS, TRAINING } from "./step.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

/** Networks, optimizers and loss weights for a step. */
export interface CycleGanParts {
  /** G. */
  xToY: tf.LayersModel;
  /** F. */
  yToX: tf.LayersModel;
  /** D_X. */
  discriminatorX: tf.LayersModel;
  /** D_Y. */
  discriminatorY: tf.LayersModel;
  /** Updates both generators. */
  generatorOptimizer: Optimizer;
  /** Updates both discriminators. */
  discriminatorOptimizer: Optimizer;
  /** λ, weight of the cycle loss. */
  lambda: number;
  /** Weight of the identity loss, as a fraction of λ; 0 for none. */
  identity: number;
  /** Terms of the cycle loss. Default "both". */
  cycles?: Cycles;
}

/** Terms of the cycle loss: that of F(G(x)), forward; that of G(F(y)), backward; or both (Sec. 5.1.4). */
export type Cycles = "both" | "forward" | "backward";

/** All values of {@linkcode Cycles}. */
export const CYCLES: readonly Cycles[] = ["both", "forward", "backward"];

/** Images of both domains, `[batch, height, width, channels]` in [-1, 1]. */
export type Both = {
  /** Images of domain X. */
  x: tf.Tensor4D;
  /** Images of domain Y. */
  y: tf.Tensor4D;
};

/** Generator losses, as scalars. */
export type GeneratorLosses = {
  /** Adversarial loss of F, mean (D_X(F(y)) − 1)²: 0 if D_X outputs 1 (real), 1 if D_X outputs 0 (fake). */
  adversarialX: tf.Scalar;
  /** Adversarial loss of G, mean (D_Y(G(x)) − 1)². */
  adversarialY: tf.Scalar;
  /** Cycle loss, mean |F(G(x)) − x| + mean |G(F(y)) − y|, or one of these terms (see `cycles`), not yet weighted by λ; in
   * [0, 4]. */
  cycle: tf.Scalar;
  /** Identity loss, mean |F(x) − x| + mean |G(y) − y|, not yet weighted; in [0, 4]. Absent if the weight of the identity loss is
   * 0. */
  identity?: tf.Scalar;
};

/** Discriminator losses, as scalars. */
export type DiscriminatorLosses = {
  /** Loss of D_X, ½ (mean (D_X(x) − 1)² + mean D_X(F(y))²): ¼ at equilibrium, 0 for a perfect D_X. */
  discriminatorX: tf.Scalar;
  /** Loss of D_Y, ½ (mean (D_Y(y) − 1)² + mean D_Y(G(x))²). */
  discriminatorY: tf.Scalar;
};

/** Steps 1 and 3: computes G(x) and F(y), the translations into the other domain, and, if the weight of the identity loss is
 * not 0, F(x) and G(y): each generator should leave images of its own target domain unchanged. At inference, a generator
 * receives images of the other domain, so only these update the running statistics of batch norm. */
export function translateBoth({ xToY, yToX, identity }: CycleGanParts, { x, y }: Both): { fakes: Both; own?: Both } {
  if (identity === 0) {
    const across = { x: yToX.apply(y, { ...TRAINING }) as tf.Tensor4D, y: xToY.apply(x, { ...TRAINING }) as tf.Tensor4D };
    return { fakes: across };
  }
  const modes = [TRAINING, FIXED_STATISTICS];
  const [ofY, ofX] = [applyToEach(yToX, [y, x], modes), applyToEach(xToY, [x, y], modes)];
  return { fakes: { x: ofY[0]!, y: ofX[0]! }, own: { x: ofY[1]!, y: ofX[1]! } };
}

/** Step 2: computes F(G(x)) and G(F(y)), which should equal x and y.
 * @param fakes Result of {@linkcode translateBoth}. */
export function translateBack({ xToY, yToX }: CycleGanParts, fakes: Both): Both {
  return {
    x: yToX.apply(fakes.y, { ...FIXED_STATISTICS }) as tf.Tensor4D,
    y: xToY.apply(fakes.x, { ...FIXED_STATISTICS }) as tf.Tensor4D,
  };
}

/** Step 4: computes the generators' adversarial losses on the translations. */
export function convince(
  { discriminatorX, discriminatorY }: CycleGanParts,
  fakes: Both,
): Pick<GeneratorLosses, "adversarialX" | "adversarialY"> {
  return {
    adversarialX: leastSquares.generator(discriminatorLogits(discriminatorX, fakes.x)),
    adversarialY: leastSquares.generator(discriminatorLogits(discriminatorY, fakes.y)),
  };
}

/** Step 5: updates both generators. The gradients are taken with respect to the generators' weights only. */
export function updateGenerators({ generatorOptimizer }: CycleGanParts, gradients: tf.NamedTensorMap): void {
  generatorOptimizer.apply(gradients);
}

/** Step 6: passes the translations to the pools, which return the same number of images, some of them from earlier steps. In a
 * cluster, the pools of each worker store the translations of all workers.
 * @returns The images from the pools, which the caller must dispose of. */
export function exchangeFakes(pools: { x: HistoryPool; y: HistoryPool }, fakes: Both): Both {
  const exchange = (name: "x" | "y") => onWholeBatch(fakes[name], (images) => pools[name].exchange(images));
  return { x: exchange("x"), y: exchange("y") };
}

/** Step 7: updates both discriminators on real images and on translations, which are treated as constants. As in the paper, the
 * loss of each discriminator is halved (appendix 7.1). */
export function updateDiscriminators(parts: CycleGanParts, real: Both, fakes: Both): DiscriminatorLosses {
  const { discriminatorX, discriminatorY, discriminatorOptimizer } = parts;
  const objective = (discriminator: tf.LayersModel, real: tf.Tensor4D, fake: tf.Tensor4D) => {
    const [ofReal, ofFake] = applyToEach(discriminator, [real, fake], [FIXED_STATISTICS, FIXED_STATISTICS]);
    return tf.keep(leastSquares.discriminator(ofReal!, ofFake!, { halved: true }));
  };
  return tf.tidy(() => {
    let losses!: DiscriminatorLosses;
    const { grads } = tf.variableGrads(() => {
      losses = {
        discriminatorX: objective(discriminatorX, real.x, fakes.x),
        discriminatorY: objective(discriminatorY, real.y, fakes.y),
      };
      return tf.add(losses.discriminatorX, losses.discriminatorY) as tf.Scalar;
    }, discriminatorOptimizer.variables);
    discriminatorOptimizer.apply(grads);
    return losses;
  });
}

function cycleLoss({ cycles = "both" }: CycleGanParts, given: Both, again: Both): tf.Scalar {
  if (cycles === "both") return cycle({ ...given, xAgain: again.x, yAgain: again.y });
  return cycles === "forward" ? l1(again.x, given.x) : l1(again.y, given.y);
}

/** Runs steps 1 to 5.
 * @returns The losses, and the translations to pass to the pools. */
export function moveGenerators(parts: CycleGanParts, given: Both): { losses: GeneratorLosses; fakes: Both } {
  return tf.tidy(() => {
    let losses!: GeneratorLosses;
    let fakes!: Both;
    const { grads } = tf.variableGrads(() => {
      const { fakes: across, own } = translateBoth(parts, given);
      fakes = across;
      const again = translateBack(parts, fakes);
      losses = { ...convince(parts, fakes), cycle: cycleLoss(parts, given, again) };
      let sum = tf.add(tf.add(losses.adversarialX, losses.adversarialY), tf.mul(losses.cycle, parts.lambda));
      if (own) {
        losses.identity = identity({ ...given, yToXOfX: own.x, xToYOfY: own.y });
        sum = tf.add(sum, tf.mul(losses.identity, parts.lambda * parts.identity));
      }
      for (const kept of [...Object.values(fakes), ...Object.values(losses)]) tf.keep(kept);
      return sum as tf.Scalar;
    }, parts.generatorOptimizer.variables);
    updateGenerators(parts, grads);
    return { losses, fakes };
  });
}

/** The two compiled parts of a training step. */
export interface CycleGanHalves {
  /** {@linkcode moveGenerators}. */
  generators(given: Both): { losses: GeneratorLosses; fakes: Both };
  /** {@linkcode updateDiscriminators}. */
  discriminators(real: Both, fakes: Both): DiscriminatorLosses;
}

/** Runs steps 1 to 7. */
export function cycleGanStep(
  halves: CycleGanHalves,
  pools: { x: HistoryPool; y: HistoryPool },
  given: Both,
): DiscriminatorLosses & GeneratorLosses {
  const { losses, fakes } = halves.generators(given);
  const older = exchangeFakes(pools, fakes);
  const ofDiscriminators = halves.discriminators(given, older);
  tf.dispose([fakes, older]);
  return { ...ofDiscriminators, ...losses };
}

/** Describes {@linkcode cycleGanStep} for `plot.game`. */
export function cycleGanGame(
  { lambda, identity, pool, cycles }: { lambda: number; identity: number; pool: number; cycles?: Cycles },
): Game {
  const pooled = (fake: string) => pool > 0 ? `pool(${fake})` : fake;
  const generators = {
    adversarialY: ["D_Y(G(x))"],
    cycle: [...cycles !== "backward" ? ["F(G(x))", "x"] : [], ...cycles !== "forward" ? ["y", "G(F(y))"] : []],
    adversarialX: ["D_X(F(y))"],
    ...identity > 0 && { identity: ["x", "F(x)", "y", "G(y)"] },
  };
  const discriminators = {
    discriminatorY: ["D_Y(y)", `D_Y(${pooled("G(x)")})`],
    discriminatorX: ["D_X(x)", `D_X(${pooled("F(y)")})`],
  };
  const squares = "least squares";
  return {
    title: "CycleGAN",
    given: { x: "images of X", y: "images of Y" },
    networks: { G: "xToY", F: "yToX", D_X: "discriminatorX", D_Y: "discriminatorY" },
    updates: [{ trains: ["G", "F"], losses: generators }, { trains: ["D_X", "D_Y"], losses: discriminators }],
    notes: {
      ...{ adversarialX: squares, adversarialY: squares, discriminatorX: squares, discriminatorY: squares },
      ...{ cycle: `L1 × ${lambda}`, identity: `L1 × ${Number((lambda * identity).toPrecision(6))}` },
    },
  };
}
