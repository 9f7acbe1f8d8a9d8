import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import type { PairBatch, PairData } from "../../lib/data/datasets.ts";
import { receptiveField } from "../../lib/models/patchgan.ts";
import { PIX2PIX, pix2pix, type Pix2PixSettings } from "../../lib/systems/pix2pix.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { testOnBackends } from "../_backends.ts";

const SETTINGS = { size: 16, filters: 2, layers: 1, seed: 5 };
const images = (seed = 1) => tf.randomUniform([3, 16, 16, 3], -1, 1, "float32", seed) as tf.Tensor4D;
const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

Deno.test("pix2pix() has the defaults of the paper", () => {
  assertEquals(PIX2PIX, {
    size: 256,
    inputChannels: 3,
    outputChannels: 3,
    generator: "unet",
    filters: 64,
    depth: 8,
    blocks: 9,
    norm: "batch",
    upsample: "transposed",
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

testOnBackends("translate() applies dropout and uses the images' statistics by default", async () => {
  const model = pix2pix(SETTINGS);
  const given = images();
  const translate = async (options = {}) => {
    const translated = await model.translate(given, options);
    const numbers = values(translated);
    translated.dispose();
    return numbers;
  };
  assertNotEquals(await translate(), await translate()); // the dropout is the noise
  const still = await translate({ dropout: false });
  assertEquals(await translate({ dropout: false }), still);
  const running = await translate({ dropout: false, batchStatistics: false });
  assertNotEquals(running, still);
  assertEquals(await translate({ dropout: false, batchStatistics: false }), running);
  given.dispose();
  model.dispose();
});

testOnBackends("translate() translates each image independently of the others", async () => {
  const model = pix2pix(SETTINGS);
  const given = images();
  const all = await model.translate(given, { dropout: false });
  const middle = tf.slice(given, [1, 0, 0, 0], [1, -1, -1, -1]);
  const alone = await model.translate(middle, { dropout: false });
  assertEquals(values(alone), values(tf.slice(all, [1, 0, 0, 0], [1, -1, -1, -1])));
  tf.dispose([given, all, middle, alone]);
  model.dispose();
});

testOnBackends("translate() changes no weights and leaves no tensors but its result", async () => {
  const model = pix2pix(SETTINGS);
  const given = images();
  (await model.translate(given)).dispose();
  const weights = model.networks.generator.getWeights().map(values);
  const before = tf.memory().numTensors;
  const translated = await model.translate(given);
  assertEquals(tf.memory().numTensors, before + 1);
  assertEquals(model.networks.generator.getWeights().map(values), weights);
  tf.dispose([translated, given]);
  model.dispose();
});

testOnBackends("translate() accepts rectangular images, and sizes that the downsampling factor does not divide", async () => {
  for (const generator of ["unet", "encoderDecoder", "resnet"] as const) {
    const model = pix2pix({ ...SETTINGS, generator, blocks: 1, outputChannels: 1 });
    const given = tf.randomUniform([2, 21, 40, 3], -1, 1, "float32", 1) as tf.Tensor4D;
    const translated = await model.translate(given);
    assertEquals(translated.shape, [2, 21, 40, 1]);
    tf.dispose([given, translated]);
    model.dispose();
  }
}, ["tensorflow", "cpu"]);

testOnBackends("translate() refuses images with the wrong number of channels", async () => {
  const model = pix2pix(SETTINGS);
  const grey = tf.zeros([1, 16, 16, 1]) as tf.Tensor4D;
  await assertRejects(() => model.translate(grey), RangeError, "expected images [count, height, width, 3], got [1,16,16,1]");
  grey.dispose();
  model.dispose();
}, ["cpu"]);

testOnBackends("loadModel() returns a model that translates like the saved model", async () => {
  const folder = await Deno.makeTempDir();
  const model = pix2pix({ ...SETTINGS, inputChannels: 3, outputChannels: 1, lambda: 10, dropout: 0.25 });
  await model.save(folder);
  const again = await loadModel(folder, "pix2pix");
  assertEquals(again.settings, model.settings);
  const given = images();
  const [first, second] = [await model.translate(given, { dropout: false }), await again.translate(given, { dropout: false })];
  assertEquals(values(second), values(first));
  tf.dispose([given, first, second]);
  model.dispose();
  again.dispose();
  await Deno.remove(folder, { recursive: true });
});

testOnBackends(
  "save() writes networks that tfjs can load and that then run without dropout and with running statistics",
  async () => {
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
  },
);

testOnBackends("loadModel() refuses a folder that is not a model, and says why", async () => {
  const folder = await Deno.makeTempDir();
  await assertRejects(() => loadModel(folder), Error, "forger.json cannot be read");
  await Deno.writeTextFile(`${folder}/forger.json`, "{");
  await assertRejects(() => loadModel(folder), RangeError, "is not JSON");
  await Deno.writeTextFile(`${folder}/forger.json`, JSON.stringify({ format: 99, kind: "pix2pix", settings: {} }));
  await assertRejects(() => loadModel(folder), RangeError, "has format 99");
  await Deno.writeTextFile(`${folder}/forger.json`, JSON.stringify({ format: 1, kind: "pix3pix", settings: {} }));
  await assertRejects(() => loadModel(folder), RangeError, "kind pix3pix");
  const model = pix2pix(SETTINGS);
  await model.save(folder);
  await Deno.truncate(`${folder}/generator/weights.bin`, 100);
  await assertRejects(() => loadModel(folder), RangeError, "does not fit the generator");
  model.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);

/** One pair of noise images. */
function noisePair(size: number, inputChannels: number, targetChannels: number): PairData {
  const image = (channels: number) => tf.randomUniform([1, size, size, channels], -1, 1) as tf.Tensor4D;
  async function* batches(): AsyncGenerator<PairBatch> {
    yield { input: image(inputChannels), target: image(targetChannels), names: ["noise"] };
    await Promise.resolve();
  }
  return { name: "noise", count: 1, height: size, width: size, inputChannels, targetChannels, batches };
}

testOnBackends(
  "train() accepts every generator with every discriminator, norm and number of channels",
  async () => {
    const size = 96; // so that the discriminator with 5 layers fits
    const variants: Partial<Pix2PixSettings>[] = [
      { generator: "encoderDecoder", layers: 0, inputChannels: 1 },
      { generator: "resnet", blocks: 1, layers: 1, inputChannels: 5 },
      { generator: "unet", layers: 2, norm: "instance", outputChannels: 1 },
      { generator: "encoderDecoder", layers: 4, norm: "instance", conditional: false },
      { generator: "resnet", blocks: 1, layers: 5, norm: "instance", reconstruction: "l2", inputChannels: 1, outputChannels: 2 },
    ];
    assertEquals(variants.map(({ layers }) => receptiveField(layers!)), [1, 16, 34, 142, 286]);
    for (const variant of variants) {
      const model = pix2pix({ size, filters: 1, ...variant });
      const { inputChannels, outputChannels } = model.settings;
      const data = noisePair(size, inputChannels, outputChannels);
      for await (const event of model.train(data, { epochs: 1 })) assertEquals(event.type === "warning", false);
      model.dispose();
    }
  },
  ["tensorflow"],
);

Deno.test("pix2pix() refuses settings without any loss, and unknown choices", () => {
  assertThrows(() => pix2pix({ adversarial: false, reconstruction: "none" }), RangeError, "without a reconstruction loss");
  assertThrows(() => pix2pix({ reconstruction: "l3" as "l1" }), RangeError, 'one of l1, l2, none, got "l3"');
  assertThrows(() => pix2pix({ updates: "both" as "simultaneous" }), RangeError, 'got "both"');
});
