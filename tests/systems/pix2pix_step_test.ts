import { assertAlmostEquals, assertEquals, assertLess } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile } from "../../lib/backend/compile.ts";
import { l1 } from "../../lib/losses/distance.ts";
import { nonSaturating } from "../../lib/losses/non_saturating.ts";
import { patchDiscriminator } from "../../lib/models/patchgan.ts";
import { unet } from "../../lib/models/unet.ts";
import { Adam } from "../../lib/optimizers/adam.ts";
import { type Pix2PixParts, pix2pixStep } from "../../lib/systems/pix2pix.ts";
import { testOnBackends } from "../_backends.ts";
import { discriminatorName, generatorName, giveWeights, pix2pixOracle, tensorOf } from "../oracle/_load.ts";

const oracle = await pix2pixOracle();
const { size, filters } = oracle.settings;

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

testOnBackends("pix2pix agrees with the oracle in pictures and logits", () => {
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

testOnBackends("pix2pix agrees with the oracle in every gradient's norm", () => {
  const parts = oracleParts();
  const { generator, discriminator, generatorOptimizer, discriminatorOptimizer } = parts;
  const [first] = oracle.steps;
  tf.tidy(() => {
    const [x, y] = [tensorOf(oracle.x), tensorOf(oracle.y)];
    const judge = (picture: tf.Tensor) => discriminator.apply([x, picture], TRAINING) as tf.Tensor4D;
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
  testOnBackends(`pix2pixStep() ${compiled ? "compiled" : "as it is"} gives the oracle's losses for four steps`, async () => {
    const parts = oracleParts();
    const [x, y] = [tensorOf(oracle.x), tensorOf(oracle.y)];
    const plain = (x: tf.Tensor4D, y: tf.Tensor4D) => pix2pixStep(parts, x, y);
    const step = compiled ? compile(plain) : plain;
    for (const wanted of oracle.steps) {
      const losses = step(x, y);
      for (const [name, loss] of Object.entries(losses)) {
        const got = (await loss.data())[0]!;
        assertAlmostEquals(got, wanted[name as keyof typeof losses], 1e-4, name);
        loss.dispose();
      }
    }
    tf.dispose([x, y]);
    disposeParts(parts);
  });
}

/** Losses of some steps on the same pictures. */
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
  "pix2pixStep() compiled follows the step as it is for 20 steps, convolutions by tiles and by patches among them",
  () => {
    const [size, filters] = [128, 16]; // as large as these begin
    const [eager, compiled] = [false, true].map((compiled) => run(partsOf(size, filters), size, 20, compiled));
    eager!.forEach((losses, step) => {
      // Rounding grows from step to step, as any small difference does; the first steps tell whether they do the same.
      const tolerance = step < 5 ? 1e-4 : 1e-2;
      for (const [name, loss] of Object.entries(losses)) {
        assertLess(Math.abs(compiled![step]![name]! - loss), tolerance * Math.abs(loss), `${name} at step ${step + 1}`);
      }
    });
  },
  ["tensorflow"],
);

testOnBackends("pix2pixStep() compiled draws a new dropout at each step, the same again for the same seed", () => {
  const still = { dropout: 0.5, learningRate: 0 }; // nothing but the dropout changes
  const [once, again] = [1, 2].map(() => run(partsOf(32, 8, still.dropout, still.learningRate), 32, 4, true));
  assertEquals(once, again);
  assertEquals(new Set(once!.map(({ l1 }) => l1)).size, 4);
  const without = run(partsOf(32, 8, 0, still.learningRate), 32, 4, true);
  assertEquals(new Set(without.map(({ l1 }) => l1)).size, 1);
}, ["tensorflow"]);
