import { assertAlmostEquals, assertEquals, assertLess, assertRejects } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import { type FeatureDistances, featureDistances, randomNetwork } from "../../lib/metrics/feature_distance.ts";
import { RANDOM_FEATURES, randomFeatures, randomKernels } from "../../lib/models/random_features.ts";
import { testOnBackends } from "../_backends.ts";

/** Yields photos of facades, modified. */
async function* photos(seed: number, change: (x: tf.Tensor4D) => tf.Tensor4D = tf.clone): AsyncGenerator<tf.Tensor4D> {
  for await (const { input, target } of toytown({ count: 40, size: 32, seed }).batches({ batch: 20, augment: false })) {
    input.dispose();
    yield tf.tidy(() => change(target));
    target.dispose();
  }
}

const noisy = (deviation: number) => (x: tf.Tensor4D) =>
  tf.add(x, tf.randomNormal(x.shape, 0, deviation, "float32", 5)) as tf.Tensor4D;
const pale = (x: tf.Tensor4D) => tf.mul(x, 0.7) as tf.Tensor4D;

testOnBackends(
  "featureDistances() is small between two sets from one distribution, and grows with changes to one of them",
  async () => {
    const before = tf.memory().numTensors;
    const to = (change?: (x: tf.Tensor4D) => tf.Tensor4D) => featureDistances(photos(2, change), photos(1));
    const [same, little, much, paler] = [await to(), await to(noisy(0.1)), await to(noisy(0.4)), await to(pale)];
    for (const key of ["frechet", "kernel"] satisfies (keyof FeatureDistances)[]) {
      assertLess(same[key], little[key]);
      assertLess(little[key], much[key]);
      assertLess(same[key], paler[key]);
    }
    assertEquals([same.network, same.counts], [RANDOM_FEATURES, [40, 40]]);
    const itself = await featureDistances(photos(1), photos(1));
    assertAlmostEquals(itself.frechet, 0, 1e-6);
    assertEquals(tf.memory().numTensors, before);
  },
  ["tensorflow"],
);

testOnBackends("randomFeatures() returns 448 features, as its name says, deterministically", async () => {
  const images = tf.tidy(() => tf.mul(tf.linspace(-1, 1, 2 * 16 * 16), 1).reshape([2, 16, 16, 1]) as tf.Tensor4D);
  const features = await randomNetwork.features(images);
  assertEquals([features.shape, RANDOM_FEATURES], [[2, 448], "random-448"]);
  // Mean of the first channel of the first layer, computed by hand.
  const kernels = randomKernels(1);
  const mean = tf.tidy(() => tf.mean(tf.leakyRelu(tf.conv2d(images, kernels[0]!, 2, "same"), 0.2), [1, 2]).dataSync()[0]!);
  assertAlmostEquals(features.dataSync()[0]!, mean, 1e-6);
  const again = randomFeatures(images, kernels);
  assertEquals([...again.dataSync()], [...features.dataSync()]);
  tf.dispose([images, features, again, ...kernels]);
});

testOnBackends("featureDistances() rejects empty sets", async () => {
  const none = async function* (): AsyncGenerator<tf.Tensor4D> {};
  await assertRejects(() => featureDistances(none(), photos(1)), RangeError, "got none");
  const before = tf.memory().numTensors;
  const breaks = async function* (): AsyncGenerator<tf.Tensor4D> {
    yield tf.zeros([2, 16, 16, 3]);
    await Promise.reject(new Error("broken"));
  };
  await assertRejects(() => featureDistances(breaks(), photos(1)), Error, "broken");
  assertEquals(tf.memory().numTensors, before);
}, ["cpu"]);
