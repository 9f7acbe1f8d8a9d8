/** What a system tells about itself: to the registry, the command line, and the results page.
 * @module */
import type { Described, Field } from "../settings.ts";

/** What one can do with a trained model: translate images; translate them in several ways; translate them back; generate from
 * noise, by class, or from captions; classify. */
export type Use = "translate" | "variants" | "back" | "generate" | "labels" | "captions" | "classify";

/** Defaults of a training run. */
export interface TrainingDefaults {
  epochs: number;
  /** Default 1. */
  batch?: number;
  /** Default 0.0002. */
  learningRate?: number;
}

/** A system. */
export interface System<Settings, Model> {
  /** Name on the command line and in `forger.json`. */
  readonly kind: string;
  /** Name in titles: "CycleGAN". */
  readonly title: string;
  /** What it does, in a few words, with the paper. */
  readonly does: string;
  /** Kind of data it is trained on: the key of the command line's data sources. */
  readonly data: string;
  readonly uses: readonly Use[];
  readonly fields: Described<Settings>;
  readonly training: TrainingDefaults;
  /** Options of `train` that only this system has; they are passed to its `train`. */
  readonly options?: Readonly<Record<string, Field<unknown>>>;
  /** Settings and training options that belong together, by name. */
  readonly presets?: Readonly<Record<"quick" | "paper", Readonly<Record<string, unknown>>>>;
  /** Defaults of the command line that differ from the library's. */
  readonly commandDefaults?: Readonly<Partial<Settings>>;
  /** Builds a model. */
  build(settings?: Partial<Settings>): Model;
}
