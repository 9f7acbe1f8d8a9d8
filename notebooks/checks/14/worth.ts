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
    if (typeof first !== "number" || Number.isNaN(first)) return notYet(`give back a number, yours is ${first}`);
    if (everywhere((t, f, p) => once(t ** 2, f ** 2, p))) return right("both report t² of the made ones and f² of the real ones");
    if (everywhere(once)) return notYet("that is one detector alone");
    if (everywhere((t, f, p) => once(t, f, p) ** 2)) {
      return notYet(
        "probabilities of the alarms do not multiply: what does the second one see, and how common are made ones among it?",
      );
    }
    if (everywhere((t, f, p) => once(t ** 2, f, p))) return notYet("also the real ones must be accused twice");
    if (everywhere((t, f, p) => once(t, f ** 2, p))) return notYet("also the made ones must be found twice");
    if (everywhere((t, f, p) => once(1 - (1 - t) ** 2, 1 - (1 - f) ** 2, p))) {
      return notYet("that is what at least one of both reports; both must");
    }
    return notYet("among what the first reports, made ones have the part (14.1): that is the p of the second");
  });
}
