import { assert, assertAlmostEquals, assertEquals, assertLess, assertNotEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile, type Compiled } from "../../lib/backend/compile.ts";
import { oneHot } from "../../lib/backend/one_hot.ts";
import { gradientPenalty } from "../../lib/losses/gradient_penalty.ts";
import { DIFF_AUGMENTATIONS } from "../../lib/systems/diff_augment.ts";
import {
  GAN_LOSSES,
  ganDiscriminatorStep,
  ganGeneratorStep,
  type GanLoss,
  type GanParts,
  ganStep,
} from "../../lib/systems/gan_step.ts";
import { testOnBackends } from "../_backends.ts";
import { setWeights } from "../models/_weights.ts";
import { disposeParts, labelsOf, noiseImages, numbersOf, partsOf, SMALL } from "./_gan_parts.ts";
import { CLASSES, weightsOf } from "./_noise_data.ts";

const LOSSES = Object.keys(GAN_LOSSES) as GanLoss[];
const KINDS = ["mlp", "dcgan"] as const;
const softplus = (x: number) => Math.log1p(Math.exp(x));

/** Only the k updates of D, as ganStep makes them, and only the update of G. */
function halves(parts: GanParts) {
  const one = (labels: tf.Tensor) => oneHot(labels as tf.Tensor1D, CLASSES);
  return {
    discriminator: (samples: tf.Tensor, labels: tf.Tensor) =>
      tf.tidy(() => {
        const batch = { samples: samples as tf.Tensor4D, labels: one(labels) };
        for (let k = 1; k < parts.settings.discriminatorSteps; k++) discard(ganDiscriminatorStep(parts, batch));
        return ganDiscriminatorStep(parts, batch) as Record<string, tf.Scalar>;
      }),
    generator: (labels: tf.Tensor) => tf.tidy(() => ({ generator: ganGeneratorStep(parts, labels.size, one(labels)) })),
  };
}

/** Disposes of losses. */
function discard(losses: Record<string, tf.Scalar>): void {
  for (const loss of Object.values(losses)) loss.dispose();
}

for (const compiled of [false, true]) {
  const how = compiled ? "compiled" : "not compiled";
  testOnBackends(`ganStep() ${how} does not change the network that is not trained by one bit, in none of the k steps`, () => {
    for (const kind of KINDS) {
      for (const loss of kind === "mlp" ? LOSSES : ["nonSaturating", "wasserstein"] as const) {
        const parts = partsOf({ ...SMALL[kind], loss, discriminatorSteps: 3 });
        const { discriminator, generator } = halves(parts);
        const steps = compiled ? [compile(discriminator), compile(generator)] as const : [discriminator, generator] as const;
        const [samples, labels] = [noiseImages(4), labelsOf(0, 1, 2, 0)];
        const start = { g: weightsOf(parts.generator), d: weightsOf(parts.discriminator) };
        numbersOf(steps[0](samples, labels));
        assertEquals(weightsOf(parts.generator), start.g);
        const moved = weightsOf(parts.discriminator);
        assertNotEquals(moved, start.d);
        assertEquals(parts.discriminatorOptimizer.steps, 3);
        numbersOf(steps[1](labels) as Record<string, tf.Scalar>);
        assertEquals(weightsOf(parts.discriminator), moved);
        assertNotEquals(weightsOf(parts.generator), start.g);
        for (const step of steps) (step as Partial<Compiled<[], undefined>>).dispose?.();
        tf.dispose([samples, labels]);
        disposeParts(parts);
      }
    }
  }, compiled ? ["tensorflow"] : ["tensorflow", "wasm", "cpu"]);
}

/** Losses of each family with a discriminator whose logit is 0.7 everywhere. */
const s = 0.7;
const AT_07: Record<GanLoss, Record<string, number>> = {
  minimax: { discriminator: softplus(-s) + softplus(s), generator: -softplus(s) },
  nonSaturating: { discriminator: softplus(-s) + softplus(s), generator: softplus(-s) },
  leastSquares: { discriminator: (s - 1) ** 2 + s ** 2, generator: (s - 1) ** 2 },
  hinge: { discriminator: (1 - s) + (1 + s), generator: -s },
  wasserstein: { discriminator: 0, penalty: 1, generator: -s }, // the norm of the gradient is 0, and should be 1
};

testOnBackends("ganStep() returns the losses of each family as computed by hand, halved and smoothed on request", () => {
  const [samples, labels] = [noiseImages(4), labelsOf(0, 1, 2, 0)];
  const stepped = (settings: Parameters<typeof partsOf>[0]) => {
    const parts = partsOf({ ...SMALL.mlp, ...settings }, 0); // no weight changes
    setWeights(parts.discriminator, { "logits/bias": [s] });
    const losses = numbersOf(ganStep(parts, samples, labels) as Record<string, tf.Scalar>);
    disposeParts(parts);
    return losses;
  };
  for (const loss of LOSSES) {
    const losses = stepped({ loss, discriminatorSteps: 1 });
    assertEquals(Object.keys(losses), Object.keys(AT_07[loss]));
    for (const [name, wanted] of Object.entries(AT_07[loss])) assertAlmostEquals(losses[name]!, wanted, 1e-5, `${loss} ${name}`);
  }
  assertAlmostEquals(stepped({ halved: true }).discriminator!, (softplus(-s) + softplus(s)) / 2, 1e-6);
  assertAlmostEquals(stepped({ labelSmoothing: 0.1 }).discriminator!, softplus(-s) + 0.1 * s + softplus(s), 1e-6);
  tf.dispose([samples, labels]);
});

testOnBackends("ganStep() passes the label of each sample to both networks", () => {
  // D's logit is 0.5, 1 or 2, depending only on the label; real and generated samples have the labels of the batch.
  const logitOf = [0.5, 1, 2];
  const parts = partsOf(
    { dropout: 0, hidden: [1, 1], discriminatorHidden: [1, 1], labelUnits: 1, discriminatorLabelUnits: 1 },
    0,
  );
  const byLabel = { "hidden_labels/kernel": logitOf, "hidden1/kernel": [0, 1] };
  setWeights(parts.discriminator, { ...byLabel, "logits/kernel": [1] });
  const [samples, labels] = [noiseImages(3), labelsOf(2, 0, 2)];
  const mean = (f: (logit: number) => number) => (f(2) + f(0.5) + f(2)) / 3;
  let losses = numbersOf(ganStep(parts, samples, labels) as Record<string, tf.Scalar>);
  assertAlmostEquals(losses.discriminator!, mean((logit) => softplus(-logit) + softplus(logit)), 1e-5);
  assertAlmostEquals(losses.generator!, mean((logit) => softplus(-logit)), 1e-5);
  // Now the images of G have one value, tanh(0.5), tanh(1) or tanh(2), depending on the label alone; D's logit is their first
  // pixel.
  setWeights(parts.generator, { ...byLabel, "values/kernel": Array(64).fill(1) });
  const pixel = Array.from({ length: 64 }, (_, i) => Number(i === 0));
  setWeights(parts.discriminator, { "hidden0/kernel": pixel, "hidden1/kernel": [1, 0], "logits/kernel": [1] });
  losses = numbersOf(ganStep(parts, samples, labels) as Record<string, tf.Scalar>);
  assertAlmostEquals(losses.generator!, mean((value) => softplus(-Math.tanh(value))), 1e-5);
  tf.dispose([samples, labels]);
  disposeParts(parts);
});

testOnBackends("ganStep() splits a batch into k minibatches, and a smaller last batch into fewer", () => {
  const parts = partsOf({ ...SMALL.mlp, discriminatorSteps: 3 });
  const stepsOf = (count: number) => {
    const before = parts.discriminatorOptimizer.steps;
    const [samples, labels] = [noiseImages(count), labelsOf(...Array<number>(count).fill(1))];
    numbersOf(ganStep(parts, samples, labels) as Record<string, tf.Scalar>);
    tf.dispose([samples, labels]);
    return parts.discriminatorOptimizer.steps - before;
  };
  assertEquals([6, 7, 4, 2, 1].map(stepsOf), [3, 3, 2, 2, 1]); // 2+2+2, 3+3+1, 2+2, 1+1, 1
  assertEquals(parts.generatorOptimizer.steps, 5);
  disposeParts(parts);
}, ["cpu"]);

testOnBackends("ganDiscriminatorStep() and ganGeneratorStep() lower their own losses", () => {
  for (const kind of KINDS) {
    for (const loss of LOSSES) {
      const parts = partsOf({ ...SMALL[kind], loss }, 1e-3);
      const { discriminator, generator } = halves(parts);
      const [samples, labels] = [noiseImages(6), labelsOf(0, 1, 2, 0, 1, 2)];
      const penaltyWeight = loss === "wasserstein" ? parts.settings.penaltyWeight : 0;
      const same = (step: () => Record<string, tf.Scalar>) => {
        Object.assign(parts.random, { position: 0 }); // the same noise again
        const { penalty = 0, ...losses } = numbersOf(step());
        return Object.values(losses)[0]! + penaltyWeight * penalty;
      };
      parts.settings.discriminatorSteps = 1;
      const [before, after] = [same(() => discriminator(samples, labels)), same(() => discriminator(samples, labels))];
      assertLess(after, before, `${kind} ${loss} discriminator`);
      const [first, second] = [same(() => generator(labels)), same(() => generator(labels))];
      assertLess(second, first, `${kind} ${loss} generator`);
      tf.dispose([samples, labels]);
      disposeParts(parts);
    }
  }
}, ["tensorflow", "cpu"]);

/** Losses of several steps on the same batch. */
function run(parts: GanParts, step: (samples: tf.Tensor, labels: tf.Tensor) => Record<string, tf.Scalar>, steps: number) {
  const [samples, labels] = [noiseImages(6), labelsOf(0, 1, 2, 0, 1, 2)];
  const losses = Array.from({ length: steps }, () => numbersOf(step(samples, labels)));
  tf.dispose([samples, labels]);
  return { losses, weights: weightsOf(parts.generator, parts.discriminator, parts.average) };
}

testOnBackends("ganStep() returns the same losses compiled and uncompiled for 20 steps", () => {
  for (const kind of KINDS) {
    for (const loss of ["nonSaturating", "wasserstein"] as const) {
      const diffAugment = kind === "dcgan" ? DIFF_AUGMENTATIONS : [];
      const settings = { ...SMALL[kind], loss, discriminatorSteps: 2, averageDecay: 0.9, clipNorm: 5, diffAugment };
      const [plain, traced] = [partsOf(settings, 2e-4), partsOf(settings, 2e-4)];
      const stepOf = (parts: GanParts) => (samples: tf.Tensor, labels: tf.Tensor) =>
        ganStep(parts, samples as tf.Tensor4D, labels as tf.Tensor1D) as Record<string, tf.Scalar>;
      const compiled = compile(stepOf(traced));
      const [wanted, got] = [run(plain, stepOf(plain), 20), run(traced, compiled, 20)];
      got.losses.forEach((losses, i) => {
        for (const [name, value] of Object.entries(losses)) {
          assert(Number.isFinite(value));
          const expected = wanted.losses[i]![name]!;
          // Fused and composed batch norm round differently, and the difference grows from step to step.
          const tolerance = i < 5 ? 1e-4 : 1e-2;
          assertAlmostEquals(
            value,
            expected,
            tolerance * Math.max(1e-2, Math.abs(expected)),
            `${kind} ${loss} ${name} step ${i + 1}`,
          );
        }
      });
      compiled.dispose();
      disposeParts(plain);
      disposeParts(traced);
    }
  }
}, ["tensorflow"]);

testOnBackends("ganStep() repeats bit for bit with the same seed", () => {
  for (const loss of ["nonSaturating", "wasserstein"] as const) {
    const results = [5, 5, 6].map((seed) => {
      const parts = partsOf({ ...SMALL.dcgan, loss, discriminatorSteps: 2, seed });
      const step = (samples: tf.Tensor, labels: tf.Tensor) =>
        ganStep(parts, samples as tf.Tensor4D, labels as tf.Tensor1D) as Record<string, tf.Scalar>;
      const result = run(parts, step, 3);
      disposeParts(parts);
      return result;
    });
    assertEquals(results[1], results[0]);
    assertNotEquals(results[2], results[0]);
  }
});

testOnBackends("ganStep() leaves no tensors but its losses", () => {
  for (const kind of KINDS) {
    for (const loss of ["hinge", "wasserstein"] as const) {
      const parts = partsOf({ ...SMALL[kind], loss, discriminatorSteps: 2, averageDecay: 0.9, clipNorm: 1 });
      const [samples, labels] = [noiseImages(4), labelsOf(0, 1, 2, 0)];
      const before = tf.memory().numTensors;
      const losses = ganStep(parts, samples, labels);
      assertEquals(tf.memory().numTensors, before + Object.keys(losses).length);
      numbersOf(losses as Record<string, tf.Scalar>);
      tf.dispose([samples, labels]);
      disposeParts(parts);
    }
  }
});

testOnBackends(
  "ganDiscriminatorStep() with a gradient penalty converges to the distance between two points, as computed by hand",
  () => {
    // Real points are at 2, generated ones at 0. A slope a contributes −2a to the loss and λ (a − 1)² to the penalty, λ = 10:
    // the optimum is a = 1.1, with a loss of −2.2 and a penalty of 0.01.
    const parts = partsOf({
      shape: [1],
      classes: 0,
      dropout: 0,
      hidden: [2],
      discriminatorHidden: [16, 16],
      loss: "wasserstein",
    });
    setWeights(parts.generator, {});
    const samples = tf.fill([8, 1], 2) as tf.Tensor2D;
    const step = compile((samples: tf.Tensor) =>
      tf.tidy(() => ganDiscriminatorStep(parts, { samples: samples as tf.Tensor2D, labels: undefined }))
    );
    let losses: Record<string, number> = {};
    for (let i = 0; i < 400; i++) {
      if (i === 300) parts.discriminatorOptimizer.learningRate = 1e-3;
      losses = numbersOf(step(samples) as Record<string, tf.Scalar>);
    }
    step.dispose();
    assertAlmostEquals(losses.discriminator!, -2.2, 0.03);
    assertAlmostEquals(losses.penalty!, 0.01, 0.01);
    samples.dispose();
    disposeParts(parts);
  },
  ["tensorflow"],
);

/** The gradient penalty as a function of one weight of the discriminator. */
function penaltyOf(parts: GanParts, weight: tf.LayerVariable, values: Float32Array): number {
  return tf.tidy(() => {
    weight.write(tf.tensor(values, weight.shape as number[]));
    return penalty(parts).dataSync()[0]!;
  });
}

function penalty({ discriminator }: GanParts): tf.Scalar {
  const labels = oneHot(labelsOf(0, 2), CLASSES);
  const critic = (x: tf.Tensor4D) => discriminator.apply([x, labels]) as tf.Tensor2D;
  return gradientPenalty(critic, noiseImages(2, 1), noiseImages(2, 2), tf.tensor4d([0.3, 0.8], [2, 1, 1, 1]));
}

testOnBackends(
  "gradientPenalty() has gradients with respect to all weights of the critics that equal central differences",
  () => {
    for (const kind of KINDS) {
      const parts = partsOf({ ...SMALL[kind], loss: "wasserstein" });
      // Large weights, where the loss is curved; with the initial weights of a DCGAN, 0.02, it is almost linear.
      if (kind === "dcgan") {
        for (const weight of parts.discriminator.weights) tf.tidy(() => void weight.write(tf.mul(weight.read(), 20)));
      }
      const { grads } = tf.variableGrads(() => penalty(parts), parts.discriminatorOptimizer.variables);
      for (const weight of parts.discriminator.trainableWeights) {
        const values = weight.read().dataSync() as Float32Array;
        // The last bias does not influence the slope, and tfjs returns no gradient for it.
        const exact = (grads[(weight.read() as tf.Variable).name]?.dataSync() ?? values.map(() => 0)) as Float32Array;
        const largest = exact.reduce((most, slope) => Math.max(most, Math.abs(slope)), 0);
        for (let i = 0; i < values.length; i += Math.ceil(values.length / 5)) {
          const at = (step: number) => penaltyOf(parts, weight, values.map((value, n) => n === i ? value + step : value));
          const difference = (8 * (at(0.001) - at(-0.001)) - (at(0.002) - at(-0.002))) / 0.012;
          assertAlmostEquals(exact[i]!, difference, 5e-3 * Math.max(1, largest), `${kind} ${weight.originalName} ${i}`);
        }
        tf.tidy(() => void weight.write(tf.tensor(values, weight.shape as number[])));
      }
      tf.dispose(grads);
      disposeParts(parts);
    }
  },
);
