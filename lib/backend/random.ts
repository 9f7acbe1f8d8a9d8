/** Random numbers that depend only on a seed and a position in its stream. Successive draws differ, even in a compiled step.
 *
 * With a seed, `tf.randomUniform` returns the same numbers on every call; without a seed, its numbers cannot be reproduced.
 * `tf.randomUniform` also draws its numbers in JavaScript, so every run of a compiled step would repeat the numbers drawn during
 * tracing. In this module, a draw depends only on the seed and the position. On TensorFlow, each draw is a single op that uses
 * the counter-based generator Philox (Salmon, Moraes, Dror and Shaw 2011, "Parallel Random Numbers: As Easy as 1, 2, 3").
 * @module */
import * as tf from "../tf.ts";
import { eachCall } from "./compile.ts";
import { activeTensorflow, runOp } from "./tensorflow/active.ts";
import { activeCluster } from "./tensorflow/active_cluster.ts";
import { attribute } from "./tensorflow/attributes.ts";
import { DTYPE } from "./tensorflow/symbols.ts";

/** Maximum seed: the largest signed 32-bit integer, as TensorFlow requires. */
export const LARGEST_SEED: number = 2 ** 31 - 1;
/** Number of positions per seed on backends other than TensorFlow. Backends other than TensorFlow take a single integer, which
 * combines the seed and the position and must be exactly representable in double precision. */
const POSITIONS = 2 ** 22;
/** Value used instead of the combined seed 0, which tfjs treats as a missing seed. No combination of seed and position equals
 * this value. */
const ZERO = 0.5;

/** A stream of random draws. Equal seeds and positions give the same numbers; streams with different seeds are independent. */
export class RandomStream {
  /** Integer from 0 to {@linkcode LARGEST_SEED}. */
  readonly seed: number;
  /** Number of draws so far, which is the entire state of the stream. To resume a stream, assign a saved position. */
  position: number;

  /** Creates a stream that starts at the given position.
   * @param position Number of draws to skip.
   * @throws {RangeError} If the seed is not an integer from 0 to {@linkcode LARGEST_SEED}. */
  constructor(seed: number, position = 0) {
    if (!Number.isInteger(seed) || seed < 0 || seed > LARGEST_SEED) {
      throw new RangeError(`Cannot create a random stream: the seed must be an integer from 0 to ${LARGEST_SEED}, got ${seed}`);
    }
    this.seed = seed;
    this.position = position;
  }

  #draw(shape: number[], op: string, elsewhere: (seed: number) => tf.Tensor): tf.Tensor {
    if (!activeTensorflow()) return elsewhere(this.seed * POSITIONS + this.position++ || ZERO);
    return tf.tidy(() => {
      const key = eachCall([2], "int32", () => [this.seed, this.position++]);
      const { float32, int32 } = DTYPE;
      const types = [attribute.type("dtype", float32), attribute.type("T", int32), attribute.type("Tseed", int32)];
      const cluster = activeCluster();
      if (!cluster?.inStep) return runOp(op, types, [tf.tensor1d(shape, "int32"), key])[0]!;
      // Draws the numbers of the whole batch, so that they do not depend on the number of workers.
      const whole = [shape[0]! * cluster.workers.length, ...shape.slice(1)];
      return cluster.ownRows(runOp(op, types, [tf.tensor1d(whole, "int32"), key])[0]!);
    });
  }

  /** Draws from the uniform distribution on [0, 1). */
  uniform(shape: number[]): tf.Tensor {
    return this.#draw(shape, "StatelessRandomUniform", (seed) => tf.randomUniform(shape, 0, 1, "float32", seed));
  }

  /** Draws from the normal distribution with mean 0 and standard deviation 1. */
  normal(shape: number[]): tf.Tensor {
    return this.#draw(shape, "StatelessRandomNormal", (seed) => tf.randomNormal(shape, 0, 1, "float32", seed));
  }
}
