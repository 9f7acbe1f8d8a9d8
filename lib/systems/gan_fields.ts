/** Settings of the GAN and the conditional GAN: their meaning, defaults, units, limits and sources (see gan_base.ts).
 * @module */
import { gradientPenaltyWeight } from "../losses/gradient_penalty.ts";
import { LATENT } from "../models/blocks.ts";
import { choice, defaultsOf, type Described, flag, fromData, integer, list, number, seed } from "../settings.ts";
import { DIFF_AUGMENTATIONS, type DiffAugmentation } from "./diff_augment.ts";
import { GAN_LOSSES, type GanLoss, type GanStepSettings } from "./gan_step.ts";

/** Settings of a GAN; {@linkcode GAN_FIELDS} describes them. */
export interface GanSettings extends GanStepSettings {
  shape: number[];
  networks: "mlp" | "dcgan";
  hidden: number[];
  discriminatorHidden: number[];
  dropout: number;
  filters: number;
  beta1: number;
  beta2: number;
  seed: number;
}

/** Settings of a conditional GAN; {@linkcode CONDITIONAL_GAN_FIELDS} describes them. */
export interface ConditionalGanSettings extends GanSettings {
  classes: number;
  labelUnits: number;
  discriminatorLabelUnits: number;
}

const units = integer(1200, { min: 1, help: "Number of units in a layer." });
const augmentation = choice("color", DIFF_AUGMENTATIONS, { help: "One augmentation." });

/** Meaning, default, unit and limits of each setting. By default, the shape is that of MNIST images, k is 1, and the loss is
 * non-saturating (arXiv:1406.2661, Sec. 3 and 4). Adam is configured as in arXiv:1511.06434 (Sec. 4). With the Wasserstein loss,
 * the defaults are those of arXiv:1704.00028, Algorithm 1, but the learning rate of 0.0001 from that paper must be passed to
 * `train`. */
export const GAN_FIELDS: Described<GanSettings> = {
  shape: fromData([28, 28, 1], "Shape of a sample: [dimensions] for a point, [height, width, channels] for an image."),
  networks: choice("mlp", ["mlp", "dcgan"], {
    help: "Architecture: convolutional, for images (dcgan, arXiv:1511.06434), or fully connected (mlp, arXiv:1406.2661).",
  }),
  hidden: list([1200, 1200], units, {
    of: "integers ≥ 1",
    help: "Number of units in each hidden layer of the generator (mlp only).",
  }),
  discriminatorHidden: list([1200, 1200], units, {
    of: "integers ≥ 1",
    help: "Number of units in each hidden layer of the discriminator (mlp only).",
  }),
  // New points are drawn in each epoch, so they cannot be memorized, and a small discriminator needs all its units.
  dropout: number(({ shape }) => shape.length === 1 ? 0 : 0.5, {
    min: 0,
    below: 1,
    help: "Dropout rate of the discriminator (mlp only). By default, the dropout rate is 0 for points and 0.5 for images.",
  }),
  filters: integer(64, {
    min: 1,
    help: "Number of filters in the generator's last hidden layer and the discriminator's first layer (dcgan only).",
  }),
  latent: integer(LATENT, { min: 1, help: "Number of dimensions of the noise z." }),
  noise: choice("uniform", ["uniform", "normal"], { help: "Distribution of the noise: uniform in [-1, 1), or standard normal." }),
  loss: choice("nonSaturating", Object.keys(GAN_LOSSES) as GanLoss[], { help: "Adversarial loss for both networks." }),
  discriminatorSteps: integer(({ loss }) => loss === "wasserstein" ? 5 : 1, {
    min: 1,
    help: "k, number of discriminator steps per generator step. By default, k is 5 for the wasserstein loss and 1 otherwise.",
  }),
  halved: flag(false, {
    help: "Halve the discriminator's loss: J(D) = -V(D, G) / 2 (arXiv:1701.00160, Sec. 3.2.1). With Adam, halving the loss has " +
      "no effect unless there is a gradient penalty, which is not halved.",
  }),
  labelSmoothing: number(0, {
    min: 0,
    below: 1,
    help: "One-sided label smoothing: the discriminator's target for real samples is 1 minus this value (arXiv:1606.03498, " +
      "Sec. 3.4); 0 for none.",
  }),
  penaltyWeight: number(gradientPenaltyWeight, {
    min: 0,
    help: "λ, weight of the gradient penalty (wasserstein only; arXiv:1704.00028, Eq. 3).",
  }),
  diffAugment: list<DiffAugmentation, readonly DiffAugmentation[], GanSettings>([], augmentation, {
    of: DIFF_AUGMENTATIONS.join(", "),
    help: "Random augmentations of all images that the discriminator sees, for small data sets (arXiv:2006.10738).",
  }),
  clipNorm: number(0, {
    min: 0,
    help: "Maximum gradient norm per network; gradients with a larger norm are scaled down to this norm. 0 for no limit.",
  }),
  averageDecay: number(0, {
    min: 0,
    below: 1,
    help: "Decay rate of a moving average of the generator's weights, for example 0.999; samples are then generated with the " +
      "averaged weights. 0 for no average.",
  }),
  beta1: number(({ loss }) => loss === "wasserstein" ? 0 : 0.5, {
    min: 0,
    below: 1,
    help: "β₁ of Adam. By default, β₁ is 0 for the wasserstein loss and 0.5 otherwise.",
  }),
  beta2: number(({ loss }) => loss === "wasserstein" ? 0.9 : 0.999, {
    min: 0,
    below: 1,
    help: "β₂ of Adam. By default, β₂ is 0.9 for the wasserstein loss and 0.999 otherwise.",
  }),
  seed: seed(),
};

/** The fields of the conditional GAN. In arXiv:1411.1784, the generator has hidden layers of 200 units for the noise z, 1000 for
 * the class y, and 1200 for both together. The discriminator has hidden layers of 240 maxout units for the image x, 50 for the
 * class y, and 240 for both together (Sec. 4.1). Here, leaky ReLUs replace the maxout units (see mlp.ts). */
export const CONDITIONAL_GAN_FIELDS: Described<ConditionalGanSettings> = {
  ...GAN_FIELDS,
  hidden: { ...GAN_FIELDS.hidden, default: [200, 1200] },
  discriminatorHidden: { ...GAN_FIELDS.discriminatorHidden, default: [1200, 960] },
  classes: fromData(10, "Number of classes."),
  labelUnits: integer(1000, { min: 1, help: "Number of units in the generator's hidden layer for labels (mlp only)." }),
  discriminatorLabelUnits: integer(250, {
    min: 1,
    help: "Number of units in the discriminator's hidden layer for labels (mlp only).",
  }),
};

/** Default settings. */
export const GAN: GanSettings = defaultsOf(GAN_FIELDS);
/** Default settings of the conditional GAN. */
export const CONDITIONAL_GAN: ConditionalGanSettings = defaultsOf(CONDITIONAL_GAN_FIELDS);
