import { assert, assertAlmostEquals, assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { gradientPenalty, type Logits } from "../../lib/losses/mod.ts";
import { assertGradient, numberOf, scores } from "./_helpers.ts";

await tf.setBackend("cpu");

const real = tf.tensor2d([[1, 2], [3, -1]]), fake = tf.tensor2d([[0, 0], [-1, 2]]);
const half = scores(0.5, 0.5);

/** Returns a critic with one hidden layer of the given weights and a fixed output layer. */
function layered(weights: tf.Tensor, activation: (h: tf.Tensor2D) => tf.Tensor): (samples: tf.Tensor2D) => tf.Tensor2D {
  const last = tf.tensor2d([[0.9], [-1.3], [0.7]]);
  return (samples) => tf.matMul(activation(tf.matMul(samples, weights)) as tf.Tensor2D, last);
}

const weights = tf.tensor2d([[0.6, -0.4, 0.9], [0.3, 0.8, -0.5]]);

Deno.test("gradientPenalty() of a linear critic is (‖w‖ − 1)² for any samples", () => {
  const critic = (samples: tf.Tensor2D) => tf.matMul<tf.Tensor2D>(samples, tf.tensor2d([[3], [4]]));
  assertAlmostEquals(numberOf(gradientPenalty(critic, real, fake, half)), (5 - 1) ** 2, 1e-5);
});

Deno.test("gradientPenalty() evaluates the gradient at ε x + (1 − ε) x̃, and takes the mean over the batch", () => {
  // D(x) = ½‖x‖² has the gradient x, so the penalty shows where it is evaluated: for ε = 1 at the real sample, for
  // 0.25 near the fake one.
  const critic = (samples: tf.Tensor2D) => tf.mul<tf.Tensor2D>(tf.sum(tf.square(samples), 1, true), 0.5);
  const first = Math.hypot(1, 2), second = Math.hypot(0.25 * 3 - 0.75, -0.25 + 0.75 * 2);
  const expected = ((first - 1) ** 2 + (second - 1) ** 2) / 2;
  assertAlmostEquals(numberOf(gradientPenalty(critic, real, fake, scores(1, 0.25))), expected, 1e-5);
});

Deno.test("gradientPenalty() accepts images and a patch map, whose patches are summed", () => {
  const images = tf.ones<tf.Rank.R4>([2, 4, 4, 1]), mixing = tf.fill<tf.Rank.R4>([2, 1, 1, 1], 0.5);
  // A 2 × 2 kernel of weight 0.5, stride 2: every pixel counts once, with slope 0.5, so the norm is 0.5 · √16.
  const critic = (samples: tf.Tensor4D) => tf.conv2d(samples, tf.fill<tf.Rank.R4>([2, 2, 1, 1], 0.5), 2, "valid");
  assertAlmostEquals(numberOf(gradientPenalty(critic, images, tf.neg(images), mixing)), (0.5 * 4 - 1) ** 2, 1e-5);
});

const activations: Record<string, (h: tf.Tensor2D) => tf.Tensor> = {
  relu: (h) => tf.relu(h),
  leakyRelu: (h) => tf.leakyRelu(h, 0.2),
  elu: (h) => tf.elu(h),
  tanh: (h) => tf.tanh(h),
  sigmoid: (h) => tf.sigmoid(h),
  softplus: (h) => tf.softplus(h),
  exp: (h) => tf.exp(tf.mul(h, 0.3)),
};
for (const [name, activation] of Object.entries(activations)) {
  Deno.test(`gradientPenalty() gradient with respect to weights equals the central difference, for ${name}`, () => {
    assertGradient((w) => gradientPenalty(layered(w, activation), real, fake, scores(0.3, 0.8)), weights);
  });
}

Deno.test("gradientPenalty() gradient with respect to a kernel equals the central difference, for conv2d", () => {
  const mixing = tf.tensor4d([0.3, 0.8], [2, 1, 1, 1]);
  const images = (phase: number) => tf.tensor4d(Array.from({ length: 32 }, (_, i) => Math.sin(i * 1.7 + phase)), [2, 4, 4, 1]);
  const critic = (kernel: tf.Tensor) => (samples: tf.Tensor4D) =>
    tf.mean<tf.Tensor4D>(tf.tanh(tf.conv2d(samples, kernel as tf.Tensor4D, 2, "same")), 3, true);
  const kernel = tf.tensor4d(Array.from({ length: 18 }, (_, i) => Math.cos(i)), [3, 3, 1, 2]);
  assertGradient((k) => gradientPenalty(critic(k), images(0), images(1), mixing), kernel);
});

Deno.test("gradientPenalty() gradient is the same through a tf.layers model", () => {
  // The critic of `layered` with leakyRelu, as layers: gradients must equal those of the plain functions.
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, inputShape: [2], useBias: false, weights: [weights] }),
      tf.layers.leakyReLU({ alpha: 0.2 }),
      tf.layers.dense({ units: 1, useBias: false, weights: [tf.tensor2d([[0.9], [-1.3], [0.7]])] }),
    ],
  });
  const mixing = scores(0.3, 0.8);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const { grads } = tf.variableGrads(() => gradientPenalty((x) => model.apply(x) as tf.Tensor2D, real, fake, mixing), variables);
  const expected = tf.grad((w) => gradientPenalty(layered(w, (h) => tf.leakyRelu(h, 0.2)), real, fake, mixing))(weights)
    .dataSync();
  grads[variables[0]!.name]!.dataSync().forEach((slope, i) => assertAlmostEquals(slope, expected[i]!, 1e-6));
});

Deno.test("gradientPenalty() restores tfjs's gradients, also if the critic throws", () => {
  const kernels = ["Tanh", "Sigmoid", "Exp", "Elu", "LeakyRelu", "Softmax", "LogSoftmax", "LRN"];
  const before = kernels.map((name) => tf.getGradient(name));
  gradientPenalty(layered(weights, (h) => tf.tanh(h)), real, fake, half);
  const broken = (): tf.Tensor2D => {
    throw new Error("broken");
  };
  assertThrows(() => gradientPenalty(broken, real, fake, half), Error, "broken");
  kernels.forEach((name, i) => assertStrictEquals(tf.getGradient(name), before[i]));
});

Deno.test("gradientPenalty() refuses softmax, whose second derivative is wrong in tfjs", () => {
  assertThrows(() => gradientPenalty(layered(weights, (h) => tf.softmax(h)), real, fake, half), Error, "through Softmax");
});

Deno.test("gradientPenalty() throws through selu, as its documentation says", () => {
  const penalty = (w: tf.Tensor) => gradientPenalty(layered(w, (h) => tf.selu(h)), real, fake, half);
  assertThrows(() => tf.grad(penalty)(weights), Error, "gradient function not found");
});

Deno.test("gradientPenalty() of a constant critic has a finite gradient", () => {
  const dead = tf.fill<tf.Rank.R2>([2, 3], -1); // relu of negative numbers: D is 0 near these samples
  const positive = tf.ones<tf.Rank.R2>([2, 2]);
  const penalty = (w: tf.Tensor) => gradientPenalty(layered(w, (h) => tf.relu(h)), positive, positive, half);
  assertAlmostEquals(numberOf(penalty(dead)), 1, 1e-5);
  assert(tf.grad(penalty)(dead).dataSync().every((slope) => slope === 0));
});

Deno.test("gradientPenalty() refuses shapes that would be broadcast", () => {
  const critic = (samples: tf.Tensor2D): Logits => tf.sum<tf.Tensor2D>(samples, 1, true);
  assertThrows(() => gradientPenalty(critic, real, tf.zeros([1, 2]), half), RangeError, "got [2,2] and [1,2]");
  assertThrows(() => gradientPenalty(critic, real, fake, scores(0.5)), RangeError, "[2,1], got [1,1]");
  assertThrows(() => gradientPenalty(critic, real, fake, real), RangeError, "[2,1], got [2,2]");
});

Deno.test("gradientPenalty() leaves one tensor, with and without a gradient", () => {
  const before = tf.memory().numTensors;
  tf.tidy(() => gradientPenalty(layered(weights, (h) => tf.tanh(h)), real, fake, half).dataSync());
  const criticOf = layered(weights, (h) => tf.tanh(h));
  gradientPenalty(criticOf, real, fake, half).dispose();
  assertEquals(tf.memory().numTensors, before + 1); // the fixed last weights of `criticOf`
  tf.tidy(() => tf.grad((w) => gradientPenalty(layered(w, (h) => tf.tanh(h)), real, fake, half))(weights).dataSync());
  assertEquals(tf.memory().numTensors, before + 1);
});
