/** Exercise 6: the non-saturating cost, computed from logits.
 * @module */
import { losses, tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for, Eq. (1.7). */
export type ForgersCost = (fakeLogits: tf.Tensor2D) => tf.Scalar;

/** Checks the values, also for large logits, and that the cost is a mean. */
export function checkForgersCost(yours: ForgersCost): Promise<Verdict> {
  return judged(() => verdictOn(yours));
}

function verdictOn(yours: ForgersCost): Verdict {
  const of = (...logits: number[]) => {
    const cost = yours(tf.tensor2d(logits, [logits.length, 1]));
    return cost instanceof tf.Tensor && cost.size === 1 ? cost.dataSync()[0]! : undefined;
  };
  const logits = tf.tensor2d([2, -1, 0.5], [3, 1]);
  const [wanted, zeroSum] = [losses.nonSaturating, losses.minimax].map((family) => family.generator(logits).dataSync()[0]!);
  const got = of(2, -1, 0.5);
  if (got === undefined) return notYet("return a scalar: the mean over all logits");
  if (!(Math.abs(got - wanted!) < 1e-5)) {
    const said = `for logits 2, -1 and 0.5 the cost should be ${wanted!.toFixed(5)}, yours is ${got.toFixed(5)}`;
    if (Math.abs(got - 3 * wanted!) < 1e-4) return notYet(`${said}; take the mean, not the sum`);
    if (Math.abs(got + wanted!) < 1e-5) return notYet(`${said}; turn the sign: a cost is made small`);
    if (Math.abs(got - zeroSum!) < 1e-5) return notYet(`${said}; that is log(1 − D), the zero-sum game's`);
    return notYet(`${said}; it is (1.7)`);
  }
  const far = of(-300);
  if (far === undefined || !(Math.abs(far - 300) < 1e-3)) {
    return notYet(`for a logit of -300 the cost is 300, yours is ${far}; log σ(s) is −log(1 + e⁻ˢ), which needs no sigmoid`);
  }
  return right("it is (1.7), and stays finite");
}
