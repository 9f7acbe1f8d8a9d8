/** Exercise 2: the number of values in a batch, and the value of a byte.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Number of values in 8 greyscale images of 16 rows and 32 columns, and the value in [-1, 1] to which the byte 51 is mapped. */
const [SIZE, X] = [8 * 16 * 32, 51 / 127.5 - 1];

/** Checks both numbers. */
export function checkNumbers({ size, x }: { size: number; x: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(size) || Number.isNaN(x)) return notYet("put a number in the place of each NaN");
    if (size === 3 * SIZE) return notYet("greyscale images have one number per pixel, not three");
    if (size === SIZE / 8) return notYet("that is one image, and there are eight");
    if (size !== SIZE) return notYet(`multiply batch, height, width and channels: that is not ${size}`);
    if (Math.abs(x - 51 / 127.5) < 1e-6) return notYet("51 / 127.5 lies between 0 and 2; (0.1) then subtracts 1");
    if (Math.abs(x - X) > 1e-6) return notYet(`(0.1) does not convert 51 to ${x}`);
    return right(`${SIZE} numbers, and 51 becomes ${X.toFixed(1)}`);
  });
}
