/** Computations that tfjs's gradient tape does not record.
 * @module */
import * as tf from "../tf.ts";

/** Runs `f` without recording it on the gradient tape, so enclosing gradient computations treat its results as constants.
 *
 * tfjs keeps a single tape for nested gradients, to support higher derivatives. With this function, a discriminator can be
 * updated while the generator's forward pass is on the tape; the update does not contribute to the generator's gradient. */
export function withoutTape<T>(f: () => T): T {
  const { state } = tf.engine();
  const { activeTape, gradientDepth } = state;
  Object.assign(state, { activeTape: null, gradientDepth: 0 });
  try {
    return f();
  } finally {
    Object.assign(state, { activeTape, gradientDepth });
  }
}
