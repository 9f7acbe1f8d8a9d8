/** Exercise 6: the colour of one image combined with the brightness of another, Eq. (9.3).
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";
import { lumaOf } from "./weights.ts";

/** Signature of the function that the exercise asks for. */
export type Keep = (made: tf.Tensor4D, grey: tf.Tensor4D) => tf.Tensor4D;

/** Checks values inside and outside of [-1, 1]. */
export function checkKeep(yours: Keep): Promise<Verdict> {
  return judged(() => {
    const made = tf.tensor4d([0.2, -0.4, 0.6, 0.9, 0.8, 0.7, -0.9, -0.5, -0.9], [1, 1, 3, 3]);
    const grey = tf.tensor4d([0.1, 1, -1], [1, 1, 3, 1]);
    const got = yours(made, grey);
    if (!(got instanceof tf.Tensor)) return notYet("return a tensor, from a function without async");
    if (`${got.shape}` !== `${made.shape}`) {
      return notYet(`the image keeps its three channels: [${made.shape}], yours is [${got.shape}]`);
    }
    const farthest = (wanted: tf.Tensor) => tf.max(tf.abs(tf.sub(got, wanted))).dataSync()[0]!;
    const corrected = tf.add(made, tf.sub(grey, lumaOf(made)));
    if (farthest(tf.clipByValue(corrected, -1, 1)) < 1e-5) {
      return right("the hue of one image, the brightness of the other, and within the range");
    }
    if (farthest(corrected) < 1e-5) return notYet("right, except that some values are outside of -1 to 1: use tf.clipByValue");
    if (farthest(tf.clipByValue(tf.sub(made, tf.sub(grey, lumaOf(made))), -1, 1)) < 1e-5) {
      return notYet("the sign is wrong: the missing brightness is added");
    }
    if (farthest(tf.clipByValue(tf.add(made, grey), -1, 1)) < 1e-5) {
      return notYet("only the missing brightness is added: x minus the brightness of the output");
    }
    return notYet("the values are not those of (9.3)");
  });
}
