/** Random numbers that follow a seed and are new at each draw, inside compiled steps and outside.
 *
 * tfjs has `tf.randomUniform(..., seed)`, the same numbers at every call, and without a seed, numbers that cannot be had again; and both are
 * drawn in JavaScript, where a compiled step would keep the first ones for ever. Here a draw is a function of (seed, position): on
 * TensorFlow one op of a counter-based generator, Philox (Salmon et al. 2011, "Parallel Random Numbers: As Easy as 1, 2, 3").
 * @module */
import * as tf from "../tf.ts";
import { eachCall } from "./compile.ts";
import { activeTensorflow, runOp } from "./tensorflow/active.ts";
import { attribute } from "./tensorflow/attributes.ts";
import { DTYPE } from "./tensorflow/symbols.ts";

/** The largest seed: TensorFlow takes 32-bit numbers with a sign. */
export const LARGEST_SEED: number = 2 ** 31 - 1;
/** Elsewhere seed and position are one number, exact up to so many draws. */
const POSITIONS = 2 ** 22;
/** In place of the number 0, which tfjs takes for no seed at all: a number that no seed and position make. */
const ZERO = 0.5;

/** A sequence of draws. Two streams of one seed and position give the same; streams of other seeds are independent. */
export class RandomStream {
  /** A whole number from 0 to {@linkcode LARGEST_SEED}. */
  readonly seed: number;
  /** Draws made so far. Set it to go on from there: it is all the state there is. */
  position: number;

  /** Starts at a position.
   * @param position draws to pass over.
   * @throws {RangeError} if the seed is no whole number of 31 bits. */
  constructor(seed: number, position = 0) {
    if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) {
      throw new RangeError(
        `Cannot start a random stream: the seed must be a whole number from 0 to ${LARGEST_SEED}, got ${seed}`,
      );
    }
    this.seed = seed;
    this.position = position;
  }

  #draw(shape: number[], op: string, elsewhere: (seed: number) => tf.Tensor): tf.Tensor {
    if (!activeTensorflow()) return elsewhere(this.seed * POSITIONS + this.position++ || ZERO);
    return tf.tidy(() => {
      const key = eachCall([2], "int32", () => [this.seed, this.position++]);
      const types = [
        attribute.type("dtype", DTYPE.float32),
        attribute.type("T", DTYPE.int32),
        attribute.type("Tseed", DTYPE.int32),
      ];
      return runOp(op, types, [tf.tensor1d(shape, "int32"), key])[0]!;
    });
  }

  /** Uniform in [0, 1). */
  uniform(shape: number[]): tf.Tensor {
    return this.#draw(shape, "StatelessRandomUniform", (seed) => tf.randomUniform(shape, 0, 1, "float32", seed));
  }

  /** Normal with mean 0 and standard deviation 1. */
  normal(shape: number[]): tf.Tensor {
    return this.#draw(shape, "StatelessRandomNormal", (seed) => tf.randomNormal(shape, 0, 1, "float32", seed));
  }
}
