/** The generative adversarial network (Goodfellow et al. 2014, arXiv:1406.2661, Eq. 1 and Algorithm 1). A generator maps noise to
 * samples, a discriminator learns to tell generated samples from real ones, and each network learns from the other. For the
 * training step, see {@linkcode ganStep}; for the networks and the settings, gan_base.ts.
 *
 * Taught in: notebooks/01_the_game.ipynb, Eq. (1.2)
 * @module */
import type { PointData, UnlabelledData } from "../data/datasets.ts";
import type * as tf from "../tf.ts";
import type { SampleRows } from "../train/model.ts";
import { AnyGan, COMMON, type GanTrainOptions, type GenerateOptions, imageRows, SHOWN } from "./gan_base.ts";
import { GAN_FIELDS, type GanSettings } from "./gan_fields.ts";
import { ganGame, type Samples } from "./gan_step.ts";
import { joined, type Parts, type PartsOptions } from "./parts.ts";
import type { System } from "./system.ts";

/** A GAN. `T` is the type of the samples: images or points. */
export class Gan<T extends Samples = tf.Tensor4D> extends AnyGan<"gan", GanSettings, UnlabelledData | PointData> {
  /** Builds the networks, with the papers' settings by default. */
  constructor(settings: Partial<GanSettings> = {}) {
    super("gan", GAN_FIELDS, settings);
  }

  /** One row of images, named "1", "2" and so on. */
  protected override async samples({ samples = SHOWN }: GanTrainOptions): Promise<SampleRows | undefined> {
    if (samples === 0 || this.settings.shape.length !== 3) return undefined;
    return imageRows(await this.generate({ count: samples, seed: this.settings.seed }) as tf.Tensor4D, samples);
  }

  /** Generates samples.
   * @returns Points `[count, dimensions]`, or images `[count, height, width, channels]` in [-1, 1].
   * @throws {RangeError} If `count` is not an integer ≥ 1. */
  async generate(options: GenerateOptions = {}): Promise<T> {
    return await joined(this.generateParts(options));
  }

  /** Like {@linkcode generate}, but yields the samples in parts, which limits memory use. */
  generateParts(
    { noise, count = noise?.shape[0] ?? 16, ...options }: GenerateOptions & PartsOptions = {},
  ): Parts<T> {
    return this.parts(count, { ...options, ...noise && { noise } }) as Parts<T>;
  }
}

/** Builds a GAN for points, with the papers' settings by default.
 * @throws {RangeError} If a setting is invalid. */
export function gan(settings: Partial<GanSettings> & { shape: [dimensions: number] }): Gan<tf.Tensor2D>;
/** Builds a GAN for images, with the papers' settings by default.
 * @throws {RangeError} If a setting is invalid. */
export function gan(settings?: Partial<GanSettings>): Gan;
export function gan(settings: Partial<GanSettings> = {}): Gan<Samples> {
  return new Gan<Samples>(settings);
}

/** Registry entry for the GAN. */
export const GAN_SYSTEM = {
  ...COMMON,
  kind: "gan",
  title: "GAN",
  does: "generates images from noise (Goodfellow et al. 2014, Radford et al. 2016)",
  uses: ["generate"],
  fields: GAN_FIELDS,
  game: ganGame,
  build: (settings: Partial<GanSettings> = {}): Gan<Samples> => new Gan<Samples>(settings),
} as const satisfies System<GanSettings, Gan<Samples>>;
