/** Exercise 6: the score above which a detector reports an image.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Threshold = (realScores: number[], f: number) => number;

const SCORES = [0.31, 0.02, 0.77, 0.14, 0.55, 0.09, 0.93, 0.4, 0.21, 0.68];

/** Checks the effect of the threshold, so that any method of finding it is accepted. */
export function checkThreshold(yours: Threshold): Promise<Verdict> {
  return judged(() => {
    for (const f of [0.2, 0.5, 0, 0.25]) {
      const given = [...SCORES];
      const threshold = yours(given, f);
      if (typeof threshold !== "number" || Number.isNaN(threshold)) return notYet(`return a number; you returned ${threshold}`);
      if (`${given}` !== `${SCORES}`) return notYet("the argument must not change: sort a copy");
      const accused = SCORES.filter((score) => score > threshold).length;
      const allowed = Math.floor(f * SCORES.length + 1e-9);
      const said = `with f = ${f} and ten real images, your threshold ${threshold} causes ${accused} false alarms`;
      if (accused > allowed) return notYet(`${said}; at most ${allowed} are allowed`);
      if (accused < allowed) return notYet(`${said}; ${allowed} are allowed, and a lower threshold finds more generated images`);
    }
    const alike = yours([0.5, 0.5, 0.5, 0.5], 0.5);
    if ([0.5, 0.5, 0.5, 0.5].filter((score) => score > alike).length > 2) {
      return notYet("if four images have the same score, there is an alarm for all or for none, and four would be too many");
    }
    return right("as many alarms as allowed, and no more");
  });
}
