import { assert, assertAlmostEquals, assertLess } from "@std/assert";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { testOnBackends } from "../../_backends.ts";

const noise = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, "float32", seed);

/** The same computation on TensorFlow and on plain JavaScript, value by value. */
async function compare(compute: () => tf.Tensor[], tolerance: number): Promise<void> {
  const onBackend = async (name: "cpu" | "tensorflow") => {
    await useBackend(name, { quiet: true });
    return tf.tidy(() => compute().map((tensor) => tensor.dataSync() as Float32Array));
  };
  const [wanted, got] = [await onBackend("cpu"), await onBackend("tensorflow")];
  wanted.forEach((values, n) => {
    const largest = (f: (value: number, i: number) => number) =>
      values.reduce((most: number, value, i) => Math.max(most, f(value, i)), 0);
    const difference = largest((value, i) => Math.abs(value - got[n]![i]!));
    assertLess(difference, tolerance * Math.max(1, largest(Math.abs)), `result ${n}`);
  });
}

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
      // As in a gradient penalty: how the squared norm of the gradient by x depends on the weights.
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

const SIZES: [number, number, number, number, string][] = [
  [1, 16, 256, 80, "the most positions"],
  [2, 2, 128, 128, "one position a picture, two pictures"],
  [1, 8, 128, 130, "an odd number of filters"],
  [4, 8, 128, 128, "four pictures"],
  [5, 8, 128, 128, "just too many positions"],
];

for (const [batch, size, channels, filters, what] of SIZES) {
  onTensorflow(`convolutions of small pictures have tfjs's gradients and transposes: ${what}`, async () => {
    await compare(() => {
      const [x, kernel] = [
        noise([batch, size, size, channels], 1) as tf.Tensor4D,
        noise([4, 4, channels, filters], 2) as tf.Tensor4D,
      ];
      const dy = noise([batch, size / 2, size / 2, filters], 3) as tf.Tensor4D;
      const gradients = tf.grads((x, kernel) =>
        tf.sum(tf.mul(tf.conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, 2, "same"), dy))
      );
      const transposed = tf.conv2dTranspose(dy, kernel, [batch, size, size, channels], 2, "same");
      return [...gradients([x, kernel]), transposed];
    }, 1e-6);
  });
}

onTensorflow("TensorFlow's gradients stay finite far from zero", async () => {
  await useBackend("tensorflow", { quiet: true });
  tf.tidy(() => {
    for (const activation of Object.values(ACTIVATIONS)) {
      const gradient = tf.grad((x) => tf.sum(activation(x)))(tf.fill([3, 4, 5], 1e4));
      assert(gradient.dataSync().every(Number.isFinite));
    }
  });
});
