/** Exercise 2: the output of the optimal discriminator for a number, and the value of the game for a constant one.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** The answer to the exercise. */
export interface Numbers {
  /** D*(x). */
  best: number;
  /** V. */
  value: number;
}

const BEST = 0.3 / (0.3 + 0.1); // (1.4)
const VALUE = Math.log(3 / 4) + Math.log(1 / 4); // (1.1)
/** Tolerance for answers that are rounded to two decimal places. */
const NEAR = 0.006;

/** Checks both numbers. */
export function checkNumbers({ best, value }: Numbers): Promise<Verdict> {
  const near = (a: number, b: number) => Math.abs(a - b) < NEAR;
  return judged(() => {
    if (Number.isNaN(best) || Number.isNaN(value)) return notYet("put a number in the place of each NaN");
    if (near(best, 1 - BEST)) {
      return notYet("that is the probability that the number is generated; D says the probability that it is real");
    }
    if (near(best, 0.3 / 0.1)) return notYet("the ratio of the densities is 3; by (1.4), D says a fraction of their sum");
    if (!near(best, BEST)) return notYet("best is (1.4) with 0.3 and 0.1");
    if (near(value, VALUE / 2)) return notYet("V is the sum of both expectations, not their mean");
    if (near(value, -VALUE)) return notYet("V is never above 0, since both logarithms are of numbers below 1");
    if (near(value, 2 * Math.log(3 / 4))) return notYet("for generated samples, V contains log(1 − D)");
    if (!near(value, VALUE)) {
      return notYet("value is (1.1): log D for real samples, log(1 − D) for generated ones, with natural logarithms");
    }
    return right("D* is ¾, and V is log ¾ + log ¼");
  });
}
