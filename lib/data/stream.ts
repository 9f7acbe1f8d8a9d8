/** What all sets of pairs share: order, augmentation, batches, reading ahead. A set itself only says how one pair is read.
 * @module */
import { type Augmentation, drawAugmentation } from "./augment.ts";
import type { BatchOptions, PairBatch, PairData } from "./pairs.ts";
import { type Picture, toTensor } from "./picture.ts";
import { prefetch } from "./prefetch.ts";
import { seededRandom, shuffled } from "./random.ts";

/** One pair as bytes. */
export interface PicturePair {
  /** What the generator is given. */
  input: Picture;
  /** What it should make of it. */
  target: Picture;
  /** A file's name, or a scene's seed. */
  name: string;
}

/** A set of pairs that can be read one by one. */
export interface PairSource extends Omit<PairData, "batches"> {
  /** Reads a pair at the set's height and width.
   * @param index from 0 to `count - 1`.
   * @param augmentation what to do with both halves; nothing if undefined. */
  read(index: number, augmentation?: Augmentation): Promise<PicturePair>;
}

/** At least this many pairs are read ahead; with large batches it is two batches. Eight hide a slow picture at batch 1 and are little memory. */
const leastAhead = 8;
/** The first seed after the user's: an epoch's order and its augmentations come from different streams. */
const purpose = { order: 1, augmentation: 2 };

/** Makes a set of pairs into batches: shuffled and augmented afresh each epoch, all of it given by (seed, epoch, index), read in the background. */
export function streamPairs(source: PairSource): PairData {
  const { name, count, height, width, inputChannels, targetChannels } = source;
  return {
    ...{ name, count, height, width, inputChannels, targetChannels },
    batches(options: BatchOptions = {}): AsyncIterable<PairBatch> {
      const plan = { batch: 1, seed: 0, epoch: 0, skip: 0, shuffle: true, augment: true, ...options };
      checkPlan(plan);
      return batches(source, plan);
    },
  };
}

/** An epoch's batches as bytes become tensors only here, when one is handed over: what was read ahead and is not wanted any more leaks nothing. */
async function* batches(source: PairSource, plan: Required<BatchOptions>): AsyncGenerator<PairBatch, void, void> {
  const ahead = Math.max(leastAhead, 2 * plan.batch);
  let pairs: PicturePair[] = [];
  let left = source.count - plan.skip * plan.batch;
  for await (const pair of prefetch(jobs(source, plan), ahead)) {
    pairs.push(pair);
    left--;
    if (pairs.length < plan.batch && left > 0) continue;
    const batch = pairs;
    pairs = [];
    yield {
      input: toTensor(batch.map((pair) => pair.input)),
      target: toTensor(batch.map((pair) => pair.target)),
      names: batch.map((pair) => pair.name),
    };
  }
}

function* jobs(source: PairSource, plan: Required<BatchOptions>): Generator<() => Promise<PicturePair>> {
  const { seed, epoch } = plan;
  const order = shuffled(source.count, seededRandom(seed, purpose.order, epoch));
  for (let place = plan.skip * plan.batch; place < source.count; place++) {
    const index = plan.shuffle ? order[place]! : place;
    // Drawn from the pair's own number, not from its place: the same whatever came before it.
    const random = seededRandom(seed, purpose.augmentation, epoch, index);
    yield () => source.read(index, plan.augment ? drawAugmentation(source.height, source.width, random) : undefined);
  }
}

function checkPlan(plan: Required<BatchOptions>): void {
  for (const [field, least] of [["batch", 1], ["epoch", 0], ["skip", 0], ["seed", -Infinity]] as const) {
    const value = plan[field];
    if (Number.isSafeInteger(value) && value >= least) continue;
    const wanted = least === -Infinity ? "a whole number" : `a whole number from ${least}`;
    throw new RangeError(`Cannot make batches: ${field} must be ${wanted}, got ${value}; change ${field}`);
  }
}
