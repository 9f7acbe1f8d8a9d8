/** Exercise 4: the moving average over the last n values.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Smooth = (values: number[], n: number) => number[];

const VALUES = [6, 0, 3, 9, 12, 0];

/** Compares the answer with the expected values. */
export function checkSmooth(yours: Smooth): Promise<Verdict> {
  return judged(() => {
    const given = [...VALUES];
    const got = yours(given, 3);
    if (!Array.isArray(got)) return notYet("return an array of numbers");
    if (`${given}` !== `${VALUES}`) return notYet("the argument must not change");
    if (got.length !== VALUES.length) {
      return notYet(`return one number for each of the ${VALUES.length} values; you returned ${got.length}`);
    }
    const is = (wanted: number[]) => wanted.every((value, i) => Math.abs(value - got[i]!) < 1e-9);
    if (is([2, 2, 3, 4, 8, 7])) return notYet("at the beginning there are fewer values: divide by their number, not by n");
    if (is([3, 4, 8, 7, 6, 0])) return notYet("these are the next values; take the previous ones");
    if (is([3, 3, 4, 8, 7, 6])) return notYet("each mean ends with the value of the step itself, not with the next one");
    if (is([6, 3, 3, 4.5, 6, 5])) return notYet("this is the mean of all values so far; only the last n count");
    if (!is([6, 3, 3, 4, 8, 7])) return notYet(`for ${VALUES.join(", ")} and n = 3, the means are different`);
    if (`${yours([1, 2], 1)}` !== "1,2") return notYet("with n = 1 nothing changes");
    return right("the mean of the last n values, or of fewer at the beginning");
  });
}
