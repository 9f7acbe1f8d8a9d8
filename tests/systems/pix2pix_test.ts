import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { PIX2PIX, pix2pix } from "../../lib/systems/pix2pix.ts";
import { testOnBackends } from "../_backends.ts";

const SETTINGS = { size: 16, filters: 2, layers: 1, seed: 5 };
const images = (seed = 1) => tf.randomUniform([3, 16, 16, 3], -1, 1, "float32", seed) as tf.Tensor4D;
const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

Deno.test("pix2pix() takes the paper's settings where none are given", () => {
  assertEquals(PIX2PIX, {
    size: 256,
    inputChannels: 3,
    outputChannels: 3,
    generator: "unet",
    filters: 64,
    depth: 8,
    blocks: 9,
    norm: "batch",
    layers: 3,
    conditional: true,
    adversarial: true,
    reconstruction: "l1",
    lambda: 100,
    updates: "alternating",
    dropout: 0.5,
    seed: 0,
  });
});

testOnBackends("translate() drops and uses the pictures' own statistics unless told not to", async () => {
  const model = pix2pix(SETTINGS);
  const given = images();
  const translate = async (options = {}) => {
    const made = await model.translate(given, options);
    const numbers = values(made);
    made.dispose();
    return numbers;
  };
  assertNotEquals(await translate(), await translate()); // dropout is the noise
  const still = await translate({ dropout: false });
  assertEquals(await translate({ dropout: false }), still);
  const running = await translate({ dropout: false, batchStatistics: false });
  assertNotEquals(running, still);
  assertEquals(await translate({ dropout: false, batchStatistics: false }), running);
  given.dispose();
  model.dispose();
});

testOnBackends("translate() gives a picture the same result whatever stands beside it", async () => {
  const model = pix2pix(SETTINGS);
  const given = images();
  const all = await model.translate(given, { dropout: false });
  const middle = tf.slice(given, [1, 0, 0, 0], [1, -1, -1, -1]);
  const alone = await model.translate(middle, { dropout: false });
  assertEquals(values(alone), values(tf.slice(all, [1, 0, 0, 0], [1, -1, -1, -1])));
  tf.dispose([given, all, middle, alone]);
  model.dispose();
});

testOnBackends("translate() changes no weight and leaves no tensor but its result", async () => {
  const model = pix2pix(SETTINGS);
  const given = images();
  (await model.translate(given)).dispose();
  const weights = model.generator.getWeights().map(values);
  const before = tf.memory().numTensors;
  const made = await model.translate(given);
  assertEquals(tf.memory().numTensors, before + 1);
  assertEquals(model.generator.getWeights().map(values), weights);
  tf.dispose([made, given]);
  model.dispose();
});

testOnBackends("translate() takes rectangular pictures, and sizes that the depth does not divide", async () => {
  for (const generator of ["unet", "encoderDecoder", "resnet"] as const) {
    const model = pix2pix({ ...SETTINGS, generator, blocks: 1, outputChannels: 1 });
    const given = tf.randomUniform([2, 21, 40, 3], -1, 1, "float32", 1) as tf.Tensor4D;
    const made = await model.translate(given);
    assertEquals(made.shape, [2, 21, 40, 1]);
    tf.dispose([given, made]);
    model.dispose();
  }
}, ["tensorflow", "cpu"]);

testOnBackends("translate() refuses pictures with other channels", async () => {
  const model = pix2pix(SETTINGS);
  const grey = tf.zeros([1, 16, 16, 1]) as tf.Tensor4D;
  await assertRejects(() => model.translate(grey), RangeError, "wants pictures [count, height, width, 3], got [1,16,16,1]");
  grey.dispose();
  model.dispose();
}, ["cpu"]);

testOnBackends("save() and loadModel() give a model that translates alike, with no flags", async () => {
  const folder = await Deno.makeTempDir();
  const model = pix2pix({ ...SETTINGS, inputChannels: 3, outputChannels: 1, lambda: 10, dropout: 0.25 });
  await model.save(folder);
  const again = await loadModel(folder);
  assertEquals(again.settings, model.settings);
  const given = images();
  const [first, second] = [await model.translate(given, { dropout: false }), await again.translate(given, { dropout: false })];
  assertEquals(values(second), values(first));
  tf.dispose([given, first, second]);
  model.dispose();
  again.dispose();
  await Deno.remove(folder, { recursive: true });
});

testOnBackends("save() writes networks that plain tfjs loads, with running statistics and without dropout", async () => {
  const folder = await Deno.makeTempDir();
  const model = pix2pix(SETTINGS);
  await model.save(folder);
  const { modelTopology, weightsManifest } = JSON.parse(await Deno.readTextFile(`${folder}/generator/model.json`));
  const weightData = (await Deno.readFile(`${folder}/generator/weights.bin`)).buffer;
  const plain = await tf.loadLayersModel(
    tf.io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0].weights, weightData }),
  );
  const given = images();
  const ours = await model.translate(given, { dropout: false, batchStatistics: false });
  const theirs = plain.predict(given) as tf.Tensor;
  assert(values(tf.max(tf.abs(tf.sub(ours, theirs))))[0]! < 1e-5);
  tf.dispose([given, ours, theirs]);
  plain.dispose();
  model.dispose();
  await Deno.remove(folder, { recursive: true });
});

testOnBackends("loadModel() refuses what is no model's folder, and says why", async () => {
  const folder = await Deno.makeTempDir();
  await assertRejects(() => loadModel(folder), Error, "forger.json cannot be read");
  await Deno.writeTextFile(`${folder}/forger.json`, "{");
  await assertRejects(() => loadModel(folder), RangeError, "is not JSON");
  await Deno.writeTextFile(`${folder}/forger.json`, JSON.stringify({ format: 99, kind: "pix2pix", settings: {} }));
  await assertRejects(() => loadModel(folder), RangeError, "is of format 99");
  await Deno.writeTextFile(`${folder}/forger.json`, JSON.stringify({ format: 1, kind: "pix3pix", settings: {} }));
  await assertRejects(() => loadModel(folder), RangeError, 'holds a "pix3pix"');
  const model = pix2pix(SETTINGS);
  await model.save(folder);
  await Deno.truncate(`${folder}/generator/weights.bin`, 100);
  await assertRejects(() => loadModel(folder), RangeError, "does not fit the generator");
  model.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);
