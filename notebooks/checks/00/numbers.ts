/** Exercise 2: how many numbers, and which.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Numbers in 8 grey pictures of 16 rows of 32 pixels, and what the byte 51 becomes. */
const [SIZE, X] = [8 * 16 * 32, 51 / 127.5 - 1];

/** Checks both. */
export function checkNumbers({ size, x }: { size: number; x: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(size) || Number.isNaN(x)) return notYet("put a number in the place of each NaN");
    if (size === 3 * SIZE) return notYet("grey pictures have one number a pixel, not three");
    if (size === SIZE / 8) return notYet("that is one picture, and there are eight");
    if (size !== SIZE) return notYet(`multiply batch, height, width and channels: that is not ${size}`);
    if (Math.abs(x - 51 / 127.5) < 1e-6) return notYet("51 / 127.5 lies between 0 and 2: (0.1) then takes 1 away");
    if (Math.abs(x - X) > 1e-6) return notYet(`(0.1) makes something else than ${x} of 51`);
    return right(`${SIZE} numbers, and 51 becomes ${X.toFixed(1)}`);
  });
}
