/** Exercise 2: the number of steps in a training run, and one update of the moving average, Eq. (13.1).
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const [PAIRS, BATCH, EPOCHS] = [300, 4, 50];

/** Checks both numbers.
 * @param answer NaN means that no answer has been given yet. */
export function checkNumbers({ steps, m }: { steps: number; m: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(steps) || Number.isNaN(m)) return notYet("put a number in the place of each NaN");
    const wanted = PAIRS / BATCH * EPOCHS;
    if (steps === PAIRS * EPOCHS) return notYet("a step takes a batch of 4 pairs, not one");
    if (steps === PAIRS / BATCH) return notYet("those are the steps of one epoch; there are 50");
    if (steps === PAIRS * BATCH * EPOCHS) return notYet("the larger the batch, the fewer the steps");
    if (steps !== wanted) return notYet("how many batches of 4 has an epoch of 300 pairs, and how many epochs are there?");
    if (Math.abs(m - 0.55) < 1e-6) return notYet("the steps are right; d belongs to the old mean, 1 - d to the new loss");
    if (Math.abs(m - 0.75) < 1e-6) {
      return notYet("the steps are right; the two do not count alike: the old mean 0.9, the new loss 0.1");
    }
    if (Math.abs(m - 0.95) > 1e-6) return notYet("the steps are right; 0.9 of what there was, and 0.1 of the new loss");
    return right(`${wanted} steps, and 0.95`);
  });
}
