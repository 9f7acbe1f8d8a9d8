/** Metrics for trained models, defined so that the results can be compared with published results.
 *
 * ```ts
 * import * as tf from "../tf.ts";
 * import { psnr, ssim } from "./mod.ts";
 *
 * const target = tf.zeros<tf.Rank.R4>([1, 16, 16, 3]); // grey, in [-1, 1]
 * psnr(tf.add(target, 0.02), target).print(); // [40], in dB: the error is 1% of the range
 * ssim(tf.neg(target), target).print(); // [1]
 * ```
 * @module */
export { type CaptionScoreOptions, type CaptionScores, captionScores } from "../../data/worlds/houses/scores.ts";
export { type Diversity, diversity, type DiversityOptions } from "./diversity.ts";
export { type ImageOptions, type ImageRange, imageRange, l1, psnr, ssim, ssimSettings } from "./image_similarity.ts";
export { addConfusion, type Confusion, confusionMatrix, type SegmentationScores, segmentationScores } from "./segmentation.ts";
export { type FeatureDistances, featureDistances, type FeatureNetwork, randomNetwork } from "./feature_distance.ts";
export { frechetDistance, type Gaussian, gaussianDistance, gaussianOf, kernelDistance } from "./distribution_distance.ts";
export type { TranslateParts } from "./large_images.ts";
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
