/** The networks that a GAN's settings ask for.
 * @module */
import type * as tf from "../tf.ts";
import { dcganDiscriminator, dcganGenerator } from "../models/dcgan.ts";
import { mlpDiscriminator, mlpGenerator } from "../models/mlp.ts";
import type { ConditionalGanSettings } from "./conditional_gan_settings.ts";
import type { GanSettings } from "./gan_settings.ts";

/** Settings of either kind; with classes the networks are conditional. */
type Settings = GanSettings & Partial<ConditionalGanSettings>;

/** Units of the labels' layer, or the network's own default. */
function ofLabels(units: number | undefined): { labelUnits?: number } {
  return units === undefined ? {} : { labelUnits: units };
}

/** Size and channels of square pictures. */
function picture({ shape }: Settings): { size: number; channels: number } {
  return { size: shape[0]!, channels: shape[2]! };
}

/** Builds the generator: noise, and one-hot labels if there are classes, to samples. */
export function generatorOf(settings: Settings): tf.LayersModel {
  if (settings.networks === "dcgan") return dcganGenerator({ ...settings, ...picture(settings) });
  const { shape, latent, hidden, classes = 0, labelUnits, seed } = settings;
  return mlpGenerator({ shape, latent, hidden, classes, ...ofLabels(labelUnits), seed });
}

/** Builds the discriminator: samples, and one-hot labels if there are classes, to logits `[batch, 1]`. */
export function discriminatorOf(settings: Settings): tf.LayersModel {
  const seed = settings.seed + 1; // with the generator's the first layers of both would start alike
  const norm = settings.loss === "wasserstein" ? "none" : "batch";
  if (settings.networks === "dcgan") return dcganDiscriminator({ ...settings, ...picture(settings), norm, seed });
  const { shape, discriminatorHidden: hidden, classes = 0, discriminatorLabelUnits, dropout } = settings;
  return mlpDiscriminator({ shape, hidden, classes, ...ofLabels(discriminatorLabelUnits), dropout, seed });
}
