/** Batching for any source whose elements can be read individually: shuffling, augmentation, collation and prefetching.
 *
 * All random numbers depend only on the seed, the epoch and the element, not on which elements were read earlier. An interrupted
 * epoch can therefore be resumed at any batch. Only the prefetched elements and the permuted indices are kept in memory.
 * @module */
import * as tf from "../tf.ts";
import { type Augmentation, CENTRE, drawAugmentation, WHOLE } from "./augment.ts";
import type {
  BatchOptions,
  DataSet,
  ImagePair,
  LabelledBatch,
  LabelledData,
  PairBatch,
  PairData,
  UnpairedBatch,
  UnpairedData,
} from "./datasets.ts";
import { type AnyImage, toTensor } from "./image_bytes.ts";
import { prefetch } from "./prefetch.ts";
import { type Random, seededRandom, shuffled } from "./random.ts";

/** A source of image pairs. */
export interface PairSource extends Omit<PairData, "batches" | "wholePairs"> {
  /** Reads a pair at the data set's height and width. In a data set of crops, whole images are read if `augmentation` is omitted.
   * @param index Position in the source, from 0 to `count - 1`.
   * @param augmentation Augmentation to apply to both images. Default: none. */
  read(index: number, augmentation?: Augmentation): Promise<ImagePair>;
}

/** An image and its origin. */
export interface NamedImage {
  /** The image. */
  picture: AnyImage;
  /** Origin of the image: an index in a file, a file name, or a seed. */
  name: string;
}

/** An image and its class. */
export interface LabelledImage extends NamedImage {
  /** Zero-based class index. */
  label: number;
}

/** A source of labelled images. */
export interface LabelledSource extends Omit<LabelledData, "batches"> {
  /** Reads an image.
   * @param index Position in the source, from 0 to `count - 1`.
   * @param augmentation Position of the crop; passed only for a data set of crops. */
  read(index: number, augmentation?: Augmentation): LabelledImage | Promise<LabelledImage>;
}

/** Reads one image at the data set's height and width. In a data set of crops, the whole image is read if `augmentation` is
 * omitted. */
export type ReadNamed = (index: number, augmentation?: Augmentation) => Promise<NamedImage>;

/** A source of images from two domains. */
export interface UnpairedSource extends Omit<UnpairedData, "batches" | "count"> {
  /** Reads the image at `index` in domain A. */
  readA: ReadNamed;
  /** Reads the image at `index` in domain B. */
  readB: ReadNamed;
}

/** {@linkcode BatchOptions} with all defaults filled in. */
export type BatchPlan = Required<BatchOptions>;

/** Default values of {@linkcode BatchOptions}. */
export const BATCH_DEFAULTS: BatchPlan = {
  ...{ batch: 1, seed: 0, epoch: 0, skip: 0, shuffle: true, augment: true, whole: false },
  share: { index: 0, of: 1 },
};

/** A source of elements of any type. */
export interface ElementSource<Element, Batch> {
  /** Number of elements per epoch. */
  count: number;
  /** Begins an epoch.
   * @returns A function that reads the element at a position from 0 to `count - 1`; elements may be read in any order. */
  begin(plan: BatchPlan): (position: number) => Promise<Element>;
  /** Combines elements into a batch. Tensors may be created only in this function, so that discarded elements do not
   * leak tensors. */
  collate(elements: Element[]): Batch;
}

/** Minimum number of elements to prefetch; for large batches, two batches are prefetched. With a batch size of 1,
 * prefetching eight elements hides the latency of one slow image. */
export const READ_AHEAD = 8;
/** Second seed of each random stream, after the seed of the run. With different second seeds, the order and the augmentation of
 * each domain are independent. */
const STREAM = { order: 1, augmentation: 2, orderB: 3, augmentationB: 4 } as const;

/** Returns one epoch of batches, which are read in the background.
 * @throws {RangeError} If an option is invalid; thrown immediately, not during the iteration. */
export function streamBatches<Element, Batch>(
  source: ElementSource<Element, Batch>,
  options: BatchOptions = {},
): AsyncGenerator<Batch, void, void> {
  const plan = { ...BATCH_DEFAULTS, ...options };
  checkPlan(plan);
  return batches(source, plan);
}

async function* batches<Element, Batch>(
  source: ElementSource<Element, Batch>,
  plan: BatchPlan,
): AsyncGenerator<Batch, void, void> {
  const size = Math.ceil(plan.batch / plan.share.of);
  const ahead = Math.max(READ_AHEAD, 2 * size);
  const elements: Element[] = [];
  for await (const element of prefetch(jobs(source, plan), ahead)) {
    if (elements.push(element) === size) yield source.collate(elements.splice(0));
  }
  if (elements.length > 0) yield source.collate(elements);
}

function* jobs<Element, Batch>(source: ElementSource<Element, Batch>, plan: BatchPlan): Generator<() => Promise<Element>> {
  const read = source.begin(plan);
  for (let start = plan.skip * plan.batch; start < source.count; start += plan.batch) {
    const size = Math.min(plan.batch, source.count - start);
    for (const position of shareOf(size, plan)) yield () => read(start + position);
  }
}

/** Returns the positions in a batch of `size` elements that belong to this worker. */
export function shareOf(size: number, { share: { index, of } }: BatchPlan): number[] {
  return Array.from({ length: Math.ceil(size / of) }, (_, i) => (i * of + index) % size);
}

/** Checks the options for an epoch.
 * @throws {RangeError} If an option is not an integer in its valid range. */
export function checkPlan(plan: BatchPlan): void {
  for (const [field, least] of [["batch", 1], ["epoch", 0], ["skip", 0], ["seed", -Infinity]] as const) {
    const value = plan[field];
    if (Number.isSafeInteger(value) && value >= least) continue;
    const wanted = least === -Infinity ? "an integer" : `an integer ≥ ${least}`;
    throw new RangeError(`Cannot make batches: ${field} must be ${wanted}, got ${value}; change ${field}`);
  }
}

/** Returns the order of the elements in an epoch, as a function that maps a position to an index. */
export function orderOf(count: number, { seed, epoch, shuffle }: BatchPlan): (position: number) => number {
  if (!shuffle) return (position) => position;
  const order = shuffled(count, seededRandom(seed, STREAM.order, epoch));
  return (position) => order[position]!;
}

/** Returns the augmentation for an element of an epoch; `undefined` if the element is read without augmentation.
 * @param random Function that returns the random numbers for the element. */
function augmentationOf(
  { scale }: { readonly scale?: number },
  { augment, whole }: BatchPlan,
  random: () => Random,
): Augmentation | undefined {
  if (augment) return drawAugmentation(random());
  return scale === undefined || whole ? undefined : CENTRE;
}

/** Creates a data set from a source of image pairs. The seed and the epoch determine the order and the augmentation. */
export function streamPairs(source: PairSource): PairData {
  const { read, ...properties } = source;
  const { count } = source;
  const begin = (plan: BatchPlan) => {
    const indexAt = orderOf(count, plan);
    return (position: number) => {
      const index = indexAt(position);
      // Seeded by the index rather than the position, so that the augmentation does not depend on the order.
      const random = () => seededRandom(plan.seed, STREAM.augmentation, plan.epoch, index);
      return read(index, augmentationOf(source, plan, random));
    };
  };
  const collate = (pairs: ImagePair[]): PairBatch => ({
    input: toTensor(pairs.map(({ input }) => input)),
    target: toTensor(pairs.map(({ target }) => target)),
    names: pairs.map(({ name }) => name),
  });
  const wholePairs = () => prefetch(Array.from({ length: count }, (_, index) => () => read(index, WHOLE)), 1);
  return {
    ...properties,
    ...source.scale !== undefined && { wholePairs },
    batches: (options?: BatchOptions) => streamBatches({ count, begin, collate }, options),
  };
}

/** Creates a data set from a source of labelled images. Images are never mirrored, since a mirrored digit may not match its
 * label. `augment` affects only a data set of crops: if it is set, the crops are at random positions, otherwise at the centre. */
export function streamLabelled(source: LabelledSource): LabelledData {
  const { read, ...properties } = source;
  const { count } = source;
  const begin = (plan: BatchPlan) => {
    const indexAt = orderOf(count, plan);
    // deno-lint-ignore require-await -- so that an exception in read() rejects the promise
    return async (position: number) => {
      const index = indexAt(position);
      if (source.scale === undefined) return read(index);
      const random = () => seededRandom(plan.seed, STREAM.augmentation, plan.epoch, index);
      return read(index, { ...augmentationOf(source, { ...plan, whole: false }, random)!, mirror: false });
    };
  };
  const collate = (elements: LabelledImage[]): LabelledBatch => ({
    images: toTensor(elements.map(({ picture }) => picture)),
    labels: tf.tensor1d(elements.map(({ label }) => label), "int32"),
    names: elements.map(({ name }) => name),
  });
  return { ...properties, batches: (options?: BatchOptions) => streamBatches({ count, begin, collate }, options) };
}

/** Creates an unpaired data set from a source of images from two domains. The domains are shuffled independently. The images of
 * the smaller domain are repeated, in a new order each time, until all images of the larger domain have been used. */
export function streamUnpaired(source: UnpairedSource): UnpairedData {
  const { readA, readB, ...properties } = source;
  const { aCount, bCount } = source;
  const count = Math.max(aCount, bCount);
  const begin = (plan: BatchPlan) => {
    const a = domain(source, plan, aCount, readA, STREAM.order, STREAM.augmentation);
    const b = domain(source, plan, bCount, readB, STREAM.orderB, STREAM.augmentationB);
    return (position: number) => Promise.all([a(position), b(position)]);
  };
  const collate = (elements: [NamedImage, NamedImage][]): UnpairedBatch => ({
    a: toTensor(elements.map(([a]) => a.picture)),
    b: toTensor(elements.map(([, b]) => b.picture)),
    names: elements.map(([a, b]) => `${a.name}, ${b.name}`),
  });
  return { ...properties, count, batches: (options?: BatchOptions) => streamBatches({ count, begin, collate }, options) };
}

/** Returns a function that reads the image of one domain at a position in the epoch. */
function domain(
  source: UnpairedSource,
  plan: BatchPlan,
  count: number,
  read: ReadNamed,
  orderStream: number,
  augmentationStream: number,
): (position: number) => Promise<NamedImage> {
  const { seed, epoch, shuffle } = plan;
  let order: { round: number; list: number[] } | undefined;
  const indexAt = (position: number) => {
    const round = Math.floor(position / count);
    if (!shuffle) return position % count;
    if (order?.round !== round) order = { round, list: shuffled(count, seededRandom(seed, orderStream, epoch, round)) };
    return order.list[position % count]!;
  };
  return (position) => {
    const random = () => seededRandom(seed, augmentationStream, epoch, position);
    return read(indexAt(position), augmentationOf(source, plan, random));
  };
}

/** Returns the first elements of a data set as one batch, in the data set's own order and without augmentation.
 * @param count Number of elements. Default 1.
 * @throws {RangeError} If the data set is empty. */
export async function firstBatch<Batch>(
  data: Pick<DataSet<Batch>, "name" | "batches">,
  count = 1,
): Promise<Batch> {
  for await (const batch of data.batches({ batch: count, shuffle: false, augment: false })) return batch;
  throw new RangeError(`Cannot read a batch of ${data.name}: expected at least one element, got none; use another data set`);
}
