/** Exercise 2: the least-squares cost and the hinge cost of a discriminator whose output is constant.
 * @module */
import { losses, tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Answer to the exercise. */
export interface Undecided {
  /** Constant output that minimizes the least-squares cost. */
  number: number;
  /** Least-squares cost, Eq. (4.5), of this output. */
  leastSquares: number;
  /** Hinge cost, Eq. (4.6), of the constant output 0. */
  hinge: number;
}

/** Checks the three numbers. NaN means that no answer has been given yet. */
export function checkUndecided({ number, leastSquares, hinge }: Undecided): Promise<Verdict> {
  return judged(() => {
    if ([number, leastSquares, hinge].some(Number.isNaN)) return notYet("put a number in the place of each NaN");
    const best = 0.5; // the slope of (n - 1)² + n² is 2 (n - 1) + 2 n
    if (number !== best) {
      return notYet(`(${number} − 1)² + ${number}² is not the minimum: where is the derivative 0?`);
    }
    const wanted = costOf("leastSquares", best);
    if (leastSquares === wanted / 2) {
      return notYet(`${number} is right; ${leastSquares} is only one of the two terms of (4.5), or half of it`);
    }
    if (leastSquares !== wanted) return notYet(`${number} is right; put it into both terms of (4.5)`);
    const wantedHinge = costOf("hinge", 0);
    if (hinge === wantedHinge / 2) return notYet("(4.6) has two terms, one for real and one for generated samples");
    if (hinge !== wantedHinge) {
      return notYet(`(4.5) is right; with 0 each term of (4.6) is max(0, 1), and ${hinge} is not their sum`);
    }
    return right(`at ${best} (4.5) is ${wanted}, and (4.6) is ${wantedHinge} at 0`);
  });
}

function costOf(family: "leastSquares" | "hinge", number: number): number {
  const same = tf.fill([2, 1], number) as tf.Tensor2D;
  return losses[family].discriminator(same, same).dataSync()[0]!;
}
