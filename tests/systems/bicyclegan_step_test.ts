import { assert, assertAlmostEquals, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile } from "../../lib/backend/compile.ts";
import { RandomStream } from "../../lib/backend/random.ts";
import { Adam } from "../../lib/optimizers/adam.ts";
import { BICYCLEGAN, bicycleGan, type BicycleGanSettings } from "../../lib/systems/bicyclegan.ts";
import { type BicycleGanParts, bicycleGanStep, codeLoss, withCode } from "../../lib/systems/bicyclegan_step.ts";
import { Sgd } from "../../lib/optimizers/sgd.ts";
import { testOnBackends } from "../_backends.ts";
import { noise } from "./_cyclegan.ts";
import { weightsOf } from "./_noise_data.ts";

const SIZE = 32;
const SMALL = { size: SIZE, filters: 2, layers: 1, latent: 3, seed: 2 };

function partsOf(settings: Partial<BicycleGanSettings> = {}, kind: typeof Adam | typeof Sgd = Adam) {
  const model = bicycleGan({ ...SMALL, ...settings });
  const { generator, encoder, ownDiscriminator, drawnDiscriminator } = model.networks;
  const optimizer = (...networks: tf.LayersModel[]) =>
    new kind({ learningRate: 2e-4 }, networks.flatMap((n) => n.trainableWeights.map((w) => w.read() as tf.Variable)));
  const parts: BicycleGanParts = {
    ...model.networks,
    generatorOptimizer: optimizer(generator, encoder),
    discriminatorOptimizer: optimizer(ownDiscriminator, drawnDiscriminator),
    random: new RandomStream(4),
    settings: model.settings,
  };
  const dispose = () => [model, parts.generatorOptimizer, parts.discriminatorOptimizer].forEach((used) => used.dispose());
  return { parts, dispose };
}

const numbersOf = (losses: Record<string, tf.Scalar>) =>
  Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!]));

Deno.test("BICYCLEGAN has the defaults of the paper", () => {
  const { lambda, latentWeight, klWeight, latent } = BICYCLEGAN;
  assertEquals([lambda, latentWeight, klWeight, latent], [10, 0.5, 0.01, 8]);
});

testOnBackends("withCode() appends the code of each image as constant channels", () => {
  tf.tidy(() => {
    const input = tf.tensor4d([1, 2, 3, 4], [2, 1, 2, 1]);
    const code = tf.tensor2d([[10, 20], [30, 40]]);
    assertEquals(withCode(input, code).arraySync(), [[[[1, 10, 20], [2, 10, 20]]], [[[3, 30, 40], [4, 30, 40]]]]);
  });
});

testOnBackends(
  "bicycleGanStep() updates the generator, but not one bit of the encoder, through the loss of the recovered code",
  () => {
    const moved = [0, 0.5].map((latentWeight) => {
      const { parts, dispose } = partsOf({ latentWeight }, Sgd);
      const { x, y } = noise(SIZE, 1);
      tf.tidy(() => void bicycleGanStep(parts, x, y));
      const weights = [weightsOf(parts.encoder), weightsOf(parts.generator)];
      tf.dispose([x, y]);
      dispose();
      return weights;
    });
    assertEquals(moved[0]![0], moved[1]![0]);
    assertNotEquals(moved[0]![1], moved[1]![1]);
  },
  ["cpu"],
);

testOnBackends("bicycleGanStep() updates all four networks, and lowers the code loss when it outweighs the other losses", () => {
  const { parts, dispose } = partsOf({ lambda: 0, klWeight: 0, latentWeight: 100 });
  const { x, y } = noise(SIZE, 1);
  const networks = [parts.generator, parts.encoder, parts.ownDiscriminator, parts.drawnDiscriminator];
  const before = networks.map((network) => weightsOf(network));
  const code = tf.tensor2d([[1, -1, 0.5]]);
  const lossOf = () => tf.tidy(() => codeLoss(parts, x, code).dataSync()[0]!);
  const first = lossOf();
  const step = compile((x: tf.Tensor4D, y: tf.Tensor4D) => bicycleGanStep(parts, x, y));
  for (let i = 0; i < 60; i++) tf.dispose(step(x, y));
  networks.forEach((network, i) => assertNotEquals(weightsOf(network), before[i]));
  assertLess(lossOf(), first);
  tf.dispose([x, y, code]);
  step.dispose();
  dispose();
}, ["tensorflow"]);

testOnBackends("bicycleGanStep() returns the same losses compiled and uncompiled for 20 steps", () => {
  const losses = [false, true].map((compiled) => {
    const { parts, dispose } = partsOf();
    const { x, y } = noise(SIZE, 1);
    const plain = (x: tf.Tensor4D, y: tf.Tensor4D) => bicycleGanStep(parts, x, y);
    const step = compiled ? compile(plain) : plain;
    const found = tf.tidy(() => Array.from({ length: 20 }, () => numbersOf(step(x, y))));
    tf.dispose([x, y]);
    dispose();
    return found;
  });
  losses[0]!.forEach((wanted, i) => {
    for (const [name, value] of Object.entries(wanted)) {
      assert(Number.isFinite(value));
      const tolerance = (i < 5 ? 1e-4 : 1e-2) * Math.max(1e-2, Math.abs(value));
      assertAlmostEquals(losses[1]![i]![name]!, value, tolerance, `${name} step ${i + 1}`);
    }
  });
}, ["tensorflow"]);

testOnBackends("bicycleGanStep() leaves no tensors but its losses", () => {
  const { parts, dispose } = partsOf();
  const { x, y } = noise(SIZE, 1);
  const before = tf.memory().numTensors;
  const losses = bicycleGanStep(parts, x, y);
  assertEquals(tf.memory().numTensors, before + Object.keys(losses).length);
  tf.dispose([x, y, losses as unknown as tf.TensorContainer]);
  dispose();
}, ["tensorflow", "cpu"]);

testOnBackends("withCode() repeats a code at every pixel; for large images, its gradient takes a few operations", async () => {
  const values = tf.tensor2d([[1, 2], [3, 4]]);
  for (const [height, width] of [[4, 3], [260, 256]] as const) {
    const images = tf.zeros([2, height, width, 1]) as tf.Tensor4D;
    const found = await tf.profile(() => tf.grad((code) => tf.sum(withCode(images, code as tf.Tensor2D)))(values));
    assertEquals([...(found.result as tf.Tensor).dataSync()], Array(4).fill(height * width));
    assertLess(found.kernels.length, 100);
    const joined = withCode(images, values);
    assertEquals([...tf.slice(joined, [1, height - 1, width - 1, 0], [1, 1, 1, 3]).dataSync()], [0, 3, 4]);
    tf.dispose([images, joined, found.result as tf.Tensor]);
  }
  values.dispose();
}, ["cpu"]);
