/** Exercise 6: a one-dimensional transposed convolution, Eq. (2.1).
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Transposed = (x: number[], w: number[], stride: number) => number[];

/** Compares the answer with the result of tfjs. */
export function checkTransposed(yours: Transposed): Promise<Verdict> {
  return judged(() => verdictOn(yours));
}

function wantedOf(x: number[], w: number[], stride: number): number[] {
  const image = tf.tensor4d(x, [1, 1, x.length, 1]);
  const filter = tf.tensor4d(w, [1, w.length, 1, 1]);
  return [...tf.conv2dTranspose(image, filter, [1, 1, x.length * stride, 1], [1, stride], "same").dataSync()];
}

function verdictOn(yours: Transposed): Verdict {
  const cases: [x: number[], w: number[], stride: number][] = [
    [[1, 0, 10], [1, 2, 3, 4], 2],
    [[1, 0, 0, 2], [1, 2, 3, 4, 5], 2],
    [[2, -1], [1, 2, 3, 4, 5, 6], 3],
    [[1, 2, 3], [1, 2], 2],
  ];
  for (const [x, w, stride] of cases) {
    const [got, wanted] = [yours(x, w, stride), wantedOf(x, w, stride)];
    if (!Array.isArray(got)) return notYet("return an array of numbers");
    const of = `for [${x}], kernel [${w}] and stride ${stride}`;
    if (got.length !== wanted.length) return notYet(`${of} there should be ${wanted.length} numbers, not ${got.length}`);
    if (`${got}` === `${wanted}`) continue;
    if (got.some(Number.isNaN)) return notYet("outside of the kernel, w is undefined: use 0 there");
    if (`${got}` === `${wantedOf(x, w.toReversed(), stride)}`) return notYet("the kernel is reversed: check the sign of j");
    return notYet(`${of} the result should be [${wanted}], yours is [${got}]`);
  }
  return right("it agrees with TensorFlow.js for kernels of 2 to 6 and strides of 2 and 3");
}
