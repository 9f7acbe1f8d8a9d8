/** Exercise 4: the distance of the best of several outputs, Eq. (12.6).
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Best = (images: tf.Tensor4D[], target: tf.Tensor4D) => tf.Scalar;

/** Pixels of three outputs. The second is nearest to the target in L1 distance, the third in squared distance. */
const ANSWERS = [[1, 1, 1, 1], [0.6, 0, 0, 0], [0.2, 0.2, 0.2, 0.2]];

/** Compares the answer with the expected values. */
export function checkBest(yours: Best): Promise<Verdict> {
  return judged(() => {
    const image = (pixels: readonly number[]) => tf.tensor4d([...pixels], [1, 2, 2, 1]);
    const target = image([0, 0, 0, 0]);
    const got = yours(ANSWERS.map(image), target);
    if (!(got instanceof tf.Tensor)) return notYet("return a tensor, from a function without async");
    if (got.size !== 1) return notYet(`return a scalar; yours has ${got.size} elements`);
    const is = (wanted: number) => Math.abs(got.dataSync()[0]! - wanted) < 1e-5;
    if (is(0.45)) return notYet("this is the mean distance; only the nearest image counts");
    if (is(1)) return notYet("this is the largest distance; the nearest image counts");
    if (is(0.04)) return notYet("this is the smallest squared distance; (12.6) uses absolute values");
    if (is(0)) return notYet("this is the nearest pixel of all images; the distance of an image is the mean over its pixels");
    if (is(0.05)) return notYet("this takes the best image for each pixel; one image has to be the best as a whole");
    if (!is(0.15)) return notYet("the shape is right, but the value is not that of (12.6)");
    const mirrored = yours(ANSWERS.map((pixels) => image(pixels.map((pixel) => -pixel))), target).dataSync()[0]!;
    if (Math.abs(mirrored - 0.15) > 1e-5) return notYet("pixels can also be darker than the target: take absolute values");
    return right("the L1 distance of the nearest image");
  });
}
