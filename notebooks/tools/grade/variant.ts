/** What the hidden variants of checks are made of.
 * @module */
import { type data, optimizers, patchDiscriminator, type Pix2PixParts, tf, unet } from "../../../mod.ts";

/** A hidden variant of a check. */
export interface Variant {
  /** Returns what an answer gives for random numbers. Runs in the sandbox.
   * @param answer what the student passed to the check. */
  ask(answer: unknown, random: data.Random): unknown;
  /** Returns what must agree with the solution, if there are several right answers. Runs outside of the sandbox.
   * @param given what `ask` returned.
   * @param random a generator that gives the same numbers. */
  judge(given: unknown, random: data.Random): unknown;
}

/** Creates a variant for answers of type `A`, for which `ask` returns values of type `T`. */
export function variant<A, T = unknown>(
  ask: (answer: A, random: data.Random) => T | Promise<T>,
  judge: (given: T, random: data.Random) => unknown = (given) => given,
): Variant {
  return { ask, judge } as Variant;
}

/** Random numbers. */
export function numbers(random: data.Random, count: number, low = -1, high = 1): number[] {
  return Array.from({ length: count }, () => random.between(low, high));
}

/** A random number around 1. */
export function nearOne(random: data.Random): number {
  return random.between(0.5, 1.5);
}

/** A tensor of random numbers. */
export function tensor(random: data.Random, shape: number[], low = -1, high = 1): tf.Tensor {
  return tf.tensor(numbers(random, shape.reduce((product, side) => product * side), low, high), shape);
}

/** A tensor of random integers below `limit`. */
export function some(random: data.Random, count: number, limit: number): tf.Tensor1D {
  return tf.tensor1d(Array.from({ length: count }, () => random.integer(limit)), "int32");
}

/** The gradient of a function of images. */
export function grad(of: (image: tf.Tensor4D) => tf.Scalar, at: tf.Tensor4D): tf.Tensor {
  return tf.grad((image) => of(image as tf.Tensor4D))(at);
}

/** Lets a step train two small networks of pix2pix. Returns its loss, and the sums of their weights before and after it. */
export function trainedParts(
  random: data.Random,
  step: (parts: Pix2PixParts, input: tf.Tensor4D, target: tf.Tensor4D) => tf.Scalar,
): unknown {
  const seed = random.integer(1000);
  const generator = unet({ size: 16, filters: 2, dropout: 0, seed });
  const discriminator = patchDiscriminator({ size: 16, filters: 2, layers: 1, seed });
  const adam = (network: tf.LayersModel) => {
    const variables = network.trainableWeights.map((weight) => weight.read() as tf.Variable);
    return new optimizers.Adam({ learningRate: 0.01 }, variables);
  };
  const [generatorOptimizer, discriminatorOptimizer] = [adam(generator), adam(discriminator)];
  const sums = () => [generator, discriminator].map((network) => network.getWeights().map((weight) => tf.sum(weight)));
  const before = sums();
  const [input, target] = [tensor(random, [1, 16, 16, 3]), tensor(random, [1, 16, 16, 3])] as [tf.Tensor4D, tf.Tensor4D];
  const loss = step({ generator, discriminator, generatorOptimizer, discriminatorOptimizer, lambda: 100 }, input, target);
  return [loss, before, sums()];
}
