/** The registry of systems, and a function that loads models of any kind.
 *
 * Each system is registered by one line in this file. The command line, the results page and `loadModel` read everything else
 * from the system's description.
 * @module */
import { withoutInitialWeights } from "../layers/initializers.ts";
import type * as tf from "../tf.ts";
import { oneLine } from "../data/errors.ts";
import type { Model } from "../train/model.ts";
import { bytesOfWeights, readDescription } from "../train/model_folder.ts";
import { modelFolder } from "../train/pretrained.ts";
import type { TileOptions, TileSink, TileSource } from "../train/tiles.ts";
import { type BicycleGan, BICYCLEGAN_SYSTEM } from "./bicyclegan.ts";
import { type Classifier, CLASSIFIER_SYSTEM } from "./classifier.ts";
import { type CycleGan, CYCLEGAN_SYSTEM } from "./cyclegan.ts";
import { CONDITIONAL_GAN_SYSTEM, type ConditionalGan } from "./conditional_gan.ts";
import { type Gan, GAN_SYSTEM } from "./gan.ts";
import type { Samples } from "./gan_step.ts";
import type { Parts } from "./parts.ts";
import { type Pix2Pix, PIX2PIX_SYSTEM } from "./pix2pix.ts";
import { type StackGan, STACKGAN_SYSTEM } from "./stackgan.ts";
import type { System } from "./system.ts";

/** Model classes, keyed by kind. */
export interface Models {
  /** A {@linkcode Gan}, which generates images or points. */
  gan: Gan<Samples>;
  /** {@linkcode ConditionalGan}. */
  "conditional-gan": ConditionalGan;
  /** {@linkcode Pix2Pix}. */
  pix2pix: Pix2Pix;
  /** {@linkcode BicycleGan}. */
  bicyclegan: BicycleGan;
  /** {@linkcode CycleGan}. */
  cyclegan: CycleGan;
  /** {@linkcode StackGan}. */
  stackgan: StackGan;
  /** {@linkcode Classifier}. */
  classifier: Classifier;
}

/** A model of any kind. The model's `kind` property names its kind. */
export type AnyModel = Models[keyof Models];

/** A model whose kind is unknown at compile time. */
// deno-lint-ignore no-explicit-any -- its settings, data and options are those of its system
export type SomeModel = Model<string, any, any, any>;

/** A system whose settings are unknown at compile time. */
// deno-lint-ignore no-explicit-any -- its settings are described by its fields
export type SomeSystem = System<any, SomeModel>;

/** All systems. */
const SYSTEMS: SomeSystem[] = [
  GAN_SYSTEM,
  CONDITIONAL_GAN_SYSTEM,
  PIX2PIX_SYSTEM,
  BICYCLEGAN_SYSTEM,
  CYCLEGAN_SYSTEM,
  STACKGAN_SYSTEM,
  CLASSIFIER_SYSTEM,
];

/** Returns all registered systems. */
export function systems(): readonly SomeSystem[] {
  return SYSTEMS;
}

/** Adds a system to the registry, which makes it available to all commands and to `loadModel`.
 * @throws {RangeError} If a system of that kind already exists. */
export function registerSystem(system: SomeSystem): void {
  if (systemOf(system.kind)) {
    throw new RangeError(`Cannot register the system: a system of kind ${system.kind} already exists; choose another kind`);
  }
  SYSTEMS.push(system);
}

/** Returns the system of the given kind, or `undefined` if there is none. */
export function systemOf(kind: string): SomeSystem | undefined {
  return SYSTEMS.find((system) => system.kind === kind);
}

/** Number of bytes by which a model's weights may exceed the size of the weight files before the model is rejected. With this
 * allowance, a small model with truncated files is still built, and loading then fails with an error that names the file. */
const SLACK = 2 ** 20;
/** Bytes of a weight in memory; in the files of a pretrained model, a weight takes at least one byte. */
const FLOAT_BYTES = 4;

/** Loads a model from a folder written by a training run or by `save()`. The folder describes the model: no settings are needed.
 * @param folder The folder, or the name of a pretrained model in data/models, such as "facades-by-day".
 * @param wanted The expected kind of the model. Default: any kind.
 * @returns The model, whose `kind` property gives its kind.
 * @throws {Error} If the folder does not contain a model, or if the model's kind is unknown or is not the expected kind. */
export async function loadModel<Kind extends keyof Models = keyof Models>(folder: string, wanted?: Kind): Promise<Models[Kind]> {
  folder = await modelFolder(folder);
  const { kind, settings } = await readDescription(folder);
  const system = systemOf(kind);
  if (!system) {
    const known = SYSTEMS.map(({ kind }) => kind).join(", ");
    throw new RangeError(
      `Cannot load the model: ${folder} holds a model of kind ${kind}, but this version supports only ${known}; use a newer ` +
        "version",
    );
  }
  if (wanted !== undefined && kind !== wanted) {
    throw new RangeError(
      `Cannot load the model: expected a model of kind ${wanted}, got ${kind} in ${folder}; choose another folder`,
    );
  }
  const bytes = await bytesOfWeights(folder);
  let model: SomeModel | undefined;
  try {
    model = withoutInitialWeights(FLOAT_BYTES * bytes + SLACK, () => system.build(knownSettings(system, settings)));
    await model.load(folder);
    return model as unknown as Models[Kind];
  } catch (error) {
    model?.dispose();
    if (error instanceof Error && error.message.startsWith("Cannot load")) throw error;
    const reason = oneLine(error).replace(/^Cannot build/, "cannot build");
    throw new RangeError(
      `Cannot load the model: forger.json in ${folder} describes a model that cannot be built (${reason}); the file is ` +
        "damaged: save the model again",
    );
  }
}

/** Keeps only the settings that the system describes; a model folder contains a few other values as well. */
function knownSettings({ fields }: SomeSystem, settings: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => Object.hasOwn(fields, name)));
}

/** A model that translates images. */
export interface TranslatingModel extends SomeModel {
  translate(images: tf.Tensor4D, options?: object): Promise<tf.Tensor4D>;
  translateTiles(source: TileSource, sink: TileSink, options?: TileOptions): Promise<void>;
}

/** A model that generates images from noise. */
export interface GeneratingModel extends SomeModel {
  generate(options?: object): Promise<tf.Tensor4D>;
  /** Like `generate`, but yields the images in parts. A system may omit it. */
  generateParts?(options?: object): Parts;
}
