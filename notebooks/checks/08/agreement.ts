/** Exercise 6: pairs of table rows of which one has both scores above both scores of the other.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type ToldApart = (rows: [number, number][]) => number;

const ROWS: [number, number][] = [[0.5, 0.4], [0.3, 0.35], [0.45, 0.6], [0.1, 0.38], [0.7, 0.65]];
/** Expected number of pairs, counted by hand: rows 2 and 4 are below rows 1, 3 and 5 for both seeds, and row 5 is above rows 1
 * and 3. */
const WANTED = 8;

/** Compares the answer with the expected values. */
export function checkAgreement(yours: ToldApart): Promise<Verdict> {
  return judged(() => {
    const got = yours(ROWS.map(([one, other]) => [one, other]));
    if (typeof got !== "number" || Number.isNaN(got)) return notYet(`return a number, yours is ${got}`);
    if (got === 2 * WANTED) return notYet("each pair of rows is counted once");
    if (got === 10) return notYet("those are all pairs; where the ranges of the seeds overlap, two rows cannot be told apart");
    if (got === 4) return notYet("either of the two rows may be the one above");
    if (got !== WANTED) {
      return notYet(`of five rows ${ROWS.map((row) => `[${row}]`).join(", ")} another number of pairs can be told apart`);
    }
    if (yours([[0.5, 0.5], [0.5, 0.5]]) !== 0) return notYet("equal rows cannot be told apart: above does not mean equal");
    if (yours([[0.5, 0.8], [0.4, 0.7]]) !== 0) {
      return notYet("[0.5, 0.8] is above [0.4, 0.7] with each seed, but 0.5 is below 0.7, so the ranges overlap");
    }
    return right("both seeds of one row are above both of the other");
  });
}
