/** Exercise 5: the numerical estimate of a slope.
 * @module */
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Slope = (g: (w: number) => number, w: number) => number;

/** Functions, each with a point and the slope at this point. */
const CASES: [name: string, g: (w: number) => number, w: number, slope: number][] = [
  ["w", (w) => w, 5, 1],
  ["w²", (w) => w * w, 3, 6],
  ["w³", (w) => w ** 3, 0, 0],
  ["sin w", Math.sin, 1, Math.cos(1)],
];
/** Maximum error. With common step sizes, a one-sided difference has a larger error for w², because of its curvature. */
const CLOSE = 1e-5;

/** Compares the estimates with the known slopes. */
export function checkSlope(yours: Slope): Promise<Verdict> {
  return judged(() => {
    for (const [name, g, w, slope] of CASES) {
      const got = yours(g, w);
      if (typeof got !== "number" || Number.isNaN(got)) {
        return notYet(`the derivative of ${name} should be a number, yours is ${got}`);
      }
      const off = Math.abs(got - slope);
      if (off <= CLOSE) continue;
      if (slope !== 0 && Math.abs(got - 2 * slope) < 1e-3) {
        return notYet(`for ${name} you have twice the derivative: the two points are 2h apart`);
      }
      if (slope !== 0 && Math.abs(got + slope) < 1e-3) return notYet(`for ${name} the sign is wrong: subtract left from right`);
      if (off < 0.2) return notYet(`close, but off by ${off.toPrecision(1)} for ${name}: take a smaller step, to both sides`);
      return notYet(`the derivative of ${name} at ${w} is ${Number(slope.toFixed(4))}, yours is ${got}`);
    }
    return right("the derivatives of four functions agree");
  });
}
