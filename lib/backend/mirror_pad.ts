/** Reflection padding with TensorFlow's own ops, one for each pass.
 * @module */
import * as tf from "../tf.ts";
import { activeTensorflow, FLOAT, runOp } from "./tensorflow/active.ts";
import { attribute } from "./tensorflow/attributes.ts";
import { DTYPE } from "./tensorflow/symbols.ts";

/** Pads the height and width of images by reflection.
 * @param x `[batch, height, width, channels]`.
 * @returns The padded images, or undefined if TensorFlow's ops cannot be used: on other backends, and for second derivatives. */
export function mirrorPad(x: tf.Tensor4D, padding: number): tf.Tensor4D | undefined {
  if (!activeTensorflow() || tf.engine().state.gradientDepth > 1) return undefined;
  const run = (name: string, values: tf.Tensor) => {
    const sides = tf.tensor2d([[0, 0], [padding, padding], [padding, padding], [0, 0]], [4, 2], "int32");
    const attributes = [FLOAT, attribute.type("Tpaddings", DTYPE.int32), attribute.text("mode", "REFLECT")];
    return runOp(name, attributes, [values, sides])[0]!;
  };
  const padded = tf.customGrad((x) => ({
    value: run("MirrorPad", x as tf.Tensor),
    gradFunc: (dy: tf.Tensor) => run("MirrorPadGrad", dy),
  }));
  return tf.tidy(() => padded(x)) as tf.Tensor4D;
}
