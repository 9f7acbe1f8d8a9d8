/** Exercise 6: the non-saturating loss, computed from logits.
 * @module */
import { losses, tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for, Eq. (1.7). */
export type GeneratorLoss = (fakeLogits: tf.Tensor2D) => tf.Scalar;

/** Checks the values, also for large logits, and that the loss is a mean. */
export function checkGeneratorLoss(yours: GeneratorLoss): Promise<Verdict> {
  return judged(() => verdictOn(yours));
}

function verdictOn(yours: GeneratorLoss): Verdict {
  const of = (...logits: number[]) => {
    const loss = yours(tf.tensor2d(logits, [logits.length, 1]));
    return loss instanceof tf.Tensor && loss.size === 1 ? loss.dataSync()[0]! : undefined;
  };
  const logits = tf.tensor2d([2, -1, 0.5], [3, 1]);
  const [wanted, zeroSum] = [losses.nonSaturating, losses.minimax].map((family) => family.generator(logits).dataSync()[0]!);
  const got = of(2, -1, 0.5);
  if (got === undefined) return notYet("return a scalar: the mean over all logits");
  if (!(Math.abs(got - wanted!) < 1e-5)) {
    const said = `for logits 2, -1 and 0.5 the loss should be ${wanted!.toFixed(5)}, yours is ${got.toFixed(5)}`;
    if (Math.abs(got - 3 * wanted!) < 1e-4) return notYet(`${said}; take the mean, not the sum`);
    if (Math.abs(got + wanted!) < 1e-5) return notYet(`${said}; change the sign: a loss is minimized`);
    if (Math.abs(got - zeroSum!) < 1e-5) return notYet(`${said}; that is log(1 − D), the loss of the zero-sum game`);
    return notYet(`${said}; it is (1.7)`);
  }
  const far = of(-300);
  if (far === undefined || !(Math.abs(far - 300) < 1e-3)) {
    return notYet(`for a logit of -300 the loss is 300, yours is ${far}; log σ(s) is −log(1 + e⁻ˢ), which needs no sigmoid`);
  }
  return right("it is (1.7), and stays finite");
}
