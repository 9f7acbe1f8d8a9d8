/** One training step of CycleGAN (Zhu et al. 2017, arXiv:1703.10593, Sec. 3 and 4), as seven steps.
 *
 * | paper | here |
 * |---|---|
 * | x, y | `x`, `y`: pictures of two domains, which do not belong together |
 * | G: X → Y, F: Y → X | `xToY`, `yToX` |
 * | D_X, D_Y | `discriminatorX`, `discriminatorY`: each judges pictures of its own domain, real ones and translated ones |
 * | L_GAN, Eq. 1, with least squares (Sec. 4) | `leastSquares` |
 * | L_cyc, Eq. 2 | `cycle` |
 * | L_identity (Sec. 5.2) | `identity` |
 * | L(G, F, D_X, D_Y), Eq. 3 | the sum in {@linkcode moveGenerators}; D's part in {@linkcode updateDiscriminators} |
 *
 * The steps: 1 {@linkcode translateAcross}, 2 {@linkcode translateBack}, 3 {@linkcode translateOwn}, 4 {@linkcode convince},
 * 5 {@linkcode updateGenerators}, 6 {@linkcode exchangeFakes}, 7 {@linkcode updateDiscriminators}. As in the authors' code the generators move
 * first, against the discriminators as they are; their pictures then serve the discriminators too, by way of the pool.
 *
 * Steps 1 to 5 and step 7 are functions of tensors, to be compiled; step 6 is between them, since what the pool gives is chance.
 *
 * Taught in: notebooks/10_cyclegan.ipynb, Eq. (10.4)
 * @module */
import * as tf from "../tf.ts";
import { cycle, identity } from "../losses/cycle.ts";
import { leastSquares } from "../losses/least_squares.ts";
import type { HistoryPool } from "./history_pool.ts";
import { judge, STATISTICS_STAY, TRAINING } from "./judge.ts";
import type { Optimizer } from "../optimizers/optimizer.ts";

/** What a step works on. */
export interface CycleGanParts {
  /** G. */
  xToY: tf.LayersModel;
  /** F. */
  yToX: tf.LayersModel;
  /** D_X. */
  discriminatorX: tf.LayersModel;
  /** D_Y. */
  discriminatorY: tf.LayersModel;
  /** Of both generators. */
  generatorOptimizer: Optimizer;
  /** Of both discriminators. */
  discriminatorOptimizer: Optimizer;
  /** λ, the weight of the cycle loss. */
  lambda: number;
  /** The weight of the identity loss, as a part of λ; 0 leaves it out. */
  identity: number;
}

/** Pictures of the two domains, `[batch, height, width, channels]` in [-1, 1]. */
export type Both = {
  /** Of domain X. */
  x: tf.Tensor4D;
  /** Of domain Y. */
  y: tf.Tensor4D;
};

/** What the generators make small, scalars. */
export type GeneratorLosses = {
  /** mean (D_X(F(y)) − 1)²: 0 when D_X takes it for real, 1 when D_X is sure that it is not. */
  adversarialX: tf.Scalar;
  /** mean (D_Y(G(x)) − 1)². */
  adversarialY: tf.Scalar;
  /** mean |F(G(x)) − x| + mean |G(F(y)) − y|, before λ; in [0, 4]. */
  cycle: tf.Scalar;
  /** mean |F(x) − x| + mean |G(y) − y|, before its weight; in [0, 4]. Not there if its weight is 0. */
  identity?: tf.Scalar;
};

/** What the discriminators make small, scalars. */
export type DiscriminatorLosses = {
  /** ½ (mean (D_X(x) − 1)² + mean D_X(F(y))²): ¼ when D cannot tell, 0 when it always can. */
  discriminatorX: tf.Scalar;
  /** ½ (mean (D_Y(y) − 1)² + mean D_Y(G(x))²). */
  discriminatorY: tf.Scalar;
};

/** 1: G(x) and F(y), each now a picture of the other domain. */
export function translateAcross({ xToY, yToX }: CycleGanParts, { x, y }: Both): Both {
  return { x: yToX.apply(y, { ...TRAINING }) as tf.Tensor4D, y: xToY.apply(x, { ...TRAINING }) as tf.Tensor4D };
}

/** 2: F(G(x)) and G(F(y)), which should be x and y again. Only what is translated across is like the pictures that a trained generator is given:
 * the running statistics are theirs.
 * @param fakes what {@linkcode translateAcross} gave. */
export function translateBack({ xToY, yToX }: CycleGanParts, fakes: Both): Both {
  return {
    x: yToX.apply(fakes.y, { ...STATISTICS_STAY }) as tf.Tensor4D,
    y: xToY.apply(fakes.x, { ...STATISTICS_STAY }) as tf.Tensor4D,
  };
}

/** 3: F(x) and G(y): each generator is given what it makes of others, and should leave it alone. */
export function translateOwn({ xToY, yToX }: CycleGanParts, { x, y }: Both): Both {
  return { x: yToX.apply(x, { ...STATISTICS_STAY }) as tf.Tensor4D, y: xToY.apply(y, { ...STATISTICS_STAY }) as tf.Tensor4D };
}

/** 4: how far the discriminators are from taking the translations for real. */
export function convince(
  { discriminatorX, discriminatorY }: CycleGanParts,
  fakes: Both,
): Pick<GeneratorLosses, "adversarialX" | "adversarialY"> {
  return {
    adversarialX: leastSquares.generator(judge(discriminatorX, fakes.x)),
    adversarialY: leastSquares.generator(judge(discriminatorY, fakes.y)),
  };
}

/** 5: moves both generators. The discriminators' weights are not among the gradients. */
export function updateGenerators({ generatorOptimizer }: CycleGanParts, gradients: tf.NamedTensorMap): void {
  generatorOptimizer.apply(gradients);
}

/** 6: puts the translations into the pools, and takes as many out, new ones or older ones.
 * @returns the caller's to dispose of. */
export function exchangeFakes(pools: { x: HistoryPool; y: HistoryPool }, fakes: Both): Both {
  return { x: pools.x.exchange(fakes.x), y: pools.y.exchange(fakes.y) };
}

/** 7: moves both discriminators, on real pictures and on translations, which count as given. "In practice, we divide the objective by 2 while
 * optimizing D" (appendix 7.1). */
export function updateDiscriminators(parts: CycleGanParts, real: Both, fakes: Both): DiscriminatorLosses {
  const { discriminatorX, discriminatorY, discriminatorOptimizer } = parts;
  const objective = (discriminator: tf.LayersModel, real: tf.Tensor4D, fake: tf.Tensor4D) =>
    tf.keep(leastSquares.discriminator(judge(discriminator, real), judge(discriminator, fake), { halved: true }));
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

/** Steps 1 to 5.
 * @returns the losses, and the translations for the pool. */
export function moveGenerators(parts: CycleGanParts, given: Both): { losses: GeneratorLosses; fakes: Both } {
  return tf.tidy(() => {
    let losses!: GeneratorLosses;
    let fakes!: Both;
    const { grads } = tf.variableGrads(() => {
      fakes = translateAcross(parts, given);
      const again = translateBack(parts, fakes);
      losses = { ...convince(parts, fakes), cycle: cycle({ ...given, xAgain: again.x, yAgain: again.y }) };
      let sum = tf.add(tf.add(losses.adversarialX, losses.adversarialY), tf.mul(losses.cycle, parts.lambda));
      if (parts.identity !== 0) {
        const own = translateOwn(parts, given);
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

/** The two compiled halves of a step. */
export interface CycleGanHalves {
  /** {@linkcode moveGenerators}. */
  generators(given: Both): { losses: GeneratorLosses; fakes: Both };
  /** {@linkcode updateDiscriminators}. */
  discriminators(real: Both, fakes: Both): DiscriminatorLosses;
}

/** Steps 1 to 7. */
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
