/** Exercise 5: the brightness of images, Eq. (9.1).
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";
import { lumaOf } from "./weights.ts";

/** Signature of the function that the exercise asks for. */
export type Brightness = (images: tf.Tensor4D) => tf.Tensor4D;

/** Checks the shape and the values of the result. */
export function checkLuma(yours: Brightness): Promise<Verdict> {
  return judged(() => {
    const images = tf.randomUniform<tf.Rank.R4>([2, 3, 4, 3], -1, 1, "float32", 1);
    const got = yours(images);
    if (!(got instanceof tf.Tensor)) return notYet("return a tensor, from a function without async");
    if (`${got.shape}` === `${[2, 3, 4]}`) {
      return notYet("the values may be right, but the axis of channels is missing: keep it, with length 1");
    }
    if (`${got.shape}` !== `${[2, 3, 4, 1]}`) return notYet(`[2,3,4,3] should become [2,3,4,1], yours is [${got.shape}]`);
    const farthest = (wanted: tf.Tensor) => tf.max(tf.abs(tf.sub(got, wanted))).dataSync()[0]!;
    if (farthest(lumaOf(images)) < 1e-5) return right("the channels of each pixel, weighted by (9.1)");
    if (farthest(tf.mean(images, 3, true)) < 1e-5) return notYet("that is the mean of the channels; (9.1) is a weighted mean");
    if (farthest(lumaOf(tf.reverse(images, 3))) < 1e-5) return notYet("red and blue are exchanged");
    return notYet("the shape is right, the values are not those of (9.1)");
  });
}
