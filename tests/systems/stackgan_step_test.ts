import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile } from "../../lib/backend/compile.ts";
import { RandomStream } from "../../lib/backend/random.ts";
import { stackGanNetworks } from "../../lib/models/stackgan.ts";
import { Adam } from "../../lib/optimizers/adam.ts";
import { variablesOf } from "../../lib/optimizers/optimizer.ts";
import { STACKGAN, type StackGanSettings } from "../../lib/systems/stackgan.ts";
import {
  drawSketch,
  refineSketch,
  type Stage,
  stageDiscriminatorStep,
  stageGeneratorStep,
  stageStep,
  wrongConditions,
} from "../../lib/systems/stackgan_step.ts";
import { testOnBackends } from "../_backends.ts";
import { weightsOf } from "./_noise_data.ts";

const SETTINGS: StackGanSettings = {
  ...STACKGAN,
  ...{ size: 32, conditionSize: 3, latent: 4, augmented: 5, compressed: 6, filters: 2, blocks: 1, seed: 1 },
};

function partsOf(settings: Partial<StackGanSettings> = {}) {
  const all = { ...SETTINGS, ...settings };
  const networks = stackGanNetworks(all);
  const random = new RandomStream(5);
  const adam = (network: tf.LayersModel) => new Adam({ learningRate: 2e-4 }, variablesOf(network));
  const sketch: Stage = {
    generate: (conditions, mode) => drawSketch(networks, all, random, conditions, mode),
    discriminator: networks.sketchDiscriminator,
    generatorOptimizer: adam(networks.sketcher),
    discriminatorOptimizer: adam(networks.sketchDiscriminator),
    klWeight: all.klWeight,
  };
  const image: Stage = {
    generate: (conditions, mode) => refineSketch(networks, all, random, sketch.generate(conditions, {}).image, conditions, mode),
    discriminator: networks.discriminator,
    generatorOptimizer: adam(networks.refiner),
    discriminatorOptimizer: adam(networks.discriminator),
    klWeight: all.klWeight,
  };
  const stages = { sketch, image };
  const dispose = () => {
    for (const network of Object.values(networks)) network.dispose();
    for (const { generatorOptimizer, discriminatorOptimizer } of Object.values(stages)) {
      generatorOptimizer.dispose();
      discriminatorOptimizer.dispose();
    }
  };
  return { networks, stages, dispose };
}

const conditionsOf = (...classes: number[]) => tf.tidy(() => tf.cast(tf.oneHot(classes, 3), "float32") as tf.Tensor2D);
const noiseImages = (count: number, size: number) => tf.randomUniform([count, size, size, 3], -1, 1, "float32", 3) as tf.Tensor4D;
const numbersOf = (losses: Record<string, tf.Scalar>) =>
  Object.fromEntries(Object.entries(losses).map(([name, loss]) => [name, loss.dataSync()[0]!]));

Deno.test("wrongConditions() returns, for each image, the condition of the next image", () =>
  tf.tidy(() => {
    assertEquals(wrongConditions(tf.tensor2d([[1, 2], [3, 4], [5, 6]])).arraySync(), [[3, 4], [5, 6], [1, 2]]);
  }));

const softplus = (x: number) => Math.log1p(Math.exp(x));

testOnBackends(
  "stageDiscriminatorStep() weights real images, wrong conditions and generated images as the authors' code does",
  () => {
    // A discriminator whose logit is the sum of the pixels and of the condition.
    const image = tf.input({ shape: [2, 2, 1] });
    const condition = tf.input({ shape: [2] });
    const ofImage = tf.layers.dense({ units: 1, useBias: false, kernelInitializer: "ones" });
    const ofCondition = tf.layers.dense({ units: 1, useBias: false, kernelInitializer: "ones" });
    const sum = tf.layers.add().apply(
      [ofImage.apply(tf.layers.flatten().apply(image)), ofCondition.apply(condition)] as tf.SymbolicTensor[],
    );
    const discriminator = tf.model({ inputs: [image, condition], outputs: sum as tf.SymbolicTensor });
    const none = { variables: discriminator.trainableWeights.map((w) => w.read() as tf.Variable), apply() {} };
    const stage = {
      discriminator,
      generate: (given: tf.Tensor2D) => ({ image: tf.fill([given.shape[0], 2, 2, 1], -0.5) }),
      discriminatorOptimizer: none,
    } as unknown as Stage;
    tf.tidy(() => {
      const images = tf.tensor4d([1, 1, 1, 1, 0, 0, 0, 0], [2, 2, 2, 1]);
      const conditions = tf.tensor2d([[3, 0], [-1, 0]]);
      const got = stageDiscriminatorStep(stage, images, conditions).dataSync()[0]!;
      const real = (softplus(-(4 + 3)) + softplus(-(0 - 1))) / 2;
      const wrong = (softplus(4 - 1) + softplus(0 + 3)) / 2;
      const fake = (softplus(-2 + 3) + softplus(-2 - 1)) / 2;
      assertAlmostEquals(got, real + (wrong + fake) / 2, 1e-5);
      const alone = stageDiscriminatorStep(stage, tf.slice(images, [0], [1]), tf.slice(conditions, [0], [1])).dataSync()[0]!;
      assertAlmostEquals(alone, softplus(-7) + softplus(-2 + 3), 1e-5);
    });
    discriminator.dispose();
  },
  ["tensorflow", "cpu"],
);

testOnBackends("stageDiscriminatorStep() and stageGeneratorStep() change no bit of any other network", () => {
  for (
    const [which, size, generator, judge] of [
      ["sketch", 8, "sketcher", "sketchDiscriminator"],
      ["image", 32, "refiner", "discriminator"],
    ] as const
  ) {
    const { networks, stages, dispose } = partsOf();
    const changed = (step: () => void) => {
      const before = Object.values(networks).map((network) => weightsOf(network));
      step();
      return Object.keys(networks).filter((name, i) =>
        JSON.stringify(weightsOf(networks[name as "refiner"])) !== JSON.stringify(before[i])
      );
    };
    tf.tidy(() => {
      const conditions = conditionsOf(0, 1, 2);
      assertEquals(changed(() => stageDiscriminatorStep(stages[which], noiseImages(3, size), conditions)), [judge]);
      assertEquals(changed(() => stageGeneratorStep(stages[which], conditions)), [generator]);
    });
    dispose();
  }
}, ["tensorflow", "cpu"]);

testOnBackends("stageStep() returns the same losses compiled and uncompiled for 20 steps", () => {
  for (const [which, size] of [["sketch", 8], ["image", 32]] as const) {
    const losses = [false, true].map((compiled) => {
      const { stages, dispose } = partsOf();
      const plain = (images: tf.Tensor, conditions: tf.Tensor) =>
        stageStep(stages[which], images as tf.Tensor4D, conditions as tf.Tensor2D);
      const step = compiled ? compile(plain) : plain;
      const found = tf.tidy(() => {
        const [images, conditions] = [noiseImages(3, size), conditionsOf(0, 1, 2)];
        return Array.from({ length: 20 }, () => numbersOf(step(images, conditions)));
      });
      dispose();
      return found;
    });
    losses[0]!.forEach((wanted, i) => {
      for (const [name, value] of Object.entries(wanted)) {
        assert(Number.isFinite(value));
        const tolerance = (i < 5 ? 1e-4 : 1e-2) * Math.max(1e-2, Math.abs(value));
        assertAlmostEquals(losses[1]![i]![name]!, value, tolerance, `${which} ${name} step ${i + 1}`);
      }
    });
  }
}, ["tensorflow"]);

testOnBackends("stageGeneratorStep() draws new noise at each call", () => {
  const { stages, dispose } = partsOf();
  stages.sketch.generatorOptimizer.learningRate = 0;
  const [one, other] = tf.tidy(() => [0, 1].map(() => numbersOf(stageGeneratorStep(stages.sketch, conditionsOf(0, 1)))));
  assertNotEquals(one!.generator, other!.generator);
  assertEquals(one!.kl, other!.kl);
  dispose();
});
