/** Exercise 2: the single value that minimizes the L2 distance to seven values, and the one that minimizes the L1 distance.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** The seven values, in ascending order. */
const VALUES = [-1, -1, -0.8, 0.2, 0.2, 0.4, 0.9];
/** Tolerance for rounded answers. */
const TOLERANCE = 0.006;

/** Checks both numbers. NaN means that no answer has been given yet. */
export function checkMiddles({ l2, l1 }: { l2: number; l1: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(l2) || Number.isNaN(l1)) return notYet("put a number in the place of each NaN");
    const near = (a: number, b: number) => Math.abs(a - b) < TOLERANCE;
    const sum = VALUES.reduce((total, value) => total + value, 0);
    const [mean, median] = [sum / VALUES.length, VALUES[(VALUES.length - 1) / 2]!];
    if (near(l2, median) && near(l1, mean)) return notYet("the two are exchanged: (5.1) belongs to L2, (5.2) to L1");
    if (near(l2, sum)) return notYet(`${l2} is the sum of the values; divide it by their number`);
    if (!near(l2, mean)) return notYet(`by (5.1), L2 is smallest at the mean, which is not ${l2}`);
    if (l1 === -1) return notYet("the mean is right; the most frequent value is the mode, not the median");
    if (!near(l1, median)) {
      return notYet(`the mean is right; as many values must be above the median as below it, which is not true of ${l1}`);
    }
    return right(`L2 leads to ${mean.toFixed(3)}, which none of the photos has, and L1 to ${median}`);
  });
}
