/** What a trainer gives to the loop that all of them share.
 * @module */
import type * as tf from "../tf.ts";
import type { BatchOptions } from "../data/datasets.ts";
import type { Image } from "../data/image_bytes.ts";
import type { TrainOptions } from "./options.ts";
import type { Trained } from "./state.ts";

/** α of Adam in DCGAN, pix2pix and CycleGAN. */
export const LEARNING_RATE = 0.0002;

/** What a batch has besides its tensors. */
export interface Named {
  /** Where each element came from. */
  names: string[];
}

/** What the loop needs to know of a set of data: pairs, labelled pictures, or others. */
export interface TrainingData<Batch> {
  readonly name: string;
  readonly count: number;
  /** Names of the classes, in the order of their numbers, where the data have classes with names. */
  readonly classNames?: readonly string[];
  /** Which way round pairs are, where the data can be read both ways. */
  readonly direction?: "AtoB" | "BtoA";
  /** One epoch. Who receives a batch owns it. */
  batches(options?: BatchOptions): AsyncIterable<Batch>;
}

/** What the loop needs to know of a trainer. */
export interface System<Batch> {
  /** Everything with weights or moments. */
  trained: Trained;
  /** Whatever must be the same when an interrupted training goes on. */
  settings: Record<string, unknown>;
  /** Told when the training is accepted: its options, its folder and its checkpoint fit. */
  begin?(): void;
  /** Told before an epoch's first step which one it is, from 0; also where one goes on in its middle. */
  beginEpoch?(epoch: number): void;
  /** One step on a batch, which it does not dispose of. */
  step(batch: Batch): Record<string, tf.Scalar>;
  /** What each discriminator's loss is when it cannot tell, by the loss's name. */
  undecided?: Record<string, number>;
  /** What the generator makes, of the samples that were given to the training if it is made of something. */
  sample(): Promise<Record<string, Image>[] | undefined>;
}

/** All that must be the same when an interrupted training goes on: the system's settings, the training's, and which data. */
export function settingsOf<Batch>(
  { settings }: System<Batch>,
  { name, count, direction }: TrainingData<Batch>,
  { batch = 1, seed = 0, augment = true, learningRate = LEARNING_RATE, decayFrom }: TrainOptions,
): Record<string, unknown> {
  const turned = direction === undefined ? {} : { direction };
  return { ...settings, batch, seed, augment, learningRate, decayFrom, data: name, count, ...turned };
}

/** The values of some scalars, which are disposed of. */
export async function numbersOf(scalars: Record<string, tf.Scalar>): Promise<Record<string, number>> {
  const numbers: Record<string, number> = {};
  for (const [name, scalar] of Object.entries(scalars)) {
    numbers[name] = (await scalar.data())[0]!;
    scalar.dispose();
  }
  return numbers;
}

/** @throws {RangeError} unless it is a whole number of at least 1. */
export function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1) {
    throw new RangeError(`Cannot train: ${name} must be a whole number of at least 1, got ${value}; change ${name}`);
  }
}

/** @throws {RangeError} if what is asked for cannot be done. */
export function checkOptions({ epochs, batch = 1, onNan, checkpoint }: TrainOptions): void {
  checkCount("epochs", epochs);
  checkCount("batch", batch);
  if (onNan !== "rollback" || checkpoint !== undefined) return;
  throw new RangeError('Cannot roll back: wanted a folder for checkpoints, got none; name one, or take onNan "stop"');
}

/** What is wrong with data whose epoch is over before its last step. */
export function tooFewBatches(name: string, wanted: number, got: number): RangeError {
  return new RangeError(
    `Cannot train on ${name}: wanted ${wanted} batches in an epoch, got ${got}; let batches() give the last, smaller one too, or lower count`,
  );
}
