/** Semantic segmentation scores, which measure the agreement between label maps (Long et al., 2015, arXiv:1411.4038, section 5).
 * The pix2pix paper calls the scores "FCN-scores" when the label maps are predicted from generated photos (arXiv:1611.07004,
 * Tables 1 to 3).
 *
 * In the code, n_ij is `confusion[i][j]`, the number of pixels of class i that are predicted as class j. The number of pixels of
 * class i is t_i = Σ_j n_ij.
 *
 * ```text
 * pixel accuracy  Σ_i n_ii / Σ_i t_i
 * class accuracy  mean over i of n_ii / t_i
 * mean IoU        mean over i of n_ii / (t_i + Σ_j n_ji − n_ii)
 * ```
 *
 * Counts are summed over a whole data set before any division, as in the authors' evaluation (see {@linkcode addConfusion}).
 *
 * Departure from the authors' script: a class that does not occur is excluded from the mean. The script assigns a score of 0 to a
 * class that does not occur, since a small constant is added to the denominator. If all classes occur, both methods give the same
 * result.
 * @module */

/** Confusion matrix: numbers of pixels, with one row per true class and one column per predicted class. */
export type Confusion = number[][];

/** Segmentation scores, each in [0, 1]; 1 is best. */
export interface SegmentationScores {
  /** Fraction of all pixels that are classified correctly. */
  pixelAccuracy: number;
  /** Mean accuracy of the classes that occur in the true label map. */
  classAccuracy: number;
  /** Mean intersection over union of the classes that occur in either label map. */
  meanIou: number;
  /** Fraction of each class's pixels that are classified correctly; NaN if the class does not occur in the true label map. */
  classAccuracies: number[];
  /** Intersection over union for each class; NaN if the class occurs in neither label map. */
  classIous: number[];
}

/** Computes the confusion matrix of two label maps.
 * @param truth True class of each pixel; pixels whose class is not from 0 to `classes - 1`, such as 255 for "ignore", are
 * skipped.
 * @param predicted Predicted class of each pixel, from 0 to `classes - 1`, in the same pixel order.
 * @param classes Number of classes.
 * @throws {RangeError} If the lengths differ, a prediction is not a valid class, or `classes` is not an integer ≥ 1. */
export function confusionMatrix(truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): Confusion {
  const action = "Cannot compare label maps";
  if (!(Number.isInteger(classes) && classes > 0)) {
    throw new RangeError(`${action}: classes must be an integer ≥ 1, got ${classes}; pass the number of classes`);
  }
  if (truth.length !== predicted.length) {
    const got = `${truth.length} and ${predicted.length}; resize one of them with nearest-neighbour interpolation`;
    throw new RangeError(`${action}: both maps must have the same number of pixels, got ${got}`);
  }
  const isClass = (label: number) => Number.isInteger(label) && label >= 0 && label < classes;
  const confusion: Confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let pixel = 0; pixel < truth.length; pixel++) {
    const row = truth[pixel]!, column = predicted[pixel]!;
    if (!isClass(row)) continue;
    if (!isClass(column)) {
      const got = `${column} at pixel ${pixel}; increase classes or remap the labels`;
      throw new RangeError(`${action}: predicted classes must be from 0 to ${classes - 1}, got ${got}`);
    }
    confusion[row]![column]!++;
  }
  return confusion;
}

/** Adds the counts of two confusion matrices.
 * @throws {RangeError} If the numbers of classes differ. */
export function addConfusion(a: Confusion, b: Confusion): Confusion {
  if (a.length !== b.length) {
    const got = `${a.length} and ${b.length}; compute both with the same number`;
    throw new RangeError(`Cannot add confusion matrices: both matrices must have the same number of classes, got ${got}`);
  }
  return a.map((row, i) => row.map((count, j) => count + b[i]![j]!));
}

/** Computes scores from a confusion matrix.
 * @throws {RangeError} If all counts in the confusion matrix are 0. */
export function segmentationScores(confusion: Confusion): SegmentationScores {
  const right = confusion.map((row, i) => row[i]!);
  const total = confusion.map(sum);
  const predictedAs = confusion.map((_, j) => sum(confusion.map((row) => row[j]!)));
  if (sum(total) === 0) {
    throw new RangeError("Cannot score label maps: expected at least one labelled pixel, got none; check the class indices");
  }
  const classAccuracies = right.map((count, i) => count / total[i]!); // 0 / 0 is NaN
  const classIous = right.map((count, i) => count / (total[i]! + predictedAs[i]! - count));
  return {
    pixelAccuracy: sum(right) / sum(total),
    classAccuracy: meanOfNumbers(classAccuracies),
    meanIou: meanOfNumbers(classIous),
    classAccuracies,
    classIous,
  };
}

function sum(values: number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function meanOfNumbers(values: number[]): number {
  const present = values.filter((value) => !Number.isNaN(value));
  return sum(present) / present.length;
}
