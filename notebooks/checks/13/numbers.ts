/** Exercise 2: the number of steps in a training run, and one update of the moving average, Eq. (13.1).
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const [PAIRS, BATCH, EPOCHS] = [300, 4, 50];

/** Checks both numbers. NaN means that no answer has been given yet. */
export function checkNumbers({ steps, m }: { steps: number; m: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(steps) || Number.isNaN(m)) return notYet("put a number in the place of each NaN");
    const wanted = PAIRS / BATCH * EPOCHS;
    if (steps === PAIRS * EPOCHS) return notYet("each step uses a batch of 4 pairs");
    if (steps === PAIRS / BATCH) return notYet("this is the number of steps in one epoch; there are 50 epochs");
    if (steps === PAIRS * BATCH * EPOCHS) return notYet("larger batches mean fewer steps");
    if (steps !== wanted) return notYet("how many batches of 4 are there in an epoch of 300 pairs, and how many epochs?");
    if (Math.abs(m - 0.55) < 1e-6) {
      return notYet("the steps are right; d is the weight of the old average, and 1 - d that of the new loss");
    }
    if (Math.abs(m - 0.75) < 1e-6) {
      return notYet("the steps are right; the weights differ: 0.9 for the old average and 0.1 for the new loss");
    }
    if (Math.abs(m - 0.95) > 1e-6) return notYet("the steps are right; add 0.9 times the old average and 0.1 times the new loss");
    return right(`${wanted} steps, and 0.95`);
  });
}
