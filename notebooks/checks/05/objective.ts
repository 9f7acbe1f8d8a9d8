/** Exercise 5: the value of the objective, Eq. (5.7), computed from probabilities.
 * @module */
import { tf } from "../../../mod.ts";
import { judged, notYet, right, type Verdict } from "../verdict.ts";

/** Signature of the function that the exercise asks for. */
export type Value = (
  real: tf.Tensor4D,
  fake: tf.Tensor4D,
  y: tf.Tensor4D,
  made: tf.Tensor4D,
  lambda: number,
) => tf.Scalar;

/** Checks the answer on a map of four discriminator outputs. */
export function checkObjective(yours: Value): Promise<Verdict> {
  return judged(() => verdictOn(yours));
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function verdictOn(yours: Value): Verdict {
  const [real, fake, y, made, lambda] = [
    [0.9, 0.8, 0.6, 0.5],
    [0.3, 0.2, 0.5, 0.1],
    [1, -1, 0.5, 0],
    [0.5, -0.8, 0.5, -0.2],
    100,
  ];
  const map = (values: number[]) => tf.tensor4d(values, [1, 2, 2, 1]);
  const value = yours(map(real), map(fake), map(y), map(made), lambda);
  if (!(value instanceof tf.Tensor)) return notYet("return a tensor, from a function without async");
  if (value.size !== 1) return notYet(`return a scalar, the means over the map and over the pixels; yours is [${value.shape}]`);
  const distance = lambda * mean(y.map((value, i) => Math.abs(value - made[i]!)));
  const [ofReal, ofFake] = [mean(real.map(Math.log)), mean(fake.map((p) => Math.log(1 - p)))];
  const [got, wanted] = [value.dataSync()[0]!, ofReal + ofFake + distance];
  const near = (expected: number) => Math.abs(got - expected) < 1e-3;
  if (near(wanted)) return right(`${wanted.toFixed(3)}, of which the adversarial part is ${(ofReal + ofFake).toFixed(3)}`);
  const said = `the value should be ${wanted.toFixed(3)}, yours is ${got.toFixed(3)}`;
  if (near(-ofReal - ofFake + distance)) return notYet(`${said}; the adversarial part has the wrong sign, that of D's loss`);
  if (near(ofReal + mean(fake.map(Math.log)) + distance)) return notYet(`${said}; for generated images, the term is log(1 − D)`);
  if (near(ofReal + ofFake + distance / lambda)) return notYet(`${said}; λ is missing before L1`);
  if (near(ofReal + ofFake)) return notYet(`${said}; L1 is missing`);
  return notYet(`${said}; it is (5.4), and λ times (5.6)`);
}
