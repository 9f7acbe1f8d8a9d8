/** Exercise 5: the moving average over the last n values.
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
    if (!Array.isArray(got)) return notYet("give back an array of numbers");
    if (`${given}` !== `${VALUES}`) return notYet("what was given must stay as it is");
    if (got.length !== VALUES.length) {
      return notYet(`one number for each of the ${VALUES.length} values, yours are ${got.length}`);
    }
    const is = (wanted: number[]) => wanted.every((value, i) => Math.abs(value - got[i]!) < 1e-9);
    if (is([2, 2, 3, 4, 8, 7])) return notYet("at the beginning fewer values are there: divide by how many there are, not by n");
    if (is([3, 4, 8, 7, 6, 0])) return notYet("those are the values that come, not those that were");
    if (is([3, 3, 4, 8, 7, 6])) return notYet("the last value of each is the step itself, not the one after it");
    if (is([6, 3, 3, 4.5, 6, 5])) return notYet("that is the mean of all up to here; only the last n count");
    if (!is([6, 3, 3, 4, 8, 7])) return notYet(`of ${VALUES.join(", ")} the means of the last three are other ones`);
    if (`${yours([1, 2], 1)}` !== "1,2") return notYet("with n = 1 nothing changes");
    return right("the last n, and fewer where there are fewer");
  });
}
