/** Exercise 2: two segmentation scores of ten pixels.
 * @module */
import { metrics } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const CONFUSION = [[6, 2], [1, 1]];

/** Checks both numbers. NaN means that no answer has been given yet. */
export function checkNumbers({ pixel, iou }: { pixel: number; iou: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(pixel) || Number.isNaN(iou)) return notYet("put a number in the place of each NaN");
    const { pixelAccuracy, classAccuracy, meanIou, classIous } = metrics.segmentationScores(CONFUSION);
    const near = (answer: number, wanted: number) => Math.abs(answer - wanted) < 0.006;
    if (near(pixel, classAccuracy)) {
      return notYet("that is (8.2), the mean of both fractions; in (8.1), all pixels count equally");
    }
    if (near(pixel, 100 * pixelAccuracy)) return notYet("as a fraction from 0 to 1, not in percent");
    if (!near(pixel, pixelAccuracy)) return notYet("how many pixels are there in all, and how many are correct?");
    if (near(iou, classAccuracy)) {
      return notYet("(8.1) is right; that is (8.2), without the pixels that were wrongly assigned to the class");
    }
    if (near(iou, classIous[0]!)) return notYet("(8.1) is right; that is the IoU of the wall alone; take the mean of both");
    if (near(iou, classIous[1]!)) return notYet("(8.1) is right; that is the IoU of the window alone; take the mean of both");
    if (near(iou, pixelAccuracy / (2 - pixelAccuracy))) {
      return notYet("(8.1) is right; one IoU for each class, and then their mean");
    }
    if (!near(iou, meanIou)) return notYet("(8.1) is right; wall: 6 correct, 8 true, 7 recovered as wall. And the window?");
    return right(`${pixelAccuracy}, and ${meanIou.toFixed(2)}`);
  });
}
