import { assertEquals, assertGreater, assertLess, assertRejects, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { digits } from "../../data/worlds/digits/mod.ts";
import { classifier } from "../../lib/systems/classifier.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { testOnBackends } from "../_backends.ts";
import { CLASSES, collect, noiseDigits, SIZE, weightsOf } from "./_noise_data.ts";

const SMALL = { size: SIZE, classes: CLASSES, filters: 4, features: 6, seed: 1 };

testOnBackends("train() learns digits, and accuracy() measures this on held-out digits", async () => {
  const model = classifier({ size: 28, classes: 10, filters: 8, features: 32, seed: 1 });
  const test = digits({ count: 200, split: "test" });
  const before = await model.accuracy(test);
  const losses: number[] = [];
  for await (const event of model.train(digits({ count: 1000 }), { epochs: 6, batch: 50, seed: 1 })) {
    if (event.type === "epoch") losses.push(event.losses.crossEntropy!);
  }
  assertLess(losses.at(-1)!, losses[0]! / 2);
  const after = await model.accuracy(test);
  assertLess(before, 0.3);
  assertGreater(after, 0.7);
  assertEquals(model.trainedOn, "digits (train)");
  model.dispose();
}, ["tensorflow"]);

testOnBackends("classify() and features() process each image independently, and leak no tensors", async () => {
  const model = classifier(SMALL);
  const images = tf.randomUniform([230, SIZE, SIZE, 1], -1, 1, "float32", 1) as tf.Tensor4D; // more than are classified at once
  const before = tf.memory().numTensors;
  const labels = await model.classify(images);
  assertEquals(labels.length, 230);
  const features = await model.features(images);
  assertEquals(features.shape, [230, 6]);
  const last = tf.slice(images, [229, 0, 0, 0], [1, -1, -1, -1]);
  assertEquals((await model.classify(last))[0], labels[229]);
  tf.dispose([features, last]);
  assertEquals(tf.memory().numTensors, before);
  images.dispose();
  model.dispose();
});

testOnBackends(
  "train() that is stopped and resumed ends with the same weights as an uninterrupted run, and loadModel() restores them",
  async () => {
    const folder = await Deno.makeTempDir();
    const options = { epochs: 2, batch: 3, seed: 1 };
    const [whole, half, rest] = [classifier(SMALL), classifier(SMALL), classifier(SMALL)];
    await collect(whole.train(noiseDigits(12), options));
    for await (const event of half.train(noiseDigits(12), { ...options, checkpoint: folder })) if (event.step === 5) break;
    await collect(rest.train(noiseDigits(12), { ...options, checkpoint: folder, resume: true }));
    assertEquals(weightsOf(rest.networks.classifier), weightsOf(whole.networks.classifier));
    await rest.save(folder);
    const again = await loadModel(folder, "classifier");
    assertEquals([again.settings, again.trainedOn, weightsOf(again.networks.classifier)], [
      rest.settings,
      "noise",
      weightsOf(rest.networks.classifier),
    ]);
    for (const model of [whole, half, rest, again]) model.dispose();
    await Deno.remove(folder, { recursive: true });
  },
  ["tensorflow", "cpu"],
);

testOnBackends("train() refuses images of the wrong size, and the wrong number of classes", async () => {
  const model = classifier({ ...SMALL, classes: 4 });
  await assertRejects(
    () => collect(model.train(noiseDigits(2), { epochs: 1 })),
    RangeError,
    "expects classes 4, the data has classes 3",
  );
  model.dispose();
}, ["cpu"]);

Deno.test("classifier() refuses fewer than two classes", () => {
  for (const classes of [1, 0, 2.5]) {
    assertThrows(() => classifier({ size: 8, filters: 1, classes }), RangeError, "classes must be ");
  }
});
