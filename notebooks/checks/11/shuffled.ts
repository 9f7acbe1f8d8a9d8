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
      if (!Array.isArray(got)) return notYet("give back an array of vectors");
      if (got.length !== batch.length) {
        return notYet(`${batch.length} pictures get ${batch.length} vectors, yours are ${got.length}`);
      }
      if (`${given}` !== `${batch}`) return notYet("what was given must stay as it is: make a copy before you change it");
      const own = got.findIndex((row, i) => `${row}` === `${batch[i]}`);
      if (own >= 0) return notYet(`picture ${own} of [${batch.join("] [")}] got [${got[own]}], which is its own`);
      const strange = got.find((row) => !batch.some((one) => `${one}` === `${row}`));
      if (strange) return notYet(`[${strange}] belongs to no picture of the batch [${batch.join("] [")}]`);
    }
    const alike = yours([[1, 0], [1, 0]]);
    if (!Array.isArray(alike) || alike.length !== 2) {
      return notYet("where all are alike there is no other: give back what there is");
    }
    return right("each gets another's, also where many are alike");
  });
}
