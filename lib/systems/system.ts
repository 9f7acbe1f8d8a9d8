/** The description of a system, as used by the registry, the command line and the results page.
 * @module */
import type { Game } from "../plot/game.ts";
import type { Described, Field } from "../settings.ts";

/** What a trained model can do: translate images, produce several translations of an image, translate in the reverse
 * direction, generate images from noise, class labels or captions, or classify images. */
export type Use = "translate" | "variants" | "back" | "generate" | "labels" | "captions" | "classify";

/** Default options for a training run. */
export interface TrainingDefaults {
  epochs: number;
  /** Default 1. */
  batch?: number;
  /** Default 0.0002. */
  learningRate?: number;
}

/** The description of a system. */
export interface System<Settings, Model> {
  /** Name on the command line and in `forger.json`. */
  readonly kind: string;
  /** Name in titles: "CycleGAN". */
  readonly title: string;
  /** What the system does, in a few words, with a reference to the paper. */
  readonly does: string;
  /** Kind of training data, which selects one of the command line's data sources. */
  readonly data: string;
  readonly uses: readonly Use[];
  readonly fields: Described<Settings>;
  readonly training: TrainingDefaults;
  /** Additional training options for this system. */
  readonly options?: Readonly<Record<string, Field<unknown>>>;
  /** Presets: settings and training options that belong together, keyed by name. */
  readonly presets?: Readonly<Record<"quick" | "paper", Readonly<Record<string, unknown>>>>;
  /** Command-line defaults that differ from the library's. */
  readonly commandDefaults?: Readonly<Partial<Settings>>;
  /** Describes what the networks pass to each other in a training step, for `plot.game`. */
  game?(settings: Settings): Game;
  /** Builds a model. */
  build(settings?: Partial<Settings>): Model;
}
