/** Forger: generative adversarial networks, to be learnt by building them, and to be used.
 *
 * ```ts
 * import { data, loadModel, pix2pix, plot, useBackend } from "./mod.ts";
 *
 * await useBackend(); // the fastest that works here
 * const pairs = data.toytown({ count: 8, size: 32, seed: 1 }); // labels of facades, and photos of them
 * const model = pix2pix({ size: 32, filters: 8 });
 * for await (const event of model.train(pairs, { epochs: 1, seed: 1 })) plot.show(event);
 *
 * const folder = await Deno.makeTempDir();
 * await model.save(folder);
 * const again = await loadModel(folder);
 * for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
 *   const picture = await again.translate(input);
 *   console.log(picture.shape); // [1, 32, 32, 3]
 *   input.dispose();
 *   target.dispose();
 *   picture.dispose();
 * }
 * ```
 *
 * Pictures are float32 `[batch, height, width, channels]` in [-1, 1]; real is 1, fake is 0. Importing this module loads no native library
 * and changes nothing.
 * @module */

export * as tf from "./lib/tf.ts";

export * from "./lib/backend/use_backend.ts";
export * from "./lib/backend/compile.ts";
export * from "./lib/backend/random.ts";
export * from "./lib/backend/tape.ts";

export * from "./lib/models/classifier.ts";
export * from "./lib/models/dcgan.ts";
export * from "./lib/models/latent_encoder.ts";
export * from "./lib/models/mlp.ts";
export * from "./lib/models/encoder_decoder.ts";
export * from "./lib/models/generator.ts";
export { type Norm, NORMS } from "./lib/models/norm.ts";
export * from "./lib/models/patchgan.ts";
export * from "./lib/models/resnet.ts";
export * from "./lib/models/stackgan.ts";
export * from "./lib/models/unet.ts";

export * from "./lib/optimizers/adam.ts";
export * from "./lib/optimizers/average.ts";
export * from "./lib/optimizers/optimizer.ts";
export * from "./lib/optimizers/schedule.ts";
export * from "./lib/optimizers/sgd.ts";
export { BicycleGan, bicycleGan, type VariedTranslateOptions } from "./lib/train/bicyclegan.ts";
export * from "./lib/train/bicyclegan_settings.ts";
export * as bicycleGanSteps from "./lib/train/bicyclegan_step.ts";
export { Classifier, classifier, CLASSIFIER_BATCH, CLASSIFIER_RATE } from "./lib/train/classifier.ts";
export * from "./lib/train/conditional_gan.ts";
export * from "./lib/train/conditional_gan_settings.ts";
export * from "./lib/train/cyclegan.ts";
export * from "./lib/train/cyclegan_settings.ts";
export * as cycleGanSteps from "./lib/train/cyclegan_step.ts";
export * from "./lib/train/diff_augment.ts";
export * from "./lib/events.ts";
export * from "./lib/train/history_pool.ts";
export * from "./lib/train/gan.ts";
export { GAN_BATCH, type GanJob, GanModel, type GanTrainOptions } from "./lib/train/gan_model.ts";
export { GAN, GAN_LOSSES, type GanLoss, type GanSettings, OF_POINTS, WASSERSTEIN } from "./lib/train/gan_settings.ts";
export * from "./lib/train/gan_step.ts";
export * from "./lib/train/load_model.ts";
export * from "./lib/train/options.ts";
export * from "./lib/train/pix2pix.ts";
export * from "./lib/train/pix2pix_settings.ts";
export * from "./lib/train/pix2pix_step.ts";
export * from "./lib/train/pix2pix_variants.ts";
export { type RecordOptions, RunRecord, type RunResults } from "./lib/train/record.ts";
export {
  type GenerateConditionedOptions,
  StackGan,
  stackGan,
  STACKGAN_BATCH,
  type StackGanTrainOptions,
} from "./lib/train/stackgan.ts";
export * from "./lib/train/stackgan_settings.ts";
export * from "./lib/train/stackgan_step.ts";

export * as data from "./data/mod.ts";
export * as layers from "./lib/layers/mod.ts";
export * as losses from "./lib/losses/mod.ts";
export * as metrics from "./lib/metrics/mod.ts";
export * as plot from "./lib/plot/mod.ts";
