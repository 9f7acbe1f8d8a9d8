/** Exercise 2: ten random choices among six colours.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const [TRIES, COLOURS] = [10, 6];

/** Checks both numbers.
 * @param answer NaN means that no answer has been given yet. */
export function checkNumbers({ among, pairs }: { among: number; pairs: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(among) || Number.isNaN(pairs)) return notYet("put a number in the place of each NaN");
    const never = ((COLOURS - 1) / COLOURS) ** TRIES;
    const is = (wanted: number) => Math.abs(among - wanted) < 0.004;
    if (Math.abs(among - 1 / COLOURS) < 0.003) {
      return notYet("that is one try; there are ten, and it suffices that one of them is right");
    }
    if (is(never)) return notYet("that is the probability that the right one is among none of the ten; one minus it is wanted");
    if (among > 1 && Math.abs(among - 100 * (1 - never)) < 0.6) return notYet("as a probability, from 0 to 1, not in percent");
    if (among > 1) return notYet("a probability is not above 1: ten sixths is how often the right one comes in the mean");
    if (!is(1 - never)) return notYet("with which probability is one try wrong, and with which are all ten of them?");
    if (pairs === TRIES ** 2) return notYet("the probability is right; no picture makes a pair with itself, and i < j");
    if (pairs === TRIES * (TRIES - 1)) return notYet("the probability is right; i < j counts each pair once");
    if (pairs !== TRIES * (TRIES - 1) / 2) return notYet("the probability is right; the pairs are those with i < j");
    return right(`${(1 - never).toFixed(2)}, and ${pairs} pairs`);
  });
}
