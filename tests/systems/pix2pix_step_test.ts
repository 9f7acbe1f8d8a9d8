import { assertAlmostEquals, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile } from "../../lib/backend/compile.ts";
import { l1 } from "../../lib/losses/distance.ts";
import { nonSaturating } from "../../lib/losses/non_saturating.ts";
import { patchDiscriminator } from "../../lib/models/patchgan.ts";
import { unet } from "../../lib/models/unet.ts";
import { Adam } from "../../lib/optimizers/adam.ts";
import { PIX2PIX, type Pix2PixSettings } from "../../lib/systems/pix2pix.ts";
import { type Pix2PixParts, pix2pixStep } from "../../lib/systems/pix2pix_step.ts";
import { testOnBackends } from "../_backends.ts";
import { discriminatorName, generatorName, giveWeights, pix2pixOracle, tensorOf } from "../oracle/_load.ts";
import { noise, numbersOf, weightsOf } from "./_cyclegan.ts";

const oracle = await pix2pixOracle();
const { size, filters } = oracle.settings;

/** Both networks, with optimizers. */
function partsOf(size: number, filters: number, dropout = 0, learningRate = 2e-4): Pix2PixParts {
  const generator = unet({ size, filters, dropout, seed: 3 });
  const discriminator = patchDiscriminator({ size, filters, seed: 4 });
  const optimizer = (network: tf.LayersModel) =>
    new Adam({ learningRate }, network.trainableWeights.map((weight) => weight.read() as tf.Variable));
  return {
    generator,
    discriminator,
    generatorOptimizer: optimizer(generator),
    discriminatorOptimizer: optimizer(discriminator),
    lambda: 100,
  };
}

function oracleParts(): Pix2PixParts {
  const parts = partsOf(size, filters);
  giveWeights(parts.generator, oracle.generator, generatorName);
  giveWeights(parts.discriminator, oracle.discriminator, discriminatorName);
  return parts;
}

function disposeParts(parts: Pix2PixParts): void {
  parts.generatorOptimizer.dispose();
  parts.discriminatorOptimizer.dispose();
  parts.generator.dispose();
  parts.discriminator.dispose();
}

function largestDifference(a: tf.Tensor, b: tf.Tensor): number {
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!);
}

const TRAINING = { training: true };

testOnBackends("Pix2Pix reproduces the oracle's images and logits", () => {
  const parts = oracleParts();
  tf.tidy(() => {
    const [x, y] = [tensorOf(oracle.x), tensorOf(oracle.y)];
    const fake = parts.generator.apply(x, TRAINING) as tf.Tensor4D;
    assertLess(largestDifference(fake, tensorOf(oracle.fake)), 1e-5);
    const real = parts.discriminator.apply([x, y], TRAINING) as tf.Tensor;
    assertLess(largestDifference(real, tensorOf(oracle.realLogits)), 1e-5);
    const judged = parts.discriminator.apply([x, fake], TRAINING) as tf.Tensor;
    assertLess(largestDifference(judged, tensorOf(oracle.fakeLogits)), 1e-5);
  });
  disposeParts(parts);
});

function checkNorms(
  gradients: tf.NamedTensorMap,
  network: tf.LayersModel,
  nameOf: (name: string) => string,
  norms: Record<string, number>,
) {
  for (const weight of network.trainableWeights) {
    const norm = tf.norm(gradients[(weight.read() as tf.Variable).name]!).dataSync()[0]!;
    const wanted = norms[nameOf(weight.originalName)]!;
    assertAlmostEquals(norm, wanted, 1e-4 * Math.max(1, wanted), weight.originalName);
  }
}

testOnBackends("Pix2Pix reproduces the oracle's gradient norms", () => {
  const parts = oracleParts();
  const { generator, discriminator, generatorOptimizer, discriminatorOptimizer } = parts;
  const [first] = oracle.steps;
  tf.tidy(() => {
    const [x, y] = [tensorOf(oracle.x), tensorOf(oracle.y)];
    const judge = (image: tf.Tensor) => discriminator.apply([x, image], TRAINING) as tf.Tensor4D;
    const fake = generator.apply(x, TRAINING) as tf.Tensor4D;
    const ofD = tf.variableGrads(
      () => nonSaturating.discriminator(judge(y), judge(fake), { halved: true }),
      discriminatorOptimizer.variables,
    );
    checkNorms(ofD.grads, discriminator, discriminatorName, first!.discriminatorGradientNorms!);
    discriminatorOptimizer.apply(ofD.grads);
    const ofG = tf.variableGrads(() => {
      const fake = generator.apply(x, TRAINING) as tf.Tensor4D;
      return tf.add(nonSaturating.generator(judge(fake)), tf.mul(l1(y, fake), 100)) as tf.Scalar;
    }, generatorOptimizer.variables);
    checkNorms(ofG.grads, generator, generatorName, first!.generatorGradientNorms!);
  });
  disposeParts(parts);
});

for (const compiled of [false, true]) {
  testOnBackends(
    `pix2pixStep() ${compiled ? "compiled" : "uncompiled"} reproduces the oracle's losses for four steps`,
    async () => {
      const parts = oracleParts();
      const [x, y] = [tensorOf(oracle.x), tensorOf(oracle.y)];
      const plain = (x: tf.Tensor4D, y: tf.Tensor4D) => pix2pixStep(parts, x, y);
      const step = compiled ? compile(plain) : plain;
      for (const wanted of oracle.steps) {
        const losses = step(x, y);
        for (const [name, loss] of Object.entries(losses)) {
          const got = (await loss.data())[0]!;
          assertAlmostEquals(got, wanted[name as "discriminator" | "adversarial" | "l1"], 1e-4, name);
          loss.dispose();
        }
      }
      tf.dispose([x, y]);
      disposeParts(parts);
    },
  );
}

/** Losses of several steps on the same images. */
function run(parts: Pix2PixParts, size: number, steps: number, compiled: boolean): Record<string, number>[] {
  const [x, y] = [1, 2].map((seed) => tf.randomUniform([1, size, size, 3], -1, 1, "float32", seed) as tf.Tensor4D);
  const plain = (x: tf.Tensor4D, y: tf.Tensor4D) => pix2pixStep(parts, x, y);
  const step = compiled ? compile(plain) : undefined;
  const losses = Array.from({ length: steps }, () => {
    const given = (step ?? plain)(x!, y!);
    const numbers = Object.entries(given).map(([name, loss]) => [name, loss.dataSync()[0]!]);
    tf.dispose(given);
    return Object.fromEntries(numbers);
  });
  step?.dispose();
  tf.dispose([x!, y!]);
  disposeParts(parts);
  return losses;
}

testOnBackends(
  "pix2pixStep() returns the same losses compiled and uncompiled for 20 steps, at sizes with fast convolutions",
  () => {
    const [size, filters] = [128, 16]; // the sizes at which tiles and patches compute them
    const [eager, compiled] = [false, true].map((compiled) => run(partsOf(size, filters), size, 20, compiled));
    eager!.forEach((losses, step) => {
      // Rounding differences grow from step to step; the first steps show whether the computations agree.
      const tolerance = step < 5 ? 1e-4 : 1e-2;
      for (const [name, loss] of Object.entries(losses)) {
        assertLess(Math.abs(compiled![step]![name]! - loss), tolerance * Math.abs(loss), `${name} at step ${step + 1}`);
      }
    });
  },
  ["tensorflow"],
);

testOnBackends("pix2pixStep(), when compiled, draws new dropout masks at each step, and repeats them with the same seed", () => {
  const still = { dropout: 0.5, learningRate: 0 }; // only the dropout changes
  const [once, again] = [1, 2].map(() => run(partsOf(32, 8, still.dropout, still.learningRate), 32, 4, true));
  assertEquals(once, again);
  assertEquals(new Set(once!.map(({ l1 }) => l1)).size, 4);
  const without = run(partsOf(32, 8, 0, still.learningRate), 32, 4, true);
  assertEquals(new Set(without.map(({ l1 }) => l1)).size, 1);
}, ["tensorflow"]);

const SMALL_SIZE = 16;

/** The rows of the paper's Table 1, and one additional row. */
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

/** The same, small, with settings of the losses. */
function variantOf(settings: Partial<Pix2PixSettings>, discriminatorRate = 2e-4): Pix2PixParts & { dispose(): void } {
  const { conditional, reconstruction, adversarial, lambda, updates } = { ...PIX2PIX, ...settings };
  const generator = unet({ size: SMALL_SIZE, filters: 2, dropout: 0, seed: 3 });
  const discriminator = patchDiscriminator({
    size: SMALL_SIZE,
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
  testOnBackends(`pix2pixStep() with the losses ${row} updates only the networks that they train`, () => {
    const parts = variantOf(settings);
    const step = compile((x: tf.Tensor4D, y: tf.Tensor4D) => pix2pixStep(parts, x, y));
    const { x, y } = noise(SMALL_SIZE, 1);
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

testOnBackends("pix2pixStep() with lambda 0 updates the generator as without a reconstruction loss", () => {
  const [zero, none] = [variantOf({ lambda: 0 }), variantOf({ reconstruction: "none" })];
  const { x, y } = noise(SMALL_SIZE, 1);
  tf.dispose([pix2pixStep(zero, x, y), pix2pixStep(none, x, y)] as unknown as tf.TensorContainer);
  assertEquals(weightsOf(zero.generator), weightsOf(none.generator));
  tf.dispose([x, y]);
  zero.dispose();
  none.dispose();
}, ["cpu"]);

for (const compiled of [false, true]) {
  testOnBackends(
    `pix2pixStep() ${
      compiled ? "compiled" : "not compiled"
    } with simultaneous updates updates each network against the previous other one`,
    () => {
      // The expected G comes from a step in which D does not change, and the expected D from an alternating step.
      const [both, still, inTurn] = [variantOf({ updates: "simultaneous" }, 0.01), variantOf({}, 0), variantOf({}, 0.01)];
      const plain = (x: tf.Tensor4D, y: tf.Tensor4D) => pix2pixStep(both, x, y);
      const step = compiled ? compile(plain) : plain;
      const { x, y } = noise(SMALL_SIZE, 1);
      const got = numbersOf(step(x, y) as Record<string, tf.Scalar>);
      const wanted = numbersOf(pix2pixStep(still, x, y) as Record<string, tf.Scalar>);
      const updated = numbersOf(pix2pixStep(inTurn, x, y) as Record<string, tf.Scalar>);
      for (const [name, value] of Object.entries(wanted)) assertAlmostEquals(got[name]!, value, 1e-6, name);
      assertEquals(
        Math.abs(got.adversarial! - updated.adversarial!) > 1e-3,
        true,
        "the update of D changes the adversarial loss in an alternating step",
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
