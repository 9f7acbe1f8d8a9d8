import { assertAlmostEquals, assertEquals, assertLess, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile } from "../../lib/backend/compile.ts";
import type { PairBatch, PairData } from "../../lib/data/datasets.ts";
import { patchDiscriminator, receptiveField } from "../../lib/models/patchgan.ts";
import { unet } from "../../lib/models/unet.ts";
import { Adam } from "../../lib/optimizers/adam.ts";
import { Pix2Pix, type Pix2PixParts, type Pix2PixSettings, pix2pixStep } from "../../lib/systems/pix2pix.ts";
import { pix2pixSettings } from "../../lib/train/pix2pix_settings.ts";
import { testOnBackends } from "../_backends.ts";
import { noise, numbersOf, weightsOf } from "./_cyclegan.ts";

const SIZE = 16;

/** The rows of the paper's Table 1, and one that it has not. */
const ROWS: Record<string, Partial<Pix2PixSettings>> = {
  "L1": { adversarial: false },
  "GAN": { conditional: false, reconstruction: "none" },
  "cGAN": { reconstruction: "none" },
  "L1+GAN": { conditional: false },
  "L1+cGAN": {},
  "L2+cGAN": { reconstruction: "l2" },
};

const LOSSES: Record<string, string[]> = {
  "L1": ["l1"],
  "GAN": ["discriminator", "adversarial"],
  "cGAN": ["discriminator", "adversarial"],
  "L1+GAN": ["discriminator", "adversarial", "l1"],
  "L1+cGAN": ["discriminator", "adversarial", "l1"],
  "L2+cGAN": ["discriminator", "adversarial", "l2"],
};

function partsOf(settings: Partial<Pix2PixSettings>, discriminatorRate = 2e-4): Pix2PixParts & { dispose(): void } {
  const { conditional, reconstruction, adversarial, lambda, updates } = pix2pixSettings({ size: SIZE, ...settings });
  const generator = unet({ size: SIZE, filters: 2, dropout: 0, seed: 3 });
  const discriminator = patchDiscriminator({
    size: SIZE,
    filters: 2,
    layers: 1,
    conditionChannels: conditional ? 3 : 0,
    seed: 4,
  });
  const optimizer = (network: tf.LayersModel, learningRate = 2e-4) =>
    new Adam({ learningRate }, network.trainableWeights.map((weight) => weight.read() as tf.Variable));
  const used = {
    generator,
    discriminator,
    generatorOptimizer: optimizer(generator),
    discriminatorOptimizer: optimizer(discriminator, discriminatorRate),
  };
  const dispose = () => Object.values(used).forEach((part) => part.dispose());
  return { ...used, lambda, reconstruction, adversarial, updates, dispose };
}

for (const [row, settings] of Object.entries(ROWS)) {
  testOnBackends(`pix2pixStep() of ${row} moves the networks that it has losses for, and only them`, () => {
    const parts = partsOf(settings);
    const step = compile((x: tf.Tensor4D, y: tf.Tensor4D) => pix2pixStep(parts, x, y));
    const { x, y } = noise(SIZE, 1);
    const before = [parts.generator, parts.discriminator].map(weightsOf);
    assertEquals(Object.keys(numbersOf(step(x, y) as Record<string, tf.Scalar>)), LOSSES[row]);
    const after = [parts.generator, parts.discriminator].map(weightsOf);
    assertNotEquals(after[0], before[0]);
    assertEquals(JSON.stringify(after[1]) === JSON.stringify(before[1]), row === "L1");
    tf.dispose([x, y]);
    step.dispose();
    parts.dispose();
  }, ["tensorflow", "cpu"]);
}

testOnBackends("pix2pixStep() with both losses is the paper's step, to the last bit", () => {
  const [one, other] = [partsOf({}), partsOf({})];
  const { x, y } = noise(SIZE, 1);
  for (let step = 0; step < 2; step++) {
    assertEquals(numbersOf(pix2pixStep(one, x, y) as Record<string, tf.Scalar>), numbersOf(pix2pixStep(other, x, y)));
  }
  assertEquals(weightsOf(one.generator), weightsOf(other.generator));
  assertEquals(weightsOf(one.discriminator), weightsOf(other.discriminator));
  tf.dispose([x, y]);
  one.dispose();
  other.dispose();
}, ["tensorflow", "cpu"]);

testOnBackends("pix2pixStep() with lambda 0 moves the generator as without a reconstruction loss", () => {
  const [zero, none] = [partsOf({ lambda: 0 }), partsOf({ reconstruction: "none" })];
  const { x, y } = noise(SIZE, 1);
  tf.dispose([pix2pixStep(zero, x, y), pix2pixStep(none, x, y)] as unknown as tf.TensorContainer);
  assertEquals(weightsOf(zero.generator), weightsOf(none.generator));
  tf.dispose([x, y]);
  zero.dispose();
  none.dispose();
}, ["cpu"]);

for (const compiled of [false, true]) {
  testOnBackends(
    `pix2pixStep() ${compiled ? "compiled" : "as it is"} with simultaneous updates moves both networks against what they were`,
    () => {
      // G of one step with a D that stays as it was, D of one step in turn: both are right for this step too.
      const [both, still, inTurn] = [partsOf({ updates: "simultaneous" }, 0.01), partsOf({}, 0), partsOf({}, 0.01)];
      const plain = (x: tf.Tensor4D, y: tf.Tensor4D) => pix2pixStep(both, x, y);
      const step = compiled ? compile(plain) : plain;
      const { x, y } = noise(SIZE, 1);
      const got = numbersOf(step(x, y) as Record<string, tf.Scalar>);
      const wanted = numbersOf(pix2pixStep(still, x, y) as Record<string, tf.Scalar>);
      const updated = numbersOf(pix2pixStep(inTurn, x, y) as Record<string, tf.Scalar>);
      for (const [name, value] of Object.entries(wanted)) assertAlmostEquals(got[name]!, value, 1e-6, name);
      assertEquals(
        Math.abs(got.adversarial! - updated.adversarial!) > 1e-3,
        true,
        "D's update must be seen where it is meant to",
      );
      const differences = [[both.generator, still.generator], [both.discriminator, inTurn.discriminator]] as const;
      for (const [one, other] of differences) {
        const [a, b] = [one, other].map((network) => weightsOf(network).flat()) as [number[], number[]];
        assertLess(Math.max(...a.map((value, i) => Math.abs(value - b[i]!))), 1e-6);
      }
      tf.dispose([x, y]);
      for (const parts of [both, still, inTurn]) parts.dispose();
    },
    ["tensorflow", "cpu"],
  );
}

/** One pair of noise. */
function noisePair(size: number, inputChannels: number, targetChannels: number): PairData {
  const picture = (channels: number) => tf.randomUniform([1, size, size, channels], -1, 1) as tf.Tensor4D;
  async function* batches(): AsyncGenerator<PairBatch> {
    yield { input: picture(inputChannels), target: picture(targetChannels), names: ["noise"] };
    await Promise.resolve();
  }
  return { name: "noise", count: 1, height: size, width: size, inputChannels, targetChannels, batches };
}

testOnBackends(
  "pix2pix() builds every generator with every discriminator, norm and number of channels, and trains it",
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
      const model = new Pix2Pix({ size, filters: 1, ...variant });
      const { inputChannels, outputChannels } = model.settings;
      const data = noisePair(size, inputChannels, outputChannels);
      for await (const event of model.train(data, { epochs: 1 })) assertEquals(event.type === "warning", false);
      model.dispose();
    }
  },
  ["tensorflow"],
);

Deno.test("pix2pix() refuses to learn from nothing, and losses that there are not", () => {
  assertThrows(
    () => pix2pixSettings({ adversarial: false, reconstruction: "none" }),
    RangeError,
    "there is nothing to learn from",
  );
  assertThrows(() => pix2pixSettings({ reconstruction: "l3" as "l1" }), RangeError, 'must be "l1", "l2" or "none", got "l3"');
  assertThrows(() => pix2pixSettings({ updates: "both" as "simultaneous" }), RangeError, 'got "both"');
});
