import * as tf from "../../lib/tf.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { compile } from "../../lib/backend/compile.ts";
import type { Optimizer } from "../../lib/optimizers/optimizer.ts";
import { RmsProp, Sgd } from "../../lib/optimizers/sgd.ts";
import { testOnBackends } from "../_backends.ts";

const GRADIENTS = [0.5, -2, 1e-3, 3];
const RATES = [0.1, 0.1, 0.05, 0.2];

/** θ after each step, by the formulas in the header of sgd.ts. */
const BY_HAND: Record<string, () => number[]> = {
  sgd: () => {
    let theta = 1;
    return GRADIENTS.map((g, i) => theta -= RATES[i]! * g);
  },
  rmsprop: () => {
    let [theta, s] = [1, 0];
    return GRADIENTS.map((g, i) => {
      s = 0.9 * s + 0.1 * g * g;
      return theta -= RATES[i]! * g / Math.sqrt(s + 1e-8);
    });
  },
};

const MAKE: Record<string, (variables: tf.Variable[]) => Optimizer> = {
  sgd: (variables) => new Sgd({ learningRate: RATES[0]! }, variables),
  rmsprop: (variables) => new RmsProp({ learningRate: RATES[0]! }, variables),
};

for (const name of Object.keys(MAKE)) {
  for (const compiled of [false, true]) {
    testOnBackends(`${name} ${compiled ? "compiled" : "eager"} follows its formula, even when the learning rate changes`, () => {
      const variable = tf.variable(tf.tensor1d([1, 1]));
      const optimizer = MAKE[name]!([variable]);
      const plain = (gradient: tf.Tensor) =>
        tf.tidy(() => optimizer.apply({ [variable.name]: tf.mul(gradient, [1, -1]) }) as undefined);
      const step = compiled ? compile(plain) : plain;
      const wanted = BY_HAND[name]!();
      GRADIENTS.forEach((gradient, i) => {
        optimizer.learningRate = RATES[i]!;
        tf.tidy(() => step(tf.scalar(gradient)));
        assertAlmostEquals(variable.dataSync()[0]!, wanted[i]!, 1e-5);
        assertAlmostEquals(variable.dataSync()[1]!, 2 - wanted[i]!, 1e-5); // the mirrored gradient
      });
      assertEquals(optimizer.steps, GRADIENTS.length);
      optimizer.dispose();
      variable.dispose();
    });
  }
}
