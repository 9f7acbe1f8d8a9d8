import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { captionedByClass } from "../../lib/data/datasets.ts";
import { captionSize, embedCaptions, houses } from "../../data/worlds/houses/mod.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { type StackGan, stackGan } from "../../lib/systems/stackgan.ts";
import { testOnBackends } from "../_backends.ts";
import { collect, noiseDigits, weightsOf } from "./_noise_data.ts";

const SETTINGS = {
  ...{ size: 32, conditionSize: captionSize, latent: 4, augmented: 5, compressed: 6, filters: 2, blocks: 1, seed: 1 },
};
const data = () => houses({ count: 6, size: 32 });
const everything = ({ networks }: StackGan) => weightsOf(...Object.values(networks));

testOnBackends("train() trains stage I, then stage II with stage I fixed", async () => {
  const model = stackGan(SETTINGS);
  const { sketcher, sketchDiscriminator, refiner, discriminator } = model.networks;
  const start = everything(model);
  const stages: number[][][] = [];
  for await (const event of model.train(data(), { epochs: 3, sketchEpochs: 1, batch: 3, seed: 1 })) {
    if (event.type === "epoch") stages.push(weightsOf(sketcher, sketchDiscriminator), weightsOf(refiner, discriminator));
    if (event.type === "step") assertEquals(Object.keys(event.losses), ["discriminator", "generator", "kl"]);
  }
  const [sketch1, image1, sketch2, image2, sketch3, image3] = stages;
  assertEquals(image1, start.slice(start.length - image1!.length), "stage II is not trained yet");
  assertNotEquals(sketch1, start.slice(0, sketch1!.length));
  assertEquals([sketch2, sketch3], [sketch1, sketch1], "stage I is fixed");
  assertNotEquals(image2, image1);
  assertNotEquals(image3, image2);
  model.dispose();
}, ["tensorflow", "cpu"]);

testOnBackends("train() that is stopped and resumed ends with the same weights as an uninterrupted run", async () => {
  for (const stop of [1, 3]) { // in stage I, in stage II
    const folder = await Deno.makeTempDir();
    const options = { epochs: 2, sketchEpochs: 1, batch: 3, seed: 1 };
    const [whole, half, rest] = [stackGan(SETTINGS), stackGan(SETTINGS), stackGan(SETTINGS)];
    await collect(whole.train(data(), options));
    for await (const event of half.train(data(), { ...options, checkpoint: folder })) if (event.step === stop) break;
    await collect(rest.train(data(), { ...options, checkpoint: folder, resume: true }));
    assertEquals(everything(rest), everything(whole));
    for (const model of [whole, half, rest]) model.dispose();
    await Deno.remove(folder, { recursive: true });
  }
}, ["tensorflow"]);

testOnBackends(
  "generate() repeats its output for the same seed, independently of the other captions, and changes neither weights nor memory",
  async () => {
    const model = stackGan(SETTINGS);
    const [weights, before] = [everything(model), tf.memory().numTensors];
    const values = async (captions: string[], seed: number) => {
      const conditions = embedCaptions(captions);
      const images = await model.generate({ conditions, seed });
      assertEquals(images.shape, [captions.length, 32, 32, 3]);
      const numbers = [...images.dataSync()];
      tf.dispose([images, conditions]);
      return numbers;
    };
    const [red, blue] = ["a red house with one window", "a blue house with two windows"];
    const first = await values([red, blue], 3);
    assertEquals(await values([red, blue], 3), first);
    assertNotEquals(await values([red, blue], 4), first);
    (await values([red], 3)).forEach((value, i) => assertAlmostEquals(value, first[i]!, 1e-5));
    assertNotEquals(await values([blue], 3), await values([red], 3));
    assertEquals([everything(model), tf.memory().numTensors], [weights, before]);
    model.dispose();
  },
  ["tensorflow", "cpu"],
);

testOnBackends("loadModel() returns the saved model", async () => {
  const folder = await Deno.makeTempDir();
  const model = stackGan(SETTINGS);
  await model.save(folder);
  const again = await loadModel(folder, "stackgan");
  assertEquals([again.settings, everything(again)], [model.settings, everything(model)]);
  model.dispose();
  again.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);

testOnBackends("train() yields a sketch and an image for each condition, and leaks no tensors", async () => {
  const model = stackGan(SETTINGS);
  const samples = embedCaptions(["a red house with one window", "a white house with four windows"]);
  const options = { epochs: 1, batch: 3, samples, sampleEpochs: [1] };
  const events = await collect(model.train(data(), options));
  const sample = events.find((event) => event.type === "sample");
  assert(sample?.type === "sample");
  assertEquals(sample.rows.map((row) => Object.entries(row).map(([name, { width }]) => `${name} ${width}`)), [
    ["sketch 8", "generated 32"],
    ["sketch 8", "generated 32"],
  ]);
  const before = tf.memory().numTensors;
  await collect(model.train(data(), { ...options, epochs: 2 })); // one epoch of each stage
  assertEquals(tf.memory().numTensors, before);
  samples.dispose();
  model.dispose();
}, ["tensorflow", "cpu"]);

testOnBackends("train() and generate() refuse mismatched data, options and conditions", async () => {
  const model = stackGan(SETTINGS);
  const classes = captionedByClass(noiseDigits(2));
  await assertRejects(
    () => collect(model.train(classes, { epochs: 1 })),
    RangeError,
    "the data has height 8, width 8, channels 1, condition size 3",
  );
  for (const sketchEpochs of [-1, 0.5, 3]) {
    const train = () => collect(model.train(data(), { epochs: 2, sketchEpochs }));
    await assertRejects(train, RangeError, "sketchEpochs must be an integer from 0 to 2");
  }
  const conditions = tf.zeros([2, 3]) as tf.Tensor2D;
  await assertRejects(() => model.generate({ conditions }), RangeError, `expected conditions [count, ${captionSize}], got [2,3]`);
  conditions.dispose();
  model.dispose();
}, ["cpu"]);
