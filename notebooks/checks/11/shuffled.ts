/** Exercise 6: mismatched conditions: each image gets the condition of another one.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type WrongFor = (conditions: number[][]) => number[][];

/** Batches on which the answer is checked. In some of them, several conditions are equal. */
const BATCHES = [
  [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  [[1, 0], [1, 0], [0, 1], [0, 1], [1, 0]],
  [[1, 0], [1, 0], [1, 0], [0, 1]],
  [[0, 1], [1, 0]],
];

/** Checks that each image gets a condition from the batch that differs from its own. */
export function checkShuffled(yours: WrongFor): Promise<Verdict> {
  return judged(() => {
    for (const batch of BATCHES) {
      const given = batch.map((row) => [...row]);
      const got = yours(given);
      if (!Array.isArray(got)) return notYet("return an array of vectors");
      if (got.length !== batch.length) {
        return notYet(`${batch.length} images need ${batch.length} vectors; you returned ${got.length}`);
      }
      if (`${given}` !== `${batch}`) return notYet("the argument must not change: make a copy first");
      const own = got.findIndex((row, i) => `${row}` === `${batch[i]}`);
      if (own >= 0) return notYet(`image ${own} of [${batch.join("] [")}] got [${got[own]}], its own vector`);
      const strange = got.find((row) => !batch.some((one) => `${one}` === `${row}`));
      if (strange) return notYet(`[${strange}] is not in the batch [${batch.join("] [")}]`);
    }
    const alike = yours([[1, 0], [1, 0]]);
    if (!Array.isArray(alike) || alike.length !== 2) {
      return notYet("if all vectors are equal, return them as they are");
    }
    return right("each image gets another vector, even if many are equal");
  });
}
