/** Batches of sets that are not pairs: pictures with labels, and two sets without pairs.
 * @module */
import * as tf from "../tf.ts";
import { type Augmentation, drawAugmentation } from "./augment.ts";
import type { LabelledBatch, LabelledData } from "./labelled.ts";
import type { BatchOptions } from "./pairs.ts";
import { type AnyImage, type Image, toTensor } from "./picture.ts";
import { seededRandom, shuffled } from "./random.ts";
import { type BatchPlan, orderOf, purpose, streamBatches } from "./stream.ts";
import type { UnpairedBatch, UnpairedData } from "./unpaired.ts";

/** A picture and its class. */
export interface LabelledImage {
  picture: Image;
  /** From 0. */
  label: number;
  /** Its number in a file, or a seed. */
  name: string;
}

/** A set of labelled pictures that can be read one by one. */
export interface LabelledSource extends Omit<LabelledData, "batches"> {
  /** Reads a picture.
   * @param index from 0 to `count - 1`. */
  read(index: number): LabelledImage | Promise<LabelledImage>;
}

/** Makes a set of labelled pictures into batches. The option `augment` changes nothing here: a 2 in a mirror is no 2. */
export function streamLabelled(source: LabelledSource): LabelledData {
  const { read, ...about } = source;
  const { count } = source;
  const begin = (plan: BatchPlan) => {
    const at = orderOf(count, plan);
    // deno-lint-ignore require-await -- what read() throws must come where the picture would have come
    return async (place: number) => read(at(place));
  };
  const collate = (elements: LabelledImage[]): LabelledBatch => ({
    images: toTensor(elements.map(({ picture }) => picture)),
    labels: tf.tensor1d(elements.map(({ label }) => label), "int32"),
    names: elements.map(({ name }) => name),
  });
  return {
    ...about,
    batches: (options?: BatchOptions): AsyncIterable<LabelledBatch> => streamBatches({ count, begin, collate }, options),
  };
}

/** A picture and where it came from. */
export interface NamedImage {
  picture: AnyImage;
  name: string;
}

/** Reads one picture of a set at the set's height and width. */
export type ReadNamed = (index: number, augmentation?: Augmentation) => Promise<NamedImage>;

/** Two sets whose pictures can be read one by one. */
export interface UnpairedSource extends Omit<UnpairedData, "batches" | "count"> {
  readA: ReadNamed;
  readB: ReadNamed;
}

/** Makes two sets into batches. Each is shuffled by itself, and what comes together changes with the epoch; the smaller one begins again, in a new
 * order, until the larger one is through. */
export function streamUnpaired(source: UnpairedSource): UnpairedData {
  const { readA, readB, ...about } = source;
  const { aCount, bCount } = source;
  const count = Math.max(aCount, bCount);
  const begin = (plan: BatchPlan) => {
    const a = side(source, plan, aCount, readA, purpose.order, purpose.augmentation);
    const b = side(source, plan, bCount, readB, purpose.order2, purpose.augmentation2);
    return (place: number) => Promise.all([a(place), b(place)]);
  };
  const collate = (elements: [NamedImage, NamedImage][]): UnpairedBatch => ({
    a: toTensor(elements.map(([a]) => a.picture)),
    b: toTensor(elements.map(([, b]) => b.picture)),
    names: elements.map(([a, b]) => `${a.name}, ${b.name}`),
  });
  return {
    ...about,
    count,
    batches: (options?: BatchOptions): AsyncIterable<UnpairedBatch> => streamBatches({ count, begin, collate }, options),
  };
}

/** Reads one of the two sets by the places of an epoch. */
function side(
  { height, width }: { height: number; width: number },
  { seed, epoch, shuffle, augment }: BatchPlan,
  count: number,
  read: ReadNamed,
  orderPurpose: number,
  augmentationPurpose: number,
): (place: number) => Promise<NamedImage> {
  let order: { round: number; list: number[] } | undefined;
  const at = (place: number) => {
    const round = Math.floor(place / count);
    if (!shuffle) return place % count;
    if (order?.round !== round) order = { round, list: shuffled(count, seededRandom(seed, orderPurpose, epoch, round)) };
    return order.list[place % count]!;
  };
  return (place) => {
    if (!augment) return read(at(place));
    const random = seededRandom(seed, augmentationPurpose, epoch, place);
    return read(at(place), drawAugmentation(height, width, random));
  };
}
