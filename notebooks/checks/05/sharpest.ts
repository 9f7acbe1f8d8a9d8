/** Exercise 4: the sharpest of several images.
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Sharpest = (pictures: tf.Tensor4D) => number;

const SIZE = 8;

/** Returns an image of stripes that alternate from column to column or, if `down` is set, from row to row. */
function stripes(contrast: number, down: boolean): tf.Tensor3D {
  const along = tf.mul(tf.cast(tf.mod(tf.range(0, SIZE, 1, "int32"), 2), "float32"), contrast);
  const rows = tf.tile(tf.reshape(along, down ? [SIZE, 1, 1] : [1, SIZE, 1]), down ? [1, SIZE, 3] : [SIZE, 1, 3]);
  return rows as tf.Tensor3D;
}

/** Checks the answer on stripes in both directions. */
export function checkSharpest(yours: Sharpest): Promise<Verdict> {
  return judged(() => {
    const flat = tf.zeros<tf.Rank.R3>([SIZE, SIZE, 3]);
    const ask = (...pictures: tf.Tensor3D[]) => yours(tf.stack(pictures) as tf.Tensor4D);
    const first = ask(flat, stripes(1, false), stripes(0.5, false));
    if (typeof first !== "number") return notYet("return a number, the index of an image: data.toNumber");
    if (first === 2) return notYet("it returns the image with the weaker stripes; the largest h is asked for");
    if (first !== 1) {
      return notYet(`of a uniform image, strong stripes and weak stripes, the second is the sharpest, not number ${first + 1}`);
    }
    if (ask(flat, stripes(0.3, false), stripes(1, true)) !== 2) {
      return notYet("it does not see horizontal lines: neighbours are also those below");
    }
    if (ask(stripes(0.9, true), stripes(1, false)) !== 1) {
      return notYet("it does not see vertical lines: neighbours are also those to the right");
    }
    const signed = tf.mul(stripes(1, false), -1) as tf.Tensor3D;
    if (ask(stripes(0.5, false), signed) !== 1) return notYet("differences in both directions count: take tf.abs of each");
    return right("it finds horizontal lines, vertical lines, and none");
  });
}
