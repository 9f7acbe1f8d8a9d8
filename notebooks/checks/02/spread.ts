/** Exercise 6: a one-dimensional transposed convolution, Eq. (2.1).
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Spread = (x: number[], w: number[], stride: number) => number[];

/** Compares the answer with the result of tfjs. */
export function checkSpread(yours: Spread): Promise<Verdict> {
  return judged(() => verdictOn(yours));
}

function wantedOf(x: number[], w: number[], stride: number): number[] {
  const image = tf.tensor4d(x, [1, 1, x.length, 1]);
  const filter = tf.tensor4d(w, [1, w.length, 1, 1]);
  return [...tf.conv2dTranspose(image, filter, [1, 1, x.length * stride, 1], [1, stride], "same").dataSync()];
}

function verdictOn(yours: Spread): Verdict {
  const cases: [x: number[], w: number[], stride: number][] = [
    [[1, 0, 10], [1, 2, 3, 4], 2],
    [[1, 0, 0, 2], [1, 2, 3, 4, 5], 2],
    [[2, -1], [1, 2, 3, 4, 5, 6], 3],
    [[1, 2, 3], [1, 2], 2],
  ];
  for (const [x, w, stride] of cases) {
    const [got, wanted] = [yours(x, w, stride), wantedOf(x, w, stride)];
    if (!Array.isArray(got)) return notYet("give back an array of numbers");
    const of = `of [${x}] with the stamp [${w}] and stride ${stride}`;
    if (got.length !== wanted.length) return notYet(`${of} come ${wanted.length} numbers, not ${got.length}`);
    if (`${got}` === `${wanted}`) continue;
    if (got.some(Number.isNaN)) return notYet("where the stamp has no such place, it gives undefined: take 0");
    if (`${got}` === `${wantedOf(x, w.toReversed(), stride)}`) return notYet("the stamp is turned round: look at the sign of j");
    return notYet(`${of} should come [${wanted}], yours is [${got}]`);
  }
  return right("it agrees with tfjs for stamps of 2 to 6 and strides of 2 and 3");
}
