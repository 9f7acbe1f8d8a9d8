/** How well one label map matches another: the scores of Long et al. (2015), arXiv:1411.4038, Sec. 5, as pix2pix reports them
 * (arXiv:1611.07004, Tables 1 to 3, "FCN-scores": there the labels are read back from a generated photo by a segmentation
 * network).
 *
 * Symbols: n_ij, pixels of class i that were taken for class j → `confusion[i][j]`; t_i = Σ_j n_ij, pixels of class i.
 *
 *     pixel accuracy  Σ_i n_ii / Σ_i t_i
 *     class accuracy  mean over i of n_ii / t_i
 *     mean IoU        mean over i of n_ii / (t_i + Σ_j n_ji − n_ii)
 *
 * Counts are added over a whole set before any division, as in the authors' evaluation: {@linkcode addConfusion}.
 *
 * Departure: a class that never occurs has no accuracy (NaN) and is left out of the mean. The authors' script counts it as 0, as
 * a small constant that it adds to the divisor defeats its `nanmean`; on a set where all classes occur the numbers are the same.
 * @module */

/** Counts of pixels, a row for each true class and a column for each predicted one; square. */
export type Confusion = number[][];

/** The scores of a label map, each in [0, 1], 1 is best. */
export interface SegmentationScores {
  /** Share of all pixels that are right. */
  pixelAccuracy: number;
  /** Mean over the classes that occur of the share of their pixels that are right. */
  classAccuracy: number;
  /** Mean intersection over union, over the classes that occur in either map. */
  meanIou: number;
  /** By class; NaN where it does not occur in the truth. */
  classAccuracies: number[];
  /** By class; NaN where it occurs in neither. */
  classIous: number[];
}

/** Counts which class was taken for which.
 * @param truth the true class of each pixel; pixels whose class is not in 0 to classes − 1 (such as 255, "ignore") are left out.
 * @param predicted the class found for each, in the same order, 0 to classes − 1.
 * @param classes how many there are.
 * @throws {RangeError} if the lengths differ, a prediction is no class, or classes is not a whole number above 0. */
export function confusionMatrix(truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): Confusion {
  const action = "Cannot compare label maps";
  if (!(Number.isInteger(classes) && classes > 0)) {
    throw new RangeError(`${action}: classes must be a whole number above 0, got ${classes}; give how many labels there are`);
  }
  if (truth.length !== predicted.length) {
    throw new RangeError(
      `${action}: both must have as many pixels, got ${truth.length} and ${predicted.length}; ` +
        `resize one of them by nearest neighbour`,
    );
  }
  const isClass = (label: number) => Number.isInteger(label) && label >= 0 && label < classes;
  const confusion: Confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let pixel = 0; pixel < truth.length; pixel++) {
    const row = truth[pixel]!, column = predicted[pixel]!;
    if (!isClass(row)) continue;
    if (!isClass(column)) {
      throw new RangeError(
        `${action}: predicted classes must be 0 to ${
          classes - 1
        }, got ${column} at pixel ${pixel}; raise classes or map the labels`,
      );
    }
    confusion[row]![column]!++;
  }
  return confusion;
}

/** The counts of two sets of pixels together.
 * @throws {RangeError} if they do not have the same classes. */
export function addConfusion(a: Confusion, b: Confusion): Confusion {
  if (a.length !== b.length) {
    throw new RangeError(
      `Cannot add confusion matrices: both must have as many classes, got ${a.length} and ${b.length}; count alike`,
    );
  }
  return a.map((row, i) => row.map((count, j) => count + b[i]![j]!));
}

/** The scores that follow from the counts.
 * @throws {RangeError} if nothing was counted. */
export function segmentationScores(confusion: Confusion): SegmentationScores {
  const right = confusion.map((row, i) => row[i]!);
  const ofClass = confusion.map((row) => sum(row));
  const takenFor = confusion.map((_, j) => sum(confusion.map((row) => row[j]!)));
  if (sum(ofClass) === 0) {
    throw new RangeError(
      "Cannot score label maps: wanted at least one labelled pixel, got none; count some first, and check the classes",
    );
  }
  const classAccuracies = right.map((count, i) => count / ofClass[i]!); // 0 / 0 is NaN: no such pixel
  const classIous = right.map((count, i) => count / (ofClass[i]! + takenFor[i]! - count));
  return {
    pixelAccuracy: sum(right) / sum(ofClass),
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
