/** Exercise 5: the distance of the best of several outputs, Eq. (12.6).
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Best = (pictures: tf.Tensor4D[], target: tf.Tensor4D) => tf.Scalar;

/** Pixels of three outputs. The second is nearest to the target in L1 distance, the third in squared distance. */
const ANSWERS = [[1, 1, 1, 1], [0.6, 0, 0, 0], [0.2, 0.2, 0.2, 0.2]];

/** Compares the answer with the expected values. */
export function checkBest(yours: Best): Promise<Verdict> {
  return judged(() => {
    const picture = (pixels: readonly number[]) => tf.tensor4d([...pixels], [1, 2, 2, 1]);
    const target = picture([0, 0, 0, 0]);
    const got = yours(ANSWERS.map(picture), target);
    if (!(got instanceof tf.Tensor)) return notYet("give back a tensor, from a function without async");
    if (got.size !== 1) return notYet(`one number is wanted, yours are ${got.size}`);
    const is = (wanted: number) => Math.abs(got.dataSync()[0]! - wanted) < 1e-5;
    if (is(0.45)) return notYet("that is the mean of all answers; only the nearest one counts");
    if (is(1)) return notYet("that is the farthest answer; the nearest one counts");
    if (is(0.04)) return notYet("that is the least square; (12.6) takes absolute values");
    if (is(0)) return notYet("that is the nearest pixel of all; the distance of a picture is the mean over its pixels");
    if (is(0.05)) return notYet("that takes the best answer for each pixel; one picture must be the best as a whole");
    if (!is(0.15)) return notYet("the shape is right, the value is not that of (12.6)");
    const mirrored = yours(ANSWERS.map((pixels) => picture(pixels.map((pixel) => -pixel))), target).dataSync()[0]!;
    if (Math.abs(mirrored - 0.15) > 1e-5) return notYet("a pixel may also be too dark: the distance is the absolute value");
    return right("the nearest picture's L1");
  });
}
