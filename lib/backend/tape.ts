/** tfjs's gradient tape, put aside.
 * @module */
import * as tf from "../tf.ts";

/** Runs `f` as if no gradient were being computed around it: what it does is not recorded, and what it reads counts as constant.
 *
 * tfjs keeps one tape for nested gradients, so that they can be differentiated again. A discriminator's step taken while the generator's
 * forward pass is on the tape is not part of the generator's gradient: with this it stays out, and one forward pass serves both. */
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
