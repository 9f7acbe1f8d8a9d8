/** Exercise 6: the patch to which D assigns the lowest logit, Eqs. (6.1) and (6.3).
 * @module */
import { receptiveField, tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** A square region, in pixels. It may extend beyond the image. */
interface Square {
  top: number;
  left: number;
  side: number;
}
/** Signature of the function that the exercise asks for. */
export type Worst = (logits: tf.Tensor4D, layers: number) => Square;

/** Returns the first row or column of an output's patch: 1 - 3 · 2^layers for output 0, and 2^layers more for each next one. */
function beginOf(verdict: number, layers: number): number {
  return verdict * 2 ** layers + 1 - 3 * 2 ** layers;
}

/** Checks the answer on maps that are not square. */
export function checkWorst(yours: Worst): Promise<Verdict> {
  return judged(() => {
    for (const [layers, row, column] of [[2, 1, 4], [3, 0, 0], [1, 2, 3]] as const) {
      const values = Array.from({ length: 3 * 5 }, (_, i) => i === row * 5 + column ? -9 : i % 4 - 1);
      values[(row * 5 + column + 7) % 15] = 12; // the most convincing one
      const got = yours(tf.tensor4d(values, [1, 3, 5, 1]), layers);
      if (typeof got?.top !== "number") return notYet("return an object with three numbers: top, left and side");
      const wanted = { top: beginOf(row, layers), left: beginOf(column, layers), side: receptiveField(layers) };
      if (got.side !== wanted.side) {
        return notYet(`with ${layers} layers of stride 2, a patch has the side ${wanted.side}, yours ${got.side}`);
      }
      if (got.top === wanted.top && got.left === wanted.left) continue;
      const most = (row * 5 + column + 7) % 15;
      if (got.top === beginOf(Math.floor(most / 5), layers) && got.left === beginOf(most % 5, layers)) {
        return notYet("that patch convinces D most; the one with the smallest logit convinces it least");
      }
      if (got.top === wanted.left && got.left === wanted.top) return notYet("top and left are exchanged");
      return notYet(
        `with ${layers} layers of stride 2, the patch of the output in row ${row}, column ${column} begins at ` +
          `(${wanted.top}, ${wanted.left}), yours at (${got.top}, ${got.left}): (6.3), the last layer first`,
      );
    }
    return right("edges and side, also for a patch that reaches beyond the image");
  });
}
