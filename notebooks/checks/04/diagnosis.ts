/** Exercise 6: diagnosis of a training run (collapse, circles or well) from generated points.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Possible diagnoses. */
export type Diagnosis = "collapse" | "circles" | "well";
/** Signature of the function that the exercise asks for. */
export type Diagnose = (moments: number[][][], realSpread: number) => Diagnosis;

/** Returns four points in the form of a cross, each `radius` away from the centre (x, y), so that their spread is the radius. */
function cross(x: number, y: number, radius: number): number[][] {
  return [[x - radius, y], [x + radius, y], [x, y - radius], [x, y + radius]];
}

/** Training runs: points generated at several moments, and the correct diagnosis. The spread of the real points is 2. */
const RUNS: [what: string, moments: number[][][], wanted: Diagnosis][] = [
  ["points that keep their place and their spread", [cross(0, 0, 2), cross(0.1, 0, 2), cross(0, 0.1, 1.9)], "well"],
  ["points that end within 0.3 of their middle", [cross(0, 0, 2), cross(0, 0, 1), cross(0, 0, 0.3)], "collapse"],
  ["a middle that jumps by 3, with the spread kept", [cross(1.5, 0, 2), cross(-1.5, 0, 2), cross(1.5, 0, 2)], "circles"],
  ["points that jump and end within 0.1", [cross(2, 0, 0.1), cross(-2, 0, 0.1), cross(2, 0, 0.1)], "collapse"],
  ["a middle that moved once, by 1.6, and then stayed", [cross(0, 0, 2), cross(1.6, 0, 2), cross(1.6, 0, 2)], "well"],
  ["points that were together and are apart now", [cross(0, 0, 0.1), cross(0, 0, 1), cross(0, 0, 2)], "well"],
  ["a tight cluster far from 0", [cross(5, 5, 0.2), cross(5, 5, 0.2)], "collapse"],
];

/** Checks the answer on seven training runs. */
export function checkDiagnosis(yours: Diagnose): Promise<Verdict> {
  return judged(() => {
    for (const [what, moments, wanted] of RUNS) {
      const said = yours(moments, 2);
      if (said === wanted) continue;
      if (!["collapse", "circles", "well"].includes(said)) return notYet(`say "collapse", "circles" or "well", not ${said}`);
      return notYet(`${what}, where the spread of the data is 2, are "${wanted}", and yours says "${said}"`);
    }
    return right(`all ${RUNS.length} training runs`);
  });
}
