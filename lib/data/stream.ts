/** What all sets share: order, augmentation, batches, reading ahead. A set itself only says how one of its elements is read.
 *
 * Everything random belongs to (seed, epoch, element), and nothing to what was read before: so an epoch goes on from any batch just as if it had not been
 * interrupted, and memory holds what is read ahead and an order, however large the set.
 * @module */
import { type Augmentation, drawAugmentation } from "./augment.ts";
import type { BatchOptions, LabelledBatch, LabelledData, PairBatch, PairData, UnpairedBatch, UnpairedData } from "./datasets.ts";
import { type AnyImage, type Image, toTensor } from "./image_bytes.ts";
import { seededRandom, shuffled } from "./random.ts";
import * as tf from "../tf.ts";

/** One pair as bytes. */
export interface ImagePair {
  /** What the generator is given. */
  input: AnyImage;
  /** What it should make of it. */
  target: AnyImage;
  /** A file's name, or a scene's seed. */
  name: string;
}

/** A set of pairs that can be read one by one. */
export interface PairSource extends Omit<PairData, "batches"> {
  /** Reads a pair at the set's height and width.
   * @param index from 0 to `count - 1`.
   * @param augmentation what to do with both halves; nothing if undefined. */
  read(index: number, augmentation?: Augmentation): Promise<ImagePair>;
}

/** How to go through a set, with nothing left open. */
export type BatchPlan = Required<BatchOptions>;

/** What is not said: an epoch from its beginning, one element at a time. */
export const wholeEpoch: BatchPlan = { batch: 1, seed: 0, epoch: 0, skip: 0, shuffle: true, augment: true };

/** A set of whatever can be read one by one. */
export interface ElementSource<Element, Batch> {
  /** Elements in an epoch. */
  count: number;
  /** Begins an epoch.
   * @returns what reads the element at a place of it, from 0 to `count - 1`: the same each time, in whatever order it is asked. */
  begin(plan: BatchPlan): (place: number) => Promise<Element>;
  /** Makes a batch of elements. Only here may tensors be made: what was read ahead and is not wanted any more then leaks nothing. */
  collate(elements: Element[]): Batch;
}

/** At least this many elements are read ahead; with large batches it is two batches. Eight hide a slow picture at batch 1 and are little memory. */
export const READ_AHEAD = 8;
/** The seed after the user's: an epoch's order and its augmentations come from different streams. */
export const purpose = { order: 1, augmentation: 2, order2: 3, augmentation2: 4 } as const;

/** One epoch of batches of a set, read in the background.
 * @throws {RangeError} if an option is not possible, at once. */
export function streamBatches<Element, Batch>(
  source: ElementSource<Element, Batch>,
  options: BatchOptions = {},
): AsyncGenerator<Batch, void, void> {
  const plan = { ...wholeEpoch, ...options };
  checkPlan(plan);
  return batches(source, plan);
}

async function* batches<Element, Batch>(
  source: ElementSource<Element, Batch>,
  plan: BatchPlan,
): AsyncGenerator<Batch, void, void> {
  const ahead = Math.max(READ_AHEAD, 2 * plan.batch);
  let elements: Element[] = [];
  let left = source.count - plan.skip * plan.batch;
  for await (const element of prefetch(jobs(source, plan), ahead)) {
    elements.push(element);
    left--;
    if (elements.length < plan.batch && left > 0) continue;
    const batch = elements;
    elements = [];
    yield source.collate(batch);
  }
}

function* jobs<Element, Batch>(source: ElementSource<Element, Batch>, plan: BatchPlan): Generator<() => Promise<Element>> {
  const read = source.begin(plan);
  for (let place = plan.skip * plan.batch; place < source.count; place++) yield () => read(place);
}

/** The order of an epoch: which element comes at which place. */
export function orderOf(count: number, { seed, epoch, shuffle }: BatchPlan): (place: number) => number {
  if (!shuffle) return (place) => place;
  const order = shuffled(count, seededRandom(seed, purpose.order, epoch));
  return (place) => order[place]!;
}

/** Makes a set of pairs into batches: shuffled and augmented afresh each epoch, all of it given by (seed, epoch, index), read in the background. */
export function streamPairs(source: PairSource): PairData {
  const { read, ...about } = source;
  const { count, height, width } = source;
  return {
    ...about,
    batches: (options?: BatchOptions): AsyncIterable<PairBatch> =>
      streamBatches({
        count,
        begin(plan) {
          const at = orderOf(count, plan);
          return (place) => {
            const index = at(place);
            if (!plan.augment) return read(index);
            // Drawn from the pair's own number, not from its place: the same whatever came before it.
            const random = seededRandom(plan.seed, purpose.augmentation, plan.epoch, index);
            return read(index, drawAugmentation(height, width, random));
          };
        },
        collate: collatePairs,
      }, options),
  };
}

function collatePairs(pairs: ImagePair[]): PairBatch {
  return {
    input: toTensor(pairs.map(({ input }) => input)),
    target: toTensor(pairs.map(({ target }) => target)),
    names: pairs.map(({ name }) => name),
  };
}

export function checkPlan(plan: BatchPlan): void {
  for (const [field, least] of [["batch", 1], ["epoch", 0], ["skip", 0], ["seed", -Infinity]] as const) {
    const value = plan[field];
    if (Number.isSafeInteger(value) && value >= least) continue;
    const wanted = least === -Infinity ? "a whole number" : `a whole number from ${least}`;
    throw new RangeError(`Cannot make batches: ${field} must be ${wanted}, got ${value}; change ${field}`);
  }
}

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

/** Yields what the jobs give, in their order, with up to `ahead` of them under way or waiting to be taken. Nothing starts before the first is asked for.
 *
 * A job that fails is thrown where its result would have come, after all that came before it. When the reader stops early (`break`, an error), no new
 * job starts, those under way are waited for, and what they give is dropped; so jobs must give plain values, not tensors, which would leak.
 * @param jobs started one after the other; taken only as far as needed.
 * @param ahead at least 1.
 * @throws {RangeError} if `ahead` is not a whole number from 1. */
export async function* prefetch<T>(jobs: Iterable<() => Promise<T>>, ahead: number): AsyncGenerator<T, void, void> {
  if (!Number.isSafeInteger(ahead) || ahead < 1) {
    throw new RangeError(`Cannot read ahead: wanted a whole number of jobs from 1, got ${ahead}; give for example 8`);
  }
  const waiting = jobs[Symbol.iterator]();
  const running: Promise<T>[] = [];
  const start = () => {
    while (running.length < ahead) {
      const job = waiting.next();
      if (job.done) return;
      const result = job.value();
      result.catch(() => {}); // it is thrown when its turn comes; until then it must not count as unhandled
      running.push(result);
    }
  };
  try {
    for (start(); running.length > 0; start()) yield await running.shift()!;
  } finally {
    await Promise.allSettled(running);
    waiting.return?.();
  }
}
