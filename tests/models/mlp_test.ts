import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { oneHot } from "../../lib/backend/one_hot.ts";
import { mlpDiscriminator, mlpGenerator } from "../../lib/models/mlp.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable, setWeights, weightsOf } from "./_weights.ts";

const DIGITS = [28, 28, 1];

testOnBackends("mlpGenerator() and mlpDiscriminator() have the papers' layers", () => {
  const dense = (from: number, to: number) => from * to + to;
  const networks = {
    [dense(100, 1200) + dense(1200, 1200) + dense(1200, 784)]: mlpGenerator({ shape: DIGITS }),
    [dense(784, 1200) + dense(1200, 1200) + dense(1200, 1)]: mlpDiscriminator({ shape: DIGITS }),
    [dense(100, 200) + dense(10, 1000) + dense(1200, 1200) + dense(1200, 784)]: mlpGenerator({ shape: DIGITS, classes: 10 }),
    [dense(784, 1200) + dense(10, 250) + dense(1450, 960) + dense(960, 1)]: mlpDiscriminator({ shape: DIGITS, classes: 10 }),
  };
  assertEquals(Object.keys(networks).map(Number), [2338671, 2384401, 2413984, 2503984]);
  for (const [wanted, network] of Object.entries(networks)) {
    assertEquals(countTrainable(network), Number(wanted));
    network.dispose();
  }
}, ["cpu"]);

testOnBackends("mlpGenerator() outputs images in [-1, 1], and unbounded points", () => {
  const images = mlpGenerator({ shape: [4, 6, 2], hidden: [8], latent: 3, seed: 1 });
  const points = mlpGenerator({ shape: [2], hidden: [8], latent: 3, seed: 1 });
  tf.tidy(() => {
    const noise = tf.randomNormal([50, 3], 0, 100, "float32", 1);
    const generated = images.predict(noise) as tf.Tensor;
    assertEquals(generated.shape, [50, 4, 6, 2]);
    assertEquals(generated.dataSync().every((value) => value >= -1 && value <= 1), true);
    const generatedPoints = points.predict(noise) as tf.Tensor;
    assertEquals(generatedPoints.shape, [50, 2]);
    assertEquals(generatedPoints.dataSync().some((value) => value > 1), true);
  });
  images.dispose();
  points.dispose();
});

testOnBackends("mlpDiscriminator() outputs one logit per sample, image or point", () => {
  for (const shape of [[4, 6, 2], [1], [2]]) {
    const discriminator = mlpDiscriminator({ shape, hidden: [8, 8], seed: 1 });
    tf.tidy(() => assertEquals((discriminator.predict(tf.zeros([5, ...shape])) as tf.Tensor).shape, [5, 1]));
    discriminator.dispose();
  }
}, ["cpu"]);

testOnBackends("mlpGenerator() and mlpDiscriminator() depend only on the label if all other weights are 0", () => {
  const [generator, discriminator] = [mlpGenerator, mlpDiscriminator].map((build) =>
    build({ shape: [1], latent: 2, classes: 3, hidden: [1, 1], labelUnits: 1 })
  ) as [tf.LayersModel, tf.LayersModel];
  const labels = { "hidden_labels/kernel": [0.5, 1, 2], "hidden1/kernel": [0, 1] };
  setWeights(generator, { ...labels, "points/kernel": [1] });
  setWeights(discriminator, { ...labels, "logits/kernel": [1] });
  tf.tidy(() => {
    const requested = oneHot(tf.tensor1d([2, 0, 1], "int32"), 3);
    assertEquals([...(generator.predict([tf.ones([3, 2]), requested]) as tf.Tensor).dataSync()], [2, 0.5, 1]);
    assertEquals([...(discriminator.predict([tf.ones([3, 1]), requested]) as tf.Tensor).dataSync()], [2, 0.5, 1]);
  });
  generator.dispose();
  discriminator.dispose();
});

testOnBackends("mlpDiscriminator() drops half of its hidden values, but only during training", () => {
  const [half, none] = [{}, { dropout: 0 }].map((given) => mlpDiscriminator({ shape: [4], hidden: [64, 64], ...given, seed: 1 }));
  tf.tidy(() => {
    const logitsOf = (
      network: tf.LayersModel,
      training: boolean,
    ) => [...(network.apply(tf.ones([3, 4]), { training }) as tf.Tensor).dataSync()];
    assertEquals(logitsOf(none!, true), logitsOf(none!, false));
    assertNotEquals(logitsOf(half!, true), logitsOf(half!, true));
    assertEquals(logitsOf(half!, false), logitsOf(half!, false));
  });
  assertEquals((half!.getLayer("hidden0_dropout").getConfig()).rate, 0.5);
  half!.dispose();
  none!.dispose();
});

testOnBackends("mlpGenerator() and mlpDiscriminator() have initial weights that depend only on the seed", () => {
  for (const build of [mlpGenerator, mlpDiscriminator]) {
    const initial = (seed: number) => {
      const network = build({ shape: [2], hidden: [3, 3], classes: 2, labelUnits: 3, seed });
      const weights = weightsOf(network);
      network.dispose();
      return weights;
    };
    assertEquals(initial(3), initial(3));
    assertNotEquals(initial(3)[0], initial(4)[0]);
  }
}, ["cpu"]);

Deno.test("mlpGenerator() and mlpDiscriminator() reject invalid shapes, and classes with a single hidden layer", () => {
  assertThrows(() => mlpGenerator({ shape: [28, 28] }), RangeError, "shape must be [dimensions] for points");
  assertThrows(() => mlpDiscriminator({ shape: [0] }), RangeError, "got [0]");
  assertThrows(() => mlpGenerator({ shape: [2], classes: 2, hidden: [8] }), RangeError, "at least 2 layers, got [8]");
});
