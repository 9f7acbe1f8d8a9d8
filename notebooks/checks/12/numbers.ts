/** Exercise 2: ten random choices among six colours.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const [TRIES, COLOURS] = [10, 6];

/** Checks both numbers. NaN means that no answer has been given yet. */
export function checkNumbers({ among, pairs }: { among: number; pairs: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(among) || Number.isNaN(pairs)) return notYet("put a number in the place of each NaN");
    const never = ((COLOURS - 1) / COLOURS) ** TRIES;
    const is = (wanted: number) => Math.abs(among - wanted) < 0.004;
    if (Math.abs(among - 1 / COLOURS) < 0.003) {
      return notYet("this is the probability for one output; there are ten, and one of them has to be right");
    }
    if (is(never)) return notYet("this is the probability that all ten are wrong; subtract it from 1");
    if (among > 1 && Math.abs(among - 100 * (1 - never)) < 0.6) return notYet("give a probability from 0 to 1, not a percentage");
    if (among > 1) return notYet("a probability cannot exceed 1; 10/6 is the expected number of correct outputs");
    if (!is(1 - never)) return notYet("what is the probability that one output is wrong, and that all ten are wrong?");
    if (pairs === TRIES ** 2) return notYet("the probability is right; no image forms a pair with itself, since i < j");
    if (pairs === TRIES * (TRIES - 1)) return notYet("the probability is right; i < j counts each pair once");
    if (pairs !== TRIES * (TRIES - 1) / 2) return notYet("the probability is right; the pairs are those with i < j");
    return right(`${(1 - never).toFixed(2)}, and ${pairs} pairs`);
  });
}
