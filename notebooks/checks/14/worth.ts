/** Exercise 5: the precision of the alarms that two detectors raise together.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Worth = (t: number, f: number, p: number) => number;

const CASES = [[0.9, 0.1, 0.01], [0.99, 0.01, 0.001], [0.5, 0.2, 0.3]] as const;

/** Compares the answer with the expected values. */
export function checkWorth(yours: Worth): Promise<Verdict> {
  return judged(() => {
    const once: Worth = (t, f, p) => t * p / (t * p + f * (1 - p));
    const everywhere = (other: Worth) => CASES.every(([t, f, p]) => Math.abs(yours(t, f, p) - other(t, f, p)) < 1e-9);
    const first = yours(...CASES[0]);
    if (typeof first !== "number" || Number.isNaN(first)) return notYet(`return a number; you returned ${first}`);
    if (everywhere((t, f, p) => once(t ** 2, f ** 2, p))) {
      return right("both find t² of the generated images and have false alarms for f² of the real ones");
    }
    if (everywhere(once)) return notYet("this is the result for one detector");
    if (everywhere((t, f, p) => once(t, f, p) ** 2)) {
      return notYet(
        "these probabilities do not multiply: which images does the second detector see, and how common are " +
          "generated images among them?",
      );
    }
    if (everywhere((t, f, p) => once(t ** 2, f, p))) return notYet("a real image also needs two alarms");
    if (everywhere((t, f, p) => once(t, f ** 2, p))) return notYet("a generated image also needs two alarms");
    if (everywhere((t, f, p) => once(1 - (1 - t) ** 2, 1 - (1 - f) ** 2, p))) {
      return notYet("this is for an alarm by at least one of them; here both have to agree");
    }
    return notYet(
      "among the images that the first detector reports, the fraction (14.1) is generated: this is the p of the second",
    );
  });
}
