/** Exercise 5: the hinge cost of the discriminator, Eq. (4.6).
 * @module */
import { losses, tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type HingeLoss = (realLogits: tf.Tensor2D, fakeLogits: tf.Tensor2D) => tf.Scalar;

/** Checks the cost of logits on both sides of the margin. */
export function checkHinge(yours: HingeLoss): Promise<Verdict> {
  return judged(() => verdictOn(yours));
}

function verdictOn(yours: HingeLoss): Verdict {
  const [real, fake] = [[2, 0.5, -0.2, 3], [-1.5, 0, 0.3, -4]].map((logits) => tf.tensor2d(logits, [4, 1])) as [
    tf.Tensor2D,
    tf.Tensor2D,
  ];
  const cost = yours(real, fake);
  if (!(cost instanceof tf.Tensor)) return notYet("return a tensor, from a function that is not async");
  if (cost.size !== 1) return notYet(`return a scalar, the mean over all logits; yours is [${cost.shape}]`);
  const of = (a: tf.Tensor2D, b: tf.Tensor2D) => losses.hinge.discriminator(a, b).dataSync()[0]!;
  const [got, wanted] = [cost.dataSync()[0]!, of(real, fake)];
  const near = (value: number) => Math.abs(got - value) < 1e-5;
  if (near(wanted)) return right(`${wanted.toFixed(3)} for logits on both sides of the margin`);
  const said = `the cost should be ${wanted.toFixed(3)}, yours is ${got.toFixed(3)}`;
  if (near(4 * wanted)) return notYet(`${said}; take means, not sums`);
  if (near(of(fake, real))) return notYet(`${said}; real and generated are swapped`);
  const open = tf.add(tf.mean(tf.sub(1, real)), tf.mean(tf.add(1, fake))).dataSync()[0]!;
  if (near(open)) return notYet(`${said}; beyond the margin, the loss is 0, not less: tf.relu`);
  return notYet(`${said}; it is (4.6)`);
}
