/** Exercise 5: mean intersection over union (IoU), Eq. (8.3).
 * @module */
import { metrics } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type MeanIou = (confusion: number[][]) => number;

const FULL = [[5, 1, 0], [2, 6, 1], [0, 1, 4]];
/** Confusion matrix whose second class occurs neither in the labels nor in the predictions. */
const EMPTY = [[3, 0, 1], [0, 0, 0], [2, 0, 6]];

/** Compares the answer with the expected values. */
export function checkIou(yours: MeanIou): Promise<Verdict> {
  return judged(() => {
    const given = FULL.map((row) => [...row]);
    const got = yours(given);
    if (typeof got !== "number") return notYet("return a number");
    if (`${given}` !== `${FULL}`) return notYet("the argument must stay as it is");
    const { meanIou, classAccuracy, pixelAccuracy } = metrics.segmentationScores(FULL);
    const is = (wanted: number) => Math.abs(got - wanted) < 1e-9;
    if (is(classAccuracy)) return notYet("that is (8.2): pixels that were wrongly assigned to a class belong to the union, too");
    if (is(pixelAccuracy)) return notYet("that is (8.1), the fraction of correct pixels");
    if (is(mean(FULL, (right, row, column) => right / (row + column)))) {
      return notYet("the correct pixels are counted twice in the union: subtract them once");
    }
    if (!is(meanIou)) return notYet(`of [${FULL.join("], [")}] the result is another number; see (8.3)`);
    const ofEmpty = yours(EMPTY);
    if (Number.isNaN(ofEmpty)) return notYet("a class that occurs in neither map has 0 / 0: leave it out");
    const wanted = metrics.segmentationScores(EMPTY).meanIou;
    if (Math.abs(ofEmpty - wanted * 2 / 3) < 1e-9) {
      return notYet("the class that occurs in neither map is left out, so divide by two, not by three");
    }
    if (Math.abs(ofEmpty - wanted) > 1e-9) {
      return notYet("with a class that occurs in neither map, the result is another number: leave the class out");
    }
    return right("also if a class occurs in neither map");
  });
}

function mean(confusion: number[][], of: (right: number, row: number, column: number) => number): number {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  return sum(confusion.map((row, i) => of(row[i]!, sum(row), sum(confusion.map((other) => other[i]!))))) / confusion.length;
}
