/** Weight initializers for all networks, and a function that skips initialization for networks whose weights are about to be
 * loaded.
 *
 * Each function returns a tfjs initializer, so a saved model describes it like any other tfjs initializer. Biases are initialized
 * to 0, the default of tfjs.
 * @module */
import * as tf from "../tf.ts";

/** A tfjs initializer. */
export type Initializer = Exclude<NonNullable<Parameters<typeof tf.layers.dense>[0]["kernelInitializer"]>, string>;

/** Standard deviation of the initial kernels (pix2pix, appendix 6.2; DCGAN, section 4) and of the initial scales of batch norm
 * (reference implementation of pix2pix). */
const DEVIATION = 0.02;
/** Size of a float32, in bytes. */
const FLOAT_BYTES = 4;

/** Maximum total size of the weights created in the current scope, and how much of it is left, in bytes. */
let scope: { limit: number; left: number } | undefined;

/** Builds networks whose weights are about to be loaded: the initializers in this file return zeros and draw no random numbers.
 *
 * The limit bounds the memory that a network description from an untrusted folder can allocate. The limit covers all weights
 * except biases, which are negligible.
 * @param limitBytes Maximum total size of the weights, in bytes.
 * @param build Function that builds the networks. The function must be synchronous: weights created after an `await` are
 * initialized as usual.
 * @throws {RangeError} If the weights exceed the limit; thrown before memory is allocated for the weight that exceeds it. */
export function withoutInitialWeights<T>(limitBytes: number, build: () => T): T {
  const outer = scope;
  scope = { limit: limitBytes, left: limitBytes };
  try {
    return build();
  } finally {
    scope = outer;
  }
}

/** Makes an initializer return zeros when it is called inside {@linkcode withoutInitialWeights}. */
function skippable<I extends Initializer>(initializer: I): I {
  const draw = initializer.apply.bind(initializer);
  initializer.apply = (shape, dtype) => {
    if (!scope) return draw(shape, dtype);
    scope.left -= FLOAT_BYTES * tf.util.sizeFromShape(shape as number[]);
    if (scope.left >= 0) return tf.zeros(shape as number[], dtype);
    const problem = `it has more weights than the limit of ${scope.limit} bytes allows`;
    throw new RangeError(`Cannot build the network: ${problem}; its description is damaged: save the model again`);
  };
  return initializer;
}

/** Returns the initializer for convolution kernels: a normal distribution with mean 0 and standard deviation 0.02. */
export const initialKernel = (seed: number): Initializer =>
  skippable(tf.initializers.randomNormal({ mean: 0, stddev: DEVIATION, seed }));
/** Returns the initializer for batch norm's scale: a normal distribution with mean 1 and standard deviation 0.02. */
export const initialScale = (seed: number): Initializer =>
  skippable(tf.initializers.randomNormal({ mean: 1, stddev: DEVIATION, seed }));
/** Returns the initializer for layers followed by a ReLU (He et al., 2015, arXiv:1502.01852, equation 10). */
export const heNormal = (seed: number): Initializer => skippable(tf.initializers.heNormal({ seed }));
/** Returns the initializer for linear layers (Glorot and Bengio, 2010, equation 16). */
export const glorotUniform = (seed: number): Initializer => skippable(tf.initializers.glorotUniform({ seed }));
/** Returns an initializer that fills weights with 0. */
export const zeros = (): Initializer => skippable(tf.initializers.zeros());
/** Returns an initializer that fills weights with 1. */
export const ones = (): Initializer => skippable(tf.initializers.ones());
