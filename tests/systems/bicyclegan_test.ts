import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import { type BicycleGan, bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { testOnBackends } from "../_backends.ts";
import { collect, weightsOf } from "./_noise_data.ts";

const SMALL = { size: 32, filters: 2, layers: 1, latent: 3, seed: 2 };
const data = () => toytown({ count: 4, size: 32 });
const everything = ({ networks }: BicycleGan) => weightsOf(...Object.values(networks));

testOnBackends("translate() gives outputs that vary only with the code, and accepts images of any size", async () => {
  const model = bicycleGan({ ...SMALL, inputChannels: 1 });
  const images = tf.randomUniform([2, 40, 24, 1], -1, 1, "float32", 1) as tf.Tensor4D;
  const before = tf.memory().numTensors;
  const values = async (options: Parameters<BicycleGan["translate"]>[1]) => {
    const translated = await model.translate(images, options);
    assertEquals(translated.shape, [2, 40, 24, 3]);
    const numbers = [...translated.dataSync()];
    translated.dispose();
    return numbers;
  };
  const first = await values({ seed: 1 });
  assertEquals(await values({ seed: 1 }), first);
  assertNotEquals(await values({ seed: 2 }), first);
  const codes = tf.tensor2d([[0, 0, 0], [9, 9, 9]]);
  const own = await values({ codes });
  assertNotEquals(own, first);
  codes.dispose();
  assertEquals(tf.memory().numTensors, before);
  images.dispose();
  model.dispose();
}, ["tensorflow", "cpu"]);

testOnBackends("encode() returns codes that translate() accepts", async () => {
  const model = bicycleGan(SMALL);
  const images = tf.randomUniform([2, 32, 32, 3], -1, 1, "float32", 1) as tf.Tensor4D;
  const codes = model.encode(images);
  assertEquals(codes.shape, [2, 3]);
  const translated = await model.translate(images, { codes });
  assertEquals(translated.shape, [2, 32, 32, 3]);
  tf.dispose([images, codes, translated]);
  model.dispose();
}, ["cpu"]);

testOnBackends("encode() encodes each image independently of the others, even with batch norm", () => {
  const model = bicycleGan({ ...SMALL, norm: "batch" });
  const images = tf.randomUniform([3, 32, 32, 3], -1, 1, "float32", 1) as tf.Tensor4D;
  const alone = tf.slice(images, 1, 1) as tf.Tensor4D;
  const before = tf.memory().numTensors;
  const [together, single] = [model.encode(images), model.encode(alone)];
  assertEquals([...together.dataSync()].slice(3, 6), [...single.dataSync()]);
  tf.dispose([together, single]);
  assertEquals(tf.memory().numTensors, before);
  tf.dispose([images, alone]);
  model.dispose();
}, ["cpu"]);

testOnBackends("train() that is stopped and resumed ends with the same weights as an uninterrupted run", async () => {
  const folder = await Deno.makeTempDir();
  const options = { epochs: 2, batch: 2, seed: 1 };
  const [whole, half, rest] = [bicycleGan(SMALL), bicycleGan(SMALL), bicycleGan(SMALL)];
  await collect(whole.train(data(), options));
  for await (const event of half.train(data(), { ...options, checkpoint: folder })) if (event.step === 1) break;
  await collect(rest.train(data(), { ...options, checkpoint: folder, resume: true }));
  assertEquals(everything(rest), everything(whole));
  assertNotEquals(everything(half), everything(whole));
  await rest.save(folder);
  const again = await loadModel(folder, "bicyclegan");
  assertEquals([again.settings, everything(again)], [rest.settings, everything(rest)]);
  for (const model of [whole, half, rest, again]) model.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["tensorflow"]);

testOnBackends("train() yields samples for four codes per input, and leaks no tensors", async () => {
  const model = bicycleGan(SMALL);
  for await (const samples of data().batches({ batch: 2, shuffle: false, augment: false })) {
    const options = { epochs: 1, samples, sampleEpochs: [1] };
    const events = await collect(model.train(data(), options));
    const sample = events.find((event) => event.type === "sample");
    assert(sample?.type === "sample");
    assertEquals(Object.keys(sample.rows[0]!), ["input", "code 1", "code 2", "code 3", "code 4", "target"]);
    const twice = { ...samples, input: tf.tile(tf.slice(samples.input, 0, 1), [2, 1, 1, 1]) };
    const [alike] = (await collect(model.train(data(), { ...options, samples: twice }))).filter((event) =>
      event.type === "sample"
    );
    for (let i = 1; i <= 4; i++) {
      const [one, other] = alike!.rows.map((row) => row[`code ${i}`]!.data);
      assertEquals(one, other, "the same input with the same code gives the same image");
    }
    twice.input.dispose();
    const before = tf.memory().numTensors;
    await collect(model.train(data(), options));
    assertEquals(tf.memory().numTensors, before);
    tf.dispose([samples.input, samples.target]);
    break;
  }
  model.dispose();
}, ["tensorflow"]);

testOnBackends("train() and translate() refuse data, images and codes of the wrong shape", async () => {
  const model = bicycleGan({ ...SMALL, inputChannels: 1 });
  await assertRejects(
    () => collect(model.train(data(), { epochs: 1 })),
    RangeError,
    "expects input channels 1, the data has input channels 3",
  );
  const [images, codes] = [tf.zeros([1, 32, 32, 3]) as tf.Tensor4D, tf.zeros([2, 3]) as tf.Tensor2D];
  await assertRejects(() => model.translate(images), RangeError, "read them with 1 channel");
  const grey = tf.zeros([1, 32, 32, 1]) as tf.Tensor4D;
  await assertRejects(() => model.translate(grey, { codes }), RangeError, "expected codes [1, 3], one per image, got [2,3]");
  tf.dispose([images, codes, grey]);
  model.dispose();
}, ["cpu"]);

testOnBackends("translate() accepts images of type int32", async () => {
  const model = bicycleGan({ size: 32, filters: 1 });
  const integers = tf.ones([1, 32, 32, 3], "int32") as tf.Tensor4D;
  const same = tf.ones([1, 32, 32, 3]) as tf.Tensor4D;
  const [translated, wanted] = [await model.translate(integers), await model.translate(same)];
  assertEquals(translated.dataSync(), wanted.dataSync());
  tf.dispose([integers, same, translated, wanted]);
  model.dispose();
});
