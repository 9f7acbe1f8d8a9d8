/** Exercise 2: the precision of a detector's alarms, and the energy that two days of training use.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const [FOUND, ACCUSED, MADE] = [0.95, 0.02, 1 / 50];
const KWH = 300 * 48 / 1000;

/** Checks both numbers. NaN means that no answer has been given yet. */
export function checkNumbers({ right: part, kWh }: { right: number; kWh: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(part) || Number.isNaN(kWh)) return notYet("put a number in the place of each NaN");
    const wanted = FOUND * MADE / (FOUND * MADE + ACCUSED * (1 - MADE));
    const is = (value: number) => Math.abs(part - value) < 0.006;
    if (Math.abs(part - 100 * wanted) < 0.6) return notYet("give a fraction from 0 to 1, not a percentage");
    if (is(FOUND)) {
      return notYet("this is the fraction of generated images that are found; what fraction of the alarms is right?");
    }
    if (is(1 - ACCUSED)) {
      return notYet("this is the fraction of real images without an alarm; since most images are real, even 2% of them are many");
    }
    if (is(FOUND / (FOUND + ACCUSED))) {
      return notYet("this would be right if half of the images were generated; here it is one in fifty");
    }
    if (is(1 - wanted)) return notYet("this is the fraction of alarms that are wrong");
    if (!is(wanted)) return notYet("put t = 0.95, f = 0.02 and p = 1/50 into (14.1)");
    if (Math.abs(kWh - KWH * 1000) < 1) return notYet("the fraction is right; this is in watt hours, and 1 kWh is 1000 Wh");
    if (Math.abs(kWh - KWH / 48 * 2) < 1e-6) return notYet("the fraction is right; two days are 48 hours");
    if (Math.abs(kWh - KWH) > 1e-6) return notYet("the fraction is right; use (14.3) with 300 W and 48 hours");
    return right(`${wanted.toFixed(2)}, and ${KWH} kWh`);
  });
}
