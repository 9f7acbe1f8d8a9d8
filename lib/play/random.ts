/** Random numbers on a page. For the same seed, they are the numbers that TensorFlow draws on Deno, so a seed gives the same
 * image on a page as in the terminal. bundle.json replaces ../backend/random.ts with this module.
 *
 * The generator is Philox 4x32 with 10 rounds (Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3"), with the keys,
 * the order and the distributions of TensorFlow's `StatelessRandomUniform` and `StatelessRandomNormal`.
 * @module */
import { LARGEST_SEED } from "./constants.ts";
import * as tf from "../tf.ts";

export { LARGEST_SEED };

type Four = [number, number, number, number];

const MULTIPLIERS = [0xD2511F53, 0xCD9E8D57] as const;
const INCREMENTS = [0x9E3779B9, 0xBB67AE85] as const;
const ROUNDS = 10;
/** The key with which TensorFlow scrambles a seed. */
const SEED_KEY = [0x3ec8f720, 0x02461e29] as const;

/** Returns the upper 32 bits of the product of two 32-bit integers. */
function upper(a: number, b: number): number {
  const [aHigh, aLow, bHigh, bLow] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carried = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carried / 0x10000)) >>> 0;
}

/** Returns four random 32-bit integers for a counter. */
export function philox(counter: Readonly<Four>, key: readonly [number, number]): Four {
  let [a, b, c, d] = counter;
  let [first, second] = key;
  for (let round = 0; round < ROUNDS; round++) {
    [a, b, c, d] = [
      (upper(MULTIPLIERS[1], c) ^ b ^ first) >>> 0,
      Math.imul(MULTIPLIERS[1], c) >>> 0,
      (upper(MULTIPLIERS[0], a) ^ d ^ second) >>> 0,
      Math.imul(MULTIPLIERS[0], a) >>> 0,
    ];
    first = (first + INCREMENTS[0]) >>> 0;
    second = (second + INCREMENTS[1]) >>> 0;
  }
  return [a, b, c, d];
}

/** Returns a number in [0, 1) computed from the lower 23 bits of an integer. */
function fraction(bits: number): number {
  return (bits & 0x7fffff) / 0x800000;
}

/** Converts two integers to two normally distributed numbers (Box and Muller 1958). */
function normalPair(a: number, b: number): [number, number] {
  const radius = Math.sqrt(-2 * Math.log(Math.max(fraction(a), 1e-7)));
  const angle = 2 * Math.PI * fraction(b);
  return [Math.sin(angle) * radius, Math.cos(angle) * radius];
}

/** A stream of random draws: see the class of the same name in ../backend/random.ts. */
export class RandomStream {
  /** Seed of the stream, an integer from 0 to {@linkcode LARGEST_SEED}. */
  readonly seed: number;
  /** Number of draws so far. */
  position: number;

  /** @throws {RangeError} If the seed is not an integer from 0 to {@linkcode LARGEST_SEED}. */
  constructor(seed: number, position = 0) {
    if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) {
      throw new RangeError(`Cannot create a random stream: the seed must be an integer from 0 to ${LARGEST_SEED}, got ${seed}`);
    }
    this.seed = seed;
    this.position = position;
  }

  #draw(shape: number[], numbersOf: (bits: Four) => number[]): tf.Tensor {
    const [first, second, third, fourth] = philox([this.seed, 0, this.position++, 0], SEED_KEY);
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    for (let group = 0; group * 4 < values.length; group++) {
      // The counter has 128 bits, of which the lower 64 count the groups.
      values.set(numbersOf(philox([group, 0, third, fourth], [first, second])).slice(0, values.length - group * 4), group * 4);
    }
    return tf.tensor(values, shape, "float32");
  }

  /** Draws from the uniform distribution on [0, 1). */
  uniform(shape: number[]): tf.Tensor {
    return this.#draw(shape, (bits) => bits.map(fraction));
  }

  /** Draws from the normal distribution with mean 0 and standard deviation 1. */
  normal(shape: number[]): tf.Tensor {
    return this.#draw(shape, ([a, b, c, d]) => [...normalPair(a, b), ...normalPair(c, d)]);
  }
}
