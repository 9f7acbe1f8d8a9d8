/** Exercise 5: labels as one-hot vectors.
 * @module */
import { data, tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type OneHot = (labels: tf.Tensor1D, classes: number) => tf.Tensor2D;

/** Checks the shape, the data type and the values of the result. */
export function checkOneHot(yours: OneHot): Promise<Verdict> {
  return judged(() => verdictOn(yours));
}

function verdictOn(yours: OneHot): Verdict {
  const labels = tf.tensor1d([2, 0, 4, 2], "int32");
  const [got, wanted] = [yours(labels, 5), data.oneHot(labels, 5)];
  if (!(got instanceof tf.Tensor)) return notYet("return a tensor, from a function that is not async");
  if (`${got.shape}` !== `${wanted.shape}`) {
    if (`${got.shape}` === `${[5, 4]}`) return notYet("one row per label, not per class: the matrix is transposed");
    return notYet(`for 4 labels of 5 classes the shape is [4, 5], yours is [${got.shape}]`);
  }
  if (got.dtype !== "float32") {
    return notYet(`a network expects float32, not ${got.dtype}: tf.cast`);
  }
  const rows = [got, wanted].map((tensor) => tensor.arraySync() as number[][]) as [number[][], number[][]];
  const wrong = rows[0].findIndex((row, i) => `${row}` !== `${rows[1][i]}`);
  if (wrong >= 0) {
    return notYet(`label ${labels.arraySync()[wrong]} of 5 classes is [${rows[1][wrong]}], yours is [${rows[0][wrong]}]`);
  }
  return right("each label has its 1, and zeros elsewhere");
}
