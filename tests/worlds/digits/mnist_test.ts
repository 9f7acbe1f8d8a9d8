import * as tf from "../../../lib/tf.ts";
import { assertGreaterOrEqual } from "@std/assert";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { digits } from "../../../data/worlds/digits/mod.ts";
import { oneHot } from "../../../lib/backend/one_hot.ts";
import { mnist } from "../../../lib/data/mnist.ts";

const realData = Deno.env.get("FORGER_DATA");
if (!realData) console.log("digits/mnist_test.ts: FORGER_DATA is not set, skipping the test on MNIST");

/** Creates a network with one hidden layer, small enough to be trained in seconds on any machine. */
function classifier(): { weights: tf.Variable[]; logits(images: tf.Tensor4D): tf.Tensor2D } {
  const weight = (rows: number, columns: number, seed: number) =>
    tf.variable(tf.randomNormal([rows, columns], 0, Math.sqrt(2 / rows), "float32", seed) as tf.Tensor2D);
  const [first, second] = [weight(784, 128, 1), weight(128, 10, 2)];
  const [firstBias, secondBias] = [tf.variable(tf.zeros([128])), tf.variable(tf.zeros([10]))];
  const logits = (images: tf.Tensor4D) => {
    const hidden = tf.relu(tf.add(tf.matMul(tf.reshape(images, [-1, 784]) as tf.Tensor2D, first), firstBias)) as tf.Tensor2D;
    return tf.add(tf.matMul(hidden, second), secondBias) as tf.Tensor2D;
  };
  return { weights: [first, firstBias, second, secondBias], logits };
}

Deno.test({
  name: "digits() replaces MNIST: a classifier trained on it reaches an accuracy of 60% on MNIST's test split",
  ignore: !realData,
  fn: async () => {
    await useBackend(undefined, { quiet: true });
    const { weights, logits } = classifier();
    const optimizer = tf.train.adam(0.001);
    for (let epoch = 0; epoch < 3; epoch++) {
      for await (const { images, labels } of digits({ count: 20_000, seed: 1 }).batches({ batch: 100, epoch })) {
        optimizer.minimize(() => tf.losses.softmaxCrossEntropy(oneHot(labels, 10), logits(images)) as tf.Scalar, false, weights);
        tf.dispose([images, labels]);
      }
    }
    let correct = 0;
    const test = await mnist({ folder: realData!, split: "test" });
    for await (const { images, labels } of test.batches({ batch: 1000, shuffle: false })) {
      correct += tf.tidy(() => tf.sum(tf.equal(tf.argMax(logits(images), 1), labels)).dataSync()[0]!);
      tf.dispose([images, labels]);
    }
    tf.dispose(weights);
    optimizer.dispose();
    console.log(`trained on 20,000 generated digits: accuracy ${(100 * correct / test.count).toFixed(1)}% on MNIST's test split`);
    assertGreaterOrEqual(correct / test.count, 0.6);
  },
});
