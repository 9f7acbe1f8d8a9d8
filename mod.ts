/** Forger: build, train and use generative adversarial networks.
 *
 * ```ts
 * import { data, loadModel, pix2pix, plot, useBackend } from "./mod.ts";
 *
 * await useBackend(); // the fastest backend that works on this machine
 * const pairs = data.toytown({ count: 8, size: 32, seed: 1 }); // label maps of facades, and photos of them
 * const model = pix2pix({ size: 32, filters: 8 });
 * for await (const event of model.train(pairs, { epochs: 1, seed: 1 })) plot.show(event);
 *
 * const folder = await Deno.makeTempDir();
 * await model.save(folder);
 * const again = await loadModel(folder, "pix2pix");
 * for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
 *   const image = await again.translate(input);
 *   console.log(image.shape); // [1, 32, 32, 3]
 *   input.dispose();
 *   target.dispose();
 *   image.dispose();
 * }
 * ```
 *
 * Images are float32 tensors `[batch, height, width, channels]` with values in [-1, 1]; real samples are labelled 1, fake ones 0.
 * Importing this module loads no native library and has no side effects.
 * @module */

export * as tf from "./lib/tf.ts";

// Computation
export { type Backend, type BackendName, threadsPerOp, useBackend } from "./lib/backend/use_backend.ts";
export { compile, type Compiled } from "./lib/backend/compile.ts";
export { RandomStream } from "./lib/backend/random.ts";

// Models, and how to train them
export { CONDITIONAL_GAN, type ConditionalGanSettings, GAN, type GanSettings } from "./lib/systems/gan_fields.ts";
export { type GanTrainOptions, type GenerateOptions } from "./lib/systems/gan_base.ts";
export { ConditionalGan, conditionalGan, type GenerateLabelledOptions } from "./lib/systems/conditional_gan.ts";
export { Gan, gan } from "./lib/systems/gan.ts";
export { PIX2PIX, Pix2Pix, pix2pix, type Pix2PixSettings, type TranslateOptions } from "./lib/systems/pix2pix.ts";
export {
  type CycleDirection,
  CYCLEGAN,
  CycleGan,
  cycleGan,
  type CycleGanSettings,
  type CycleTranslateOptions,
  type UnpairedTrainOptions,
} from "./lib/systems/cyclegan.ts";
export {
  BICYCLEGAN,
  BicycleGan,
  bicycleGan,
  type BicycleGanSettings,
  type VariedTranslateOptions,
} from "./lib/systems/bicyclegan.ts";
export {
  type GenerateConditionedOptions,
  STACKGAN,
  StackGan,
  stackGan,
  type StackGanSettings,
  type StackGanTrainOptions,
} from "./lib/systems/stackgan.ts";
export { CLASSIFIER, Classifier, classifier, type ClassifierSettings } from "./lib/systems/classifier.ts";
export { type AnyModel, loadModel, type Models } from "./lib/systems/registry.ts";
export { type HistoryPoint, modelHistory } from "./lib/train/pretrained.ts";
export type { PairTrainOptions, TrainOptions } from "./lib/train/options.ts";
export type { CheckpointEvent, EpochEvent, Moment, SampleEvent, StepEvent, TrainEvent, WarningEvent } from "./lib/events.ts";
export type { TileOptions, TileSink, TileSource } from "./lib/train/tiles.ts";
export { type FileOptions, type TilingModel, toGrey, translateFile } from "./lib/train/translate_file.ts";
export { type RecordOptions, RunRecord, type RunResults } from "./lib/train/run_record.ts";

// The steps, as the course teaches them
export { ganDiscriminatorStep, ganGeneratorStep, type GanLoss, type GanParts, ganStep } from "./lib/systems/gan_step.ts";
export { discriminatorGradient, discriminatorStep, type Pix2PixParts, pix2pixStep } from "./lib/systems/pix2pix_step.ts";
export * as cycleGanSteps from "./lib/systems/cyclegan_step.ts";
export * as bicycleGanSteps from "./lib/systems/bicyclegan_step.ts";
export * as stackGanSteps from "./lib/systems/stackgan_step.ts";
export { HistoryPool } from "./lib/systems/history_pool.ts";

// Networks, and the optimizer for all systems
export { Adam } from "./lib/optimizers/adam.ts";
export {
  dcganDiscriminator,
  dcganGenerator,
  encoderDecoder,
  mlpDiscriminator,
  mlpGenerator,
  patchDiscriminator,
  receptiveField,
  resnet,
  unet,
} from "./lib/models/mod.ts";

// Comparisons of training runs
export {
  compare,
  type ComparedRun,
  type CompareOptions,
  Comparison,
  type ComparisonOrigin,
  loadComparison,
} from "./lib/metrics/compare.ts";
export type { VariantSummary, Verdict } from "./lib/metrics/verdict.ts";

// Everything else, grouped by topic
export * as data from "./data/mod.ts";
export * as layers from "./lib/layers/mod.ts";
export * as losses from "./lib/losses/mod.ts";
export * as metrics from "./lib/metrics/mod.ts";
export * as models from "./lib/models/mod.ts";
export * as optimizers from "./lib/optimizers/mod.ts";
export * as plot from "./lib/plot/mod.ts";
export * as settings from "./lib/settings.ts";
export * as systems from "./lib/systems/mod.ts";
