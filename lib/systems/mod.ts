/** The API for adding systems: the base class of all models, the registry, code shared by the training steps, and the fields and
 * losses of the existing systems.
 *
 * A system consists of self-describing settings, a training step, and a class that extends {@linkcode Model}. A small system fits
 * in one file. `registerSystem` makes a system available to the commands and to `loadModel`. CONTRIBUTING.md has an example.
 * @module */
export { type BatchOf, type Named, resumeSettings, type TrainingData } from "../train/options.ts";
export type { Losses } from "../train/loop.ts";
export { Model, type SampleRows, Session, type Shape, type Shapes } from "../train/model.ts";
export type { Provenance } from "../train/provenance.ts";
export type { Snapshot, Stateful, Trained } from "../train/state.ts";
export { BICYCLEGAN_FIELDS } from "./bicyclegan.ts";
export { CLASSIFIER_FIELDS, classifierStep } from "./classifier.ts";
export { CYCLEGAN_FIELDS } from "./cyclegan.ts";
export { CONDITIONAL_GAN_FIELDS, GAN_FIELDS } from "./gan_fields.ts";
export type { GanLosses, GanStepSettings, Minibatch, Samples } from "./gan_step.ts";
export type { GeneratedPart, Parts, PartsOptions } from "./parts.ts";
export { PIX2PIX_FIELDS } from "./pix2pix.ts";
export type { Pix2PixLosses } from "./pix2pix_step.ts";
export { registerSystem, type SomeModel, type SomeSystem, systemOf, systems } from "./registry.ts";
export { STACKGAN_FIELDS } from "./stackgan.ts";
export { discriminatorLogits, FIXED_STATISTICS, minimize, TRAINING } from "./step.ts";
export type { System, TrainingDefaults, Use } from "./system.ts";
