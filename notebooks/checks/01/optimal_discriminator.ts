/** Exercise 5: the optimal discriminator for two densities.
 * @module */
import { data, metrics } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for, Eq. (1.4). */
export type OptimalDiscriminator = (real: metrics.Density, made: metrics.Density) => (point: number[]) => number;

/** Checks the answer on two Gaussians, and where both densities are 0. */
export function checkOptimalDiscriminator(yours: OptimalDiscriminator): Promise<Verdict> {
  return judged(() => {
    const real = data.gaussianMixture("real", [{ mean: [1], deviation: 0.5 }]);
    const made = data.gaussianMixture("made", [{ mean: [-1], deviation: 1, weight: 2 }]);
    const answer = yours(real.density, made.density);
    if (typeof answer !== "function") return notYet("return a function of a point");
    const wanted = metrics.optimalDiscriminator(real.density, made.density);
    const swapped = metrics.optimalDiscriminator(made.density, real.density);
    for (const x of [-2, -0.5, 0, 0.7, 1, 2]) {
      const got = answer([x]);
      if (Math.abs(got - wanted([x])) < 1e-6) continue;
      const said = `at ${x} it should say ${wanted([x]).toFixed(4)}, yours says ${Number(got).toFixed(4)}`;
      if (Math.abs(got - swapped([x])) < 1e-6) return notYet(`${said}: that is the probability that the point is generated`);
      return notYet(`${said}; it is (1.4)`);
    }
    const nothing = yours(() => 0, () => 0)([0]);
    if (nothing !== 0.5) {
      return notYet(`where both densities are 0 it says ${nothing}; ½ says that nothing is known`);
    }
    return right("it agrees with (1.4), and says ½ where both densities are 0");
  });
}
