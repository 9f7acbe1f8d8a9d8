/** Exercise 5: a slope, measured.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** What the exercise asks for. */
export type Slope = (g: (w: number) => number, w: number) => number;

/** Functions, a place, and the slope there. */
const CASES: [name: string, g: (w: number) => number, w: number, slope: number][] = [
  ["w", (w) => w, 5, 1],
  ["w²", (w) => w * w, 3, 6],
  ["w³", (w) => w ** 3, 0, 0],
  ["sin w", Math.sin, 1, Math.cos(1)],
];
/** A step to one side alone is this wrong or more at the bend of w², with the steps that people take. */
const CLOSE = 1e-5;

/** Checks slopes that are known. */
export function checkSlope(yours: Slope): Promise<Verdict> {
  return judged(() => {
    for (const [name, g, w, slope] of CASES) {
      const got = yours(g, w);
      if (typeof got !== "number" || Number.isNaN(got)) return notYet(`the slope of ${name} should be a number, yours is ${got}`);
      const off = Math.abs(got - slope);
      if (off <= CLOSE) continue;
      if (Math.abs(got - 2 * slope) < 1e-3) return notYet(`of ${name} you have twice the slope: the two places are 2h apart`);
      if (Math.abs(got + slope) < 1e-3) return notYet(`of ${name} you have the slope with its sign turned: right minus left`);
      if (off < 0.2) return notYet(`near, but off by ${off.toPrecision(1)} for ${name}: take a smaller step, and to both sides`);
      return notYet(`the slope of ${name} at ${w} is ${Number(slope.toFixed(4))}, yours is ${got}`);
    }
    return right("the slopes of four functions agree");
  });
}
