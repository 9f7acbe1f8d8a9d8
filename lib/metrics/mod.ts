/** What a trained model is worth, in numbers that can be compared with other people's.
 *
 * ```ts
 * import * as tf from "../tf.ts";
 * import { psnr, ssim } from "./mod.ts";
 *
 * const target = tf.zeros<tf.Rank.R4>([1, 16, 16, 3]); // grey, in [-1, 1]
 * psnr(tf.add(target, 0.02), target).print(); // [40]: an error of 1% of the range
 * ssim(tf.neg(target), target).print(); // [1]
 * ```
 * @module */
export { type ImageOptions, type ImageRange, imageRange } from "./pictures.ts";
export { type CaptionScoreOptions, type CaptionScores, captionScores } from "./captions.ts";
export { type Diversity, diversity, type DiversityOptions } from "./diversity.ts";
export { l1 } from "./l1.ts";
export { psnr } from "./psnr.ts";
export { ssim, ssimSettings } from "./ssim.ts";
export { addConfusion, type Confusion, confusionMatrix, type SegmentationScores, segmentationScores } from "./segmentation.ts";
export { type FeatureDistances, featureDistances, type FeatureNetwork, randomNetwork } from "./feature_distance.ts";
export { frechetDistance, type Gaussian, gaussianDistance, gaussianOf } from "./frechet.ts";
export { kernelDistance } from "./kernel_distance.ts";
export { type EvaluateOptions, evaluatePairs, type PairScores } from "./pairs.ts";
export {
  type Density,
  EQUILIBRIUM_VALUE,
  gameValue,
  histogramDensity,
  integrate,
  type IntegrationGrid,
  jensenShannon,
  kullbackLeibler,
  optimalDiscriminator,
  optimalLogit,
} from "./theory.ts";
