/** Exercise 4: the loss that the generator minimizes, Eq. (7.5).
 * @module */
import { losses, tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Objective = (fakeLogits: tf.Tensor4D, fake: tf.Tensor4D, target: tf.Tensor4D, lambda: number) => tf.Scalar;

/** Inputs on which the answer is checked. */
interface Given {
  fakeLogits: tf.Tensor4D;
  fake: tf.Tensor4D;
  target: tf.Tensor4D;
}

/** Checks the value of the loss, and its gradient with respect to the generated image. */
export function checkObjective(yours: Objective): Promise<Verdict> {
  return judged(() => {
    const wrong = tf.tidy(() => wrongObjective(yours));
    return wrong ? notYet(wrong) : right("value and gradient agree with the library's, also where D is certain");
  });
}

function wrongObjective(yours: Objective): string | undefined {
  const given: Given = {
    fakeLogits: tf.tensor4d([0.5, -1, 2, -300], [1, 2, 2, 1]), // the last is where the logarithm of 0 would show
    fake: tf.randomUniform<tf.Rank.R4>([1, 4, 4, 3], -1, 1, "float32", 1),
    target: tf.randomUniform<tf.Rank.R4>([1, 4, 4, 3], -1, 1, "float32", 2),
  };
  return wrongValue(yours, given, 100) ?? wrongValue(yours, given, 7) ?? wrongSlope(yours, given);
}

function wrongValue(yours: Objective, given: Given, lambda: number): string | undefined {
  const scalar = yours(given.fakeLogits, given.fake, given.target, lambda);
  if (!(scalar instanceof tf.Tensor) || scalar.size !== 1) return "return a scalar: one tensor with one number";
  const got = valueOf(scalar);
  if (!Number.isFinite(got)) return `for a logit of -300 it is ${got}; use softplus, or the function of losses that uses it`;
  const wanted = valueOf(losses.nonSaturating.generator(given.fakeLogits)) +
    lambda * valueOf(losses.l1(given.fake, given.target));
  if (close(got, wanted)) return undefined;
  const hint = slip(got, lambda, given) ?? "look at (7.3), (7.4) and (7.5) again";
  return `with λ = ${lambda} it should be ${wanted.toFixed(3)}, yours is ${got.toFixed(3)}; ${hint}`;
}

/** Returns a hint if a wrong value results from a common mistake. */
function slip(got: number, lambda: number, { fakeLogits, fake, target }: Given): string | undefined {
  const adversarial = valueOf(losses.nonSaturating.generator(fakeLogits));
  const distance = valueOf(losses.l1(fake, target));
  const slips: [number, string][] = [
    [adversarial + distance, "where is λ?"],
    [lambda * adversarial + distance, "λ weighs L1, not the adversarial term"],
    [adversarial, "where is L1?"],
    [lambda * distance, "where is the adversarial term?"],
    [adversarial + lambda * distance * fake.size, "L1 is a mean over all values, not their sum"],
    [
      adversarial + lambda * valueOf(losses.l2(fake, target)),
      "that is the squared difference instead of the absolute difference",
    ],
    [valueOf(losses.minimax.generator(fakeLogits)) + lambda * distance, "that is the saturating loss; (7.3) is the other one"],
    [
      valueOf(tf.mean(tf.softplus(fakeLogits))) + lambda * distance,
      "that is D's loss on generated images; G has the opposite aim",
    ],
  ];
  return slips.find(([value]) => close(got, value))?.[1];
}

function wrongSlope(yours: Objective, { fakeLogits, fake, target }: Given): string | undefined {
  const slope = (f: (picture: tf.Tensor4D) => tf.Scalar) => tf.grad((picture) => f(picture as tf.Tensor4D))(fake);
  const cure = "use tensors from the image to the result, without dataSync";
  try {
    const own = slope((picture) => yours(fakeLogits, picture, target, 100));
    const wanted = slope((picture) => tf.mul<tf.Scalar>(losses.l1(picture, target), 100));
    if (valueOf(tf.max(tf.abs(tf.sub(own, wanted)))) < 1e-4) return undefined;
  } catch { /* tfjs says at length that there is no way from the result back to the picture */ }
  return `the value is right, but its gradient with respect to the image is not; ${cure}`;
}

function valueOf(scalar: tf.Tensor): number {
  return scalar.dataSync()[0]!;
}

function close(got: number, wanted: number): boolean {
  return Math.abs(got - wanted) <= 1e-4 * Math.max(1, Math.abs(wanted));
}
