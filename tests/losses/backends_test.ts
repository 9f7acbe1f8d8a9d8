/** The losses on every available backend, eager and compiled: second derivatives and logits of ±100 depend on its kernels. */
import { assertAlmostEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile } from "../../lib/backend/compile.ts";
import { gradientPenalty, hinge, leastSquares, minimax, nonSaturating, wasserstein } from "../../lib/losses/mod.ts";
import { testOnBackends } from "../_backends.ts";
import { assertGradient, checkFinite } from "./_helpers.ts";

/** Computes the gradient penalty of a convolution with leaky ReLU and tanh, as a function of the kernel. */
function penalty(kernel: tf.Tensor): tf.Scalar {
  const images = (phase: number) => tf.tensor4d(Array.from({ length: 32 }, (_, i) => Math.sin(i * 1.7 + phase)), [2, 4, 4, 1]);
  const critic = (samples: tf.Tensor4D) => {
    const hidden = tf.leakyRelu(tf.conv2d(samples, kernel as tf.Tensor4D, 2, "same"), 0.2);
    return tf.mean<tf.Tensor4D>(tf.tanh(hidden), 3, true);
  };
  return tf.tidy(() => gradientPenalty(critic, images(0), images(1), tf.tensor4d([0.3, 0.8], [2, 1, 1, 1])));
}

const kernelOf = () => tf.tensor4d(Array.from({ length: 18 }, (_, i) => Math.cos(i)), [3, 3, 1, 2]);

testOnBackends("gradientPenalty() gradient equals the central difference", () => {
  tf.tidy(() => assertGradient(penalty, kernelOf()));
});

testOnBackends("gradientPenalty() gradient is the same when compiled", () => {
  const gradient = compile((kernel: tf.Tensor) => tf.grad((k) => penalty(k))(kernel));
  tf.tidy(() => {
    const kernel = kernelOf();
    const expected = tf.grad((k) => penalty(k))(kernel).dataSync();
    gradient(kernel); // traces, on backends that do
    gradient(kernel).dataSync().forEach((slope, i) => assertAlmostEquals(slope, expected[i]!, 1e-5));
  });
  gradient.dispose();
});

for (const [name, loss] of Object.entries({ minimax, nonSaturating, leastSquares, hinge, wasserstein })) {
  testOnBackends(`${name} stays finite at logits of ±100`, () => tf.tidy(() => checkFinite(loss)));
}
