/** A vector laid over a picture: a label, a code, the embedding of a caption.
 * @module */
import * as tf from "../tf.ts";

/** The picture with a plane for each number of the vector behind its channels, that number everywhere. The vector is repeated pixel by pixel and only
 * then laid out: repeated number by number the shape would be the same, and the planes nonsense.
 * @param picture `[batch, size, size, channels]`.
 * @param vector `[batch, numbers]`.
 * @param name of the layers; they begin with it.
 * @returns `[batch, size, size, channels + numbers]`. */
export function withPlanes(picture: tf.SymbolicTensor, vector: tf.SymbolicTensor, name = ""): tf.SymbolicTensor {
  const [, height, width] = picture.shape as [null, number, number];
  const numbers = vector.shape[1]!;
  const named = (part: string) => ({ name: name + part });
  let planes = tf.layers.repeatVector({ n: height * width, ...named("repeat") }).apply(vector) as tf.SymbolicTensor;
  planes = tf.layers.reshape({ targetShape: [height, width, numbers], ...named("planes") }).apply(planes) as tf.SymbolicTensor;
  return tf.layers.concatenate(named("labelled")).apply([picture, planes]) as tf.SymbolicTensor;
}
