import { assertAlmostEquals, assertLess } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile, eachCall } from "../../lib/backend/compile.ts";
import { oneHot } from "../../lib/backend/one_hot.ts";
import { nonSaturating } from "../../lib/losses/non_saturating.ts";
import { type GanParts, ganStep } from "../../lib/systems/gan_step.ts";
import { testOnBackends } from "../_backends.ts";
import { conditionalGanOracle } from "../oracle/_conditional_gan.ts";
import { giveWeights, type OracleArray } from "../oracle/_load.ts";
import { disposeParts, labelsOf, numbersOf, partsOf } from "./_gan_parts.ts";

const oracle = await conditionalGanOracle();
const { size, filters, latent, classes } = oracle.settings;
const tensorOf = ({ values, shape }: OracleArray) => tf.tensor(values, shape);
const own = (name: string) => name;

/** A model with the oracle's weights and the oracle's noise, which is drawn for D, G, D, ... */
function oracleParts(): GanParts {
  const shape = [size, size, 1];
  const parts = partsOf({ networks: "dcgan", shape, filters, latent, classes, noise: "normal" }, 2e-4);
  giveWeights(parts.generator, oracle.generator, own);
  giveWeights(parts.discriminator, oracle.discriminator, own);
  const noises = oracle.steps.flatMap(({ noise }) => noise);
  const normal = (shape: number[]) => eachCall(shape, "float32", () => noises.shift()!.values);
  return { ...parts, random: { normal, uniform: normal } };
}

function largestDifference(a: tf.Tensor, b: OracleArray): number {
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, tensorOf(b)))).dataSync()[0]!);
}

const TRAINING = { training: true };

testOnBackends("ConditionalGan reproduces the oracle's images and logits", () => {
  const parts = oracleParts();
  tf.tidy(() => {
    const labels = oneHot(labelsOf(...oracle.labels), classes);
    const fake = parts.generator.apply([tensorOf(oracle.steps[0]!.noise[0]), labels], TRAINING) as tf.Tensor;
    assertLess(largestDifference(fake, oracle.fake), 1e-5);
    const judge = (image: tf.Tensor) => parts.discriminator.apply([image, labels], TRAINING) as tf.Tensor;
    assertLess(largestDifference(judge(tensorOf(oracle.x)), oracle.realLogits), 1e-5);
    assertLess(largestDifference(judge(fake), oracle.fakeLogits), 1e-5);
  });
  disposeParts(parts);
});

function checkNorms(gradients: tf.NamedTensorMap, network: tf.LayersModel, norms: Record<string, number>): void {
  for (const weight of network.trainableWeights) {
    const norm = tf.norm(gradients[(weight.read() as tf.Variable).name]!).dataSync()[0]!;
    const wanted = norms[weight.originalName]!;
    assertAlmostEquals(norm, wanted, 1e-4 * Math.max(1, wanted), weight.originalName);
  }
}

testOnBackends("ConditionalGan reproduces the oracle's gradient norms", () => {
  const parts = oracleParts();
  const { generator, discriminator, generatorOptimizer, discriminatorOptimizer } = parts;
  const [first] = oracle.steps;
  tf.tidy(() => {
    const labels = oneHot(labelsOf(...oracle.labels), classes);
    const judge = (image: tf.Tensor) => discriminator.apply([image, labels], TRAINING) as tf.Tensor2D;
    const [forD, forG] = first!.noise.map((noise) => [tensorOf(noise), labels]) as [tf.Tensor[], tf.Tensor[]];
    const fake = generator.apply(forD, TRAINING) as tf.Tensor;
    const ofD = tf.variableGrads(
      () => nonSaturating.discriminator(judge(tensorOf(oracle.x)), judge(fake)),
      discriminatorOptimizer.variables,
    );
    checkNorms(ofD.grads, discriminator, first!.discriminatorGradientNorms!);
    discriminatorOptimizer.apply(ofD.grads);
    const ofG = tf.variableGrads(
      () => nonSaturating.generator(judge(generator.apply(forG, TRAINING) as tf.Tensor)),
      generatorOptimizer.variables,
    );
    checkNorms(ofG.grads, generator, first!.generatorGradientNorms!);
  });
  disposeParts(parts);
});

for (const compiled of [false, true]) {
  testOnBackends(`ganStep() ${compiled ? "compiled" : "uncompiled"} reproduces the oracle's losses for four steps`, () => {
    const parts = oracleParts();
    const [x, labels] = [tensorOf(oracle.x), labelsOf(...oracle.labels)];
    const plain = (x: tf.Tensor, labels: tf.Tensor) => ganStep(parts, x as tf.Tensor4D, labels as tf.Tensor1D);
    const step = compiled ? compile(plain) : plain;
    for (const wanted of oracle.steps) {
      const losses = numbersOf(step(x, labels) as Record<string, tf.Scalar>);
      assertAlmostEquals(losses.discriminator!, wanted.discriminator, 1e-4);
      assertAlmostEquals(losses.generator!, wanted.generator, 1e-4);
    }
    tf.dispose([x, labels]);
    disposeParts(parts);
  });
}
