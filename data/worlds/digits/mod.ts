/** Handwritten-like digits from a seed, for machines without MNIST: as many as one likes, without a file.
 * @module */
import type { LabelledData } from "../../../lib/data/labelled.ts";
import { seededRandom } from "../../../lib/data/random.ts";
import { streamLabelled } from "../../../lib/data/stream_others.ts";
import { checkScenes, type Split } from "../options.ts";
import { digitSize, renderDigit } from "./render_digit.ts";

/** Which digits. */
export interface DigitsOptions {
  /** How many; at most 10,000,000. Default 10,000. */
  count?: number;
  /** Whose hands: a whole number from 0 to 300,000,000. Default 0. */
  seed?: number;
  /** The three never share a digit. Default "train". */
  split?: Split;
}

const most = 10_000_000;
/** Each digit has a number of its own, and these end at 2^53. */
const MOST_SEED = 300_000_000;
const splits: Record<Split, number> = { train: 0, val: 1, test: 2 };

/** Digits as labelled pictures of 28 by 28, light on black as in MNIST, each class as often as the others. Each is written when its turn comes.
 *
 * A network of one hidden layer that saw 20,000 of these alone reads 79% of MNIST's test set (tests/data/digits/mnist_test.ts measures it).
 * @throws {RangeError} if an option is out of its range. */
export function digits({ count = 10_000, seed = 0, split = "train" }: DigitsOptions = {}): LabelledData {
  checkScenes({ count, size: digitSize, seed, split }, most, "write digits");
  const first = (seed * 3 + splits[split]) * most;
  if (seed > MOST_SEED) {
    throw new RangeError(`Cannot write digits: seed must be a whole number from 0 to ${MOST_SEED}, got ${seed}; change seed`);
  }
  return streamLabelled({
    name: `digits (${split})`,
    ...{ count, height: digitSize, width: digitSize, channels: 1, classes: 10 },
    read(index) {
      const label = index % 10;
      return { picture: renderDigit(label, seededRandom(first + index)), label, name: `digit ${first + index}` };
    },
  });
}
