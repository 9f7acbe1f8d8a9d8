/** The conditional GAN (Mirza and Osindero 2014, arXiv:1411.1784, Fig. 1): both networks of a GAN also receive the class y, so
 * that samples of a given class can be generated. Equation 2 of the paper is its objective.
 *
 * ```text
 * min_G max_D V(D, G) = E[log D(x|y)] + E[log(1 − D(G(z|y)))]                    (2)
 * ```
 *
 * For the training step, see {@linkcode ganStep}; for the networks and the settings, gan_base.ts.
 *
 * Taught in: notebooks/03_asking_for_a_seven.ipynb, Eq. (3.1)
 * @module */
import type { LabelledBatch, LabelledData } from "../data/datasets.ts";
import type * as tf from "../tf.ts";
import type { SampleRows, Shapes } from "../train/model.ts";
import { AnyGan, COMMON, type GanBatch, type GanTrainOptions, type GenerateOptions, imageRows, SHOWN } from "./gan_base.ts";
import { CONDITIONAL_GAN_FIELDS, type ConditionalGanSettings } from "./gan_fields.ts";
import { ganGame } from "./gan_step.ts";
import { joined, type Parts, type PartsOptions } from "./parts.ts";
import type { System } from "./system.ts";

/** Options for generating samples by class; by default, one sample per class. */
export interface GenerateLabelledOptions extends GenerateOptions {
  /** Zero-based class index of each sample: `[7, 7, 7]` for three sevens. Default: each class in turn. */
  labels?: number[];
}

/** A conditional GAN for images. */
export class ConditionalGan extends AnyGan<"conditional-gan", ConditionalGanSettings, LabelledData> {
  /** Builds the networks, with the paper's settings by default. */
  constructor(settings: Partial<ConditionalGanSettings> = {}) {
    super("conditional-gan", CONDITIONAL_GAN_FIELDS, settings);
    if (this.settings.shape.length !== 3) throw this.wrong("shape", "[height, width, channels]");
    if (this.settings.classes < 2) throw this.wrong("classes", "an integer ≥ 2");
  }

  protected override shapes(data: LabelledData): Shapes {
    const { expected, actual } = super.shapes(data);
    return { expected: { ...expected, classes: this.settings.classes }, actual: { ...actual, classes: data.classes } };
  }

  protected override labelsOf(batch: GanBatch): tf.Tensor1D {
    return (batch as LabelledBatch).labels;
  }

  /** One row per class, with images named "1", "2" and so on. */
  protected override async samples({ samples = SHOWN }: GanTrainOptions): Promise<SampleRows | undefined> {
    if (samples === 0) return undefined;
    const { classes, seed } = this.settings;
    const labels = Array.from({ length: classes * samples }, (_, i) => Math.floor(i / samples));
    return imageRows(await this.generate({ labels, seed }), samples);
  }

  /** Generates images of the requested classes.
   * @returns Images `[count, height, width, channels]` in [-1, 1].
   * @throws {RangeError} If a label is not a class index, or if the number of labels differs from `count`. */
  async generate(options: GenerateLabelledOptions = {}): Promise<tf.Tensor4D> {
    return await joined(this.generateParts(options));
  }

  /** Like {@linkcode generate}, but yields the images in parts, which limits memory use. */
  generateParts(
    { labels, noise, count = labels?.length ?? noise?.shape[0] ?? this.settings.classes, ...options }:
      & GenerateLabelledOptions
      & PartsOptions = {},
  ): Parts {
    const { classes } = this.settings;
    const requested = labels ?? Array.from({ length: count }, (_, i) => i % classes);
    const wrong = requested.find((label) => !Number.isInteger(label) || label < 0 || label >= classes);
    if (wrong !== undefined) {
      throw new RangeError(`Cannot generate: labels must be integers from 0 to ${classes - 1}, got ${wrong}; change that label`);
    }
    if (requested.length !== count) {
      throw new RangeError(`Cannot generate: expected ${count} labels, one per image, got ${requested.length}; omit count`);
    }
    return this.parts(count, { ...options, ...noise && { noise } }, requested) as Parts;
  }
}

/** Builds a conditional GAN, with the paper's settings by default.
 * @throws {RangeError} If a setting is invalid. */
export function conditionalGan(settings: Partial<ConditionalGanSettings> = {}): ConditionalGan {
  return new ConditionalGan(settings);
}

/** Registry entry for the conditional GAN. */
export const CONDITIONAL_GAN_SYSTEM = {
  ...COMMON,
  kind: "conditional-gan",
  title: "Conditional GAN",
  does: "generates images of a requested class (Mirza and Osindero 2014)",
  uses: ["generate", "labels"],
  fields: CONDITIONAL_GAN_FIELDS,
  game: ganGame,
  build: conditionalGan,
} as const satisfies System<ConditionalGanSettings, ConditionalGan>;
