import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { addConfusion, confusionMatrix, segmentationScores } from "../../lib/metrics/mod.ts";

// Class 0: 4 pixels, 3 right, 1 predicted as 1. Class 1: 2 pixels, 1 right, 1 predicted as 2. Class 2: 2 pixels, both right.
const truth = [0, 0, 0, 0, 1, 1, 2, 2], predicted = [0, 0, 0, 1, 1, 2, 2, 2];

Deno.test("confusionMatrix() has a row for each true class and a column for each predicted class", () => {
  assertEquals(confusionMatrix(truth, predicted, 3), [[3, 1, 0], [0, 1, 1], [0, 0, 2]]);
});

Deno.test("confusionMatrix() skips pixels without a true class, and accepts typed arrays", () => {
  assertEquals(confusionMatrix(Uint8Array.of(0, 255, 1), Uint8Array.of(0, 0, 0), 2), [[1, 0], [1, 0]]);
});

Deno.test("segmentationScores() agrees with scores computed by hand", () => {
  const scores = segmentationScores(confusionMatrix(truth, predicted, 3));
  assertEquals(scores.pixelAccuracy, 6 / 8);
  assertEquals(scores.classAccuracies, [3 / 4, 1 / 2, 1]);
  assertAlmostEquals(scores.classAccuracy, (3 / 4 + 1 / 2 + 1) / 3, 1e-12);
  assertEquals(scores.classIous, [3 / 4, 1 / 3, 2 / 3]); // of the union: 4, 2 + 2 − 1, 2 + 3 − 2
  assertAlmostEquals(scores.meanIou, (3 / 4 + 1 / 3 + 2 / 3) / 3, 1e-12);
});

Deno.test("segmentationScores() excludes classes that do not occur from the means", () => {
  const scores = segmentationScores([[2, 1, 0, 0], [0, 1, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]]);
  assertEquals(scores.classAccuracies, [2 / 3, 1 / 2, NaN, NaN]);
  assertAlmostEquals(scores.classAccuracy, (2 / 3 + 1 / 2) / 2, 1e-12);
  assertEquals(scores.classIous, [2 / 3, 1 / 3, NaN, 0]); // class 3 is predicted, wrongly, so its IoU is 0
  assertAlmostEquals(scores.meanIou, (2 / 3 + 1 / 3 + 0) / 3, 1e-12);
});

Deno.test("addConfusion() returns the confusion matrix of both sets combined", () => {
  const halves = addConfusion(
    confusionMatrix(truth.slice(0, 3), predicted.slice(0, 3), 3),
    confusionMatrix(truth.slice(3), predicted.slice(3), 3),
  );
  assertEquals(halves, confusionMatrix(truth, predicted, 3));
  assertThrows(() => addConfusion([[1]], [[1, 0], [0, 1]]), RangeError, "got 1 and 2");
});

Deno.test("confusionMatrix() and segmentationScores() reject invalid label maps", () => {
  assertThrows(() => confusionMatrix([0], [0, 1], 2), RangeError, "got 1 and 2");
  assertThrows(() => confusionMatrix([0, 1], [0, 2], 2), RangeError, "got 2 at pixel 1");
  for (const classes of [0, 1.5, -1]) assertThrows(() => confusionMatrix([0], [0], classes), RangeError, `got ${classes}`);
  assertThrows(() => segmentationScores([[0, 0], [0, 0]]), RangeError, "at least one labelled pixel");
});
