/** Exercise 2: the generators' cost in a step of CycleGAN, and the number of images that they generate.
 * @module */
import { CYCLEGAN } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

const COSTS = { adversarial: 0.3 + 0.4, cycle: 0.2, identity: 0.1 };
/** In each of the two directions: the translation, the reconstruction, and the identity mapping. */
const PICTURES = 3 * 2;

/** Checks both numbers.
 * @param answer NaN means that no answer has been given yet. */
export function checkStep({ cost, pictures }: { cost: number; pictures: number }): Promise<Verdict> {
  return judged(() => {
    if (Number.isNaN(cost) || Number.isNaN(pictures)) return notYet("put a number in the place of each NaN");
    const { lambda, identity } = CYCLEGAN;
    const { adversarial, cycle, identity: own } = COSTS;
    const of = (identity: number) => adversarial + lambda * cycle + lambda * identity * own;
    const near = (wanted: number) => Math.abs(cost - wanted) < 1e-6;
    if (near(of(1))) return notYet("the identity has half of λ for its weight");
    if (near(of(0))) return notYet("the identity is missing: it has half of λ for its weight");
    if (near(adversarial + cycle + own)) return notYet("these are the four costs without their weights");
    if (!near(of(identity))) return notYet(`(10.4) is not ${cost}: 0.3 + 0.4, λ times 0.2, and half of λ times 0.1`);
    if (pictures === 2) {
      return notYet("the cost is right; each of the two is also translated back, and both generators get what is theirs");
    }
    if (pictures === 4) return notYet("the cost is right; for (10.3) both generators also get what is theirs already");
    if (pictures !== PICTURES) return notYet(`the cost is right; count steps 1 to 3 again, ${pictures} they are not`);
    return right(`${of(identity).toFixed(1)}, and ${PICTURES} pictures`);
  });
}
