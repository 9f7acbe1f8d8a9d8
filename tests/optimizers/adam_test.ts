import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile } from "../../lib/backend/compile.ts";
import { Adam } from "../../lib/optimizers/adam.ts";
import { testOnBackends } from "../_backends.ts";

/** Algorithm 1 of the paper for one number. */
function byHand(gradients: number[], rates: number[], beta1: number, beta2: number, epsilon: number): number[] {
  let [theta, m, v] = [1, 0, 0];
  return gradients.map((g, i) => {
    m = beta1 * m + (1 - beta1) * g;
    v = beta2 * v + (1 - beta2) * g * g;
    const [mHat, vHat] = [m / (1 - beta1 ** (i + 1)), v / (1 - beta2 ** (i + 1))];
    return theta -= rates[i]! * mHat / (Math.sqrt(vHat) + epsilon);
  });
}

const GRADIENTS = [0.5, -2, 1e-6, 3, 0.25];
const RATES = [0.1, 0.1, 0.05, 0.05, 0.2];

for (const compiled of [false, true]) {
  testOnBackends(
    `Adam ${compiled ? "compiled" : "eager"} follows the paper's algorithm, also when the learning rate changes`,
    () => {
      const variable = tf.variable(tf.tensor1d([1, 1]));
      const adam = new Adam({ learningRate: RATES[0]!, epsilon: 1e-3 }, [variable]);
      const plain = (gradient: tf.Tensor) =>
        tf.tidy(() => adam.apply({ [variable.name]: tf.mul(gradient, [1, -1]) }) as undefined);
      const step = compiled ? compile(plain) : plain;
      const wanted = byHand(GRADIENTS, RATES, 0.5, 0.999, 1e-3);
      GRADIENTS.forEach((gradient, i) => {
        adam.learningRate = RATES[i]!;
        tf.tidy(() => step(tf.scalar(gradient)));
        assertAlmostEquals(variable.dataSync()[0]!, wanted[i]!, 1e-5);
        assertAlmostEquals(variable.dataSync()[1]!, 2 - wanted[i]!, 1e-5); // the mirrored gradient
      });
      assertEquals(adam.steps, GRADIENTS.length);
      adam.dispose();
      variable.dispose();
    },
  );
}

testOnBackends("gradientSize() is the root mean square of constant gradients over all variables", async () => {
  const [large, small] = [tf.variable(tf.zeros([3])), tf.variable(tf.zeros([]))];
  const adam = new Adam({ learningRate: 0.1 }, [large, small]);
  assertEquals(await adam.gradientSize(), undefined);
  const gradients = { [large.name]: tf.tensor1d([3, 0, 4]), [small.name]: tf.scalar(5) };
  const before = tf.memory().numTensors;
  for (let step = 1; step <= 3; step++) {
    adam.apply(gradients);
    assertAlmostEquals((await adam.gradientSize())!, Math.sqrt((9 + 0 + 16 + 25) / 4), 1e-5);
  }
  assertEquals(tf.memory().numTensors, before);
  adam.dispose();
  tf.dispose([large, small, ...Object.values(gradients)]);
});

testOnBackends("Adam leaks no tensor", () => {
  const variable = tf.variable(tf.ones([3, 3]));
  const adam = new Adam({ learningRate: 0.1 }, [variable]);
  const gradient = tf.ones([3, 3]);
  adam.apply({ [variable.name]: gradient });
  const before = tf.memory().numTensors;
  adam.apply({ [variable.name]: gradient });
  assertEquals(tf.memory().numTensors, before);
  adam.dispose();
  tf.dispose([variable, gradient]);
  assertEquals(tf.memory().numTensors, before - 4); // two moments, the variable, the gradient
});

testOnBackends("Adam throws for the gradient of an unknown variable", () => {
  const adam = new Adam({ learningRate: 0.1 }, []);
  assertThrows(() => adam.apply({ stranger: tf.scalar(1) }), RangeError, "was not given variable stranger");
}, ["cpu"]);
