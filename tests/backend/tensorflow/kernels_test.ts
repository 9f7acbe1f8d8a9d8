import * as tf from "../../../lib/tf.ts";
import { assert, assertAlmostEquals } from "@std/assert";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { testOnBackends } from "../../_backends.ts";
import { compare } from "./_compare.ts";

const noise = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, "float32", seed);

const onTensorflow = (name: string, run: () => Promise<void>) => testOnBackends(name, run, ["tensorflow"]);

const ACTIVATIONS: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  relu: tf.relu,
  leakyRelu: (x) => tf.leakyRelu(x, 0.2),
  tanh: tf.tanh,
  mean: (x) => tf.mean(x, [0, 2]),
  sum: (x) => tf.sum(x, 1),
};

for (const [name, activation] of Object.entries(ACTIVATIONS)) {
  onTensorflow(`the fast gradient of ${name} equals tfjs's`, async () => {
    await compare(() => {
      const [x, weight] = [noise([3, 4, 5], 1), noise(activation(tf.zeros([3, 4, 5])).shape, 2)];
      return [tf.grad((x) => tf.sum(tf.mul(activation(x), weight)))(x)];
    }, 1e-6);
  });
}

for (const name of ["relu", "leakyRelu", "tanh"]) {
  onTensorflow(`the fast gradient of ${name} can be differentiated again`, async () => {
    await useBackend("tensorflow", { quiet: true });
    tf.tidy(() => {
      const activation = ACTIVATIONS[name]!;
      const [kernel, x] = [noise([4, 3], 3), noise([2, 4], 4)];
      // As in a gradient penalty: the squared norm of the gradient with respect to x, as a function of the weights.
      const penalty = (kernel: tf.Tensor) => {
        const critic = (x: tf.Tensor) => tf.sum(activation(tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D)));
        return tf.sum(tf.square(tf.grad(critic)(x)));
      };
      const direction = noise([4, 3], 5);
      const exact = tf.sum(tf.mul(tf.grad(penalty)(kernel), direction)).dataSync()[0]!;
      const at = (t: number) => penalty(tf.add(kernel, tf.mul(direction, t))).dataSync()[0]!;
      assertAlmostEquals(exact, (at(1e-2) - at(-1e-2)) / 2e-2, 1e-2 * Math.max(1, Math.abs(exact)));
    });
  });
}

onTensorflow("the fast gradients stay finite far from zero", async () => {
  await useBackend("tensorflow", { quiet: true });
  tf.tidy(() => {
    for (const activation of Object.values(ACTIVATIONS)) {
      const gradient = tf.grad((x) => tf.sum(activation(x)))(tf.fill([3, 4, 5], 1e4));
      assert(gradient.dataSync().every(Number.isFinite));
    }
  });
});
