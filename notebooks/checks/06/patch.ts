/** Exercise 2: receptive field of three 3 x 3 layers with strides 2, 2 and 1, and distance between neighbouring patches.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const [KERNEL, STRIDES] = [3, [2, 2, 1]];

function fieldOf(strides: number[]): number {
  return strides.reduceRight((side, stride) => (side - 1) * stride + KERNEL, 1);
}

/** Checks both numbers. NaN means that no answer has been given yet. */
export function checkPatch({ side, apart }: { side: number; apart: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(side) || Number.isNaN(apart)) return notYet("put a number in the place of each NaN");
    const [wanted, wantedApart] = [fieldOf(STRIDES), STRIDES.reduce((product, stride) => product * stride)];
    if (side === fieldOf(STRIDES.toReversed())) {
      return notYet(`${side} is the result from the image to the output; (6.1) goes the other way, the last layer first`);
    }
    if (side === 1 + STRIDES.length * (KERNEL - 1)) {
      return notYet(`${side} is right for strides of 1; here two of the layers have stride 2`);
    }
    if (side !== wanted) return notYet(`an output does not see ${side} pixels: begin with 1, and apply (6.1) three times`);
    if (apart === STRIDES.reduce((sum, stride) => sum + stride)) {
      return notYet(`${side} is right; strides are multiplied, not added`);
    }
    if (apart !== wantedApart) return notYet(`${side} is right; the patches are not ${apart} pixels apart: multiply the strides`);
    return right(`patches of ${wanted} × ${wanted}, ${wantedApart} pixels apart`);
  });
}
