import { assertEquals, assertLess, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { RandomStream } from "../../lib/backend/random.ts";
import * as tf from "../../lib/tf.ts";
import { gaussianMixture, gaussianRing, pointsOf } from "../../data/worlds/points.ts";
import { histogramDensity, jensenShannon } from "../../lib/metrics/theory.ts";
import { gan } from "../../lib/systems/gan.ts";
import { GAN } from "../../lib/systems/gan_fields.ts";
import { type GanLoss, noiseOf } from "../../lib/systems/gan_step.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { testOnBackends } from "../_backends.ts";
import { collect, noiseDigits, SIZE, weightsOf } from "./_noise_data.ts";

const POINTS = { shape: [2] as [number], hidden: [8, 8], discriminatorHidden: [8, 8], latent: 3, seed: 1 };
const IMAGES = { networks: "dcgan" as const, shape: [SIZE, SIZE, 1], filters: 2, latent: 3, seed: 1 };

testOnBackends("gan() has the papers' defaults, including those for the wasserstein loss", () => {
  assertEquals([GAN.discriminatorSteps, GAN.loss, GAN.beta1, GAN.beta2], [1, "nonSaturating", 0.5, 0.999]);
  const critic = gan({ ...POINTS, loss: "wasserstein" });
  const { discriminatorSteps, penaltyWeight, beta1, beta2 } = critic.settings;
  assertEquals([discriminatorSteps, penaltyWeight, beta1, beta2], [5, 10, 0, 0.9]);
  critic.dispose();
  assertEquals([GAN.dropout, critic.settings.dropout], [0.5, 0]); // for images, and for points
  const own = gan({ ...POINTS, loss: "wasserstein", discriminatorSteps: 2 });
  assertEquals(own.settings.discriminatorSteps, 2);
  own.dispose();
}, ["cpu"]);

testOnBackends("train() accepts points of one and two dimensions and images, with each family of losses", async () => {
  const line = gaussianMixture("line", [{ mean: [1], deviation: 0.5 }]);
  for (const loss of ["minimax", "nonSaturating", "leastSquares", "hinge", "wasserstein"] as GanLoss[]) {
    const runs = [
      { model: gan({ ...POINTS, shape: [1], loss }), data: pointsOf(line, { count: 20 }) },
      { model: gan({ ...POINTS, loss }), data: pointsOf(gaussianRing(), { count: 20 }) },
      { model: gan({ ...IMAGES, loss }), data: noiseDigits(20) },
    ];
    for (const { model, data } of runs) {
      const start = weightsOf(model.networks.generator);
      const events = await collect(model.train(data, { epochs: 1, batch: 4, samples: 3 }));
      const losses = ["discriminator", ...loss === "wasserstein" ? ["penalty"] : [], "generator"];
      assertEquals(Object.keys(events.find((event) => event.type === "step")!.losses), losses);
      assertNotEquals(weightsOf(model.networks.generator), start);
      const generated = await model.generate({ count: 5, seed: 2 });
      assertEquals(generated.shape, [5, ...model.settings.shape]);
      const samples = events.filter((event) => event.type === "sample");
      assertEquals(
        samples.map(({ rows }) => Object.keys(rows[0]!)),
        model.settings.shape.length === 3 ? [["1", "2", "3"], ["1", "2", "3"]] : [],
      );
      generated.dispose();
      model.dispose();
    }
  }
}, ["tensorflow", "cpu"]);

testOnBackends("train() on one-dimensional points approaches their distribution", async () => {
  const normal = gaussianMixture("line", [{ mean: [3], deviation: 0.5 }]);
  const model = gan({
    ...POINTS,
    shape: [1],
    hidden: [32, 32],
    discriminatorHidden: [32, 32],
    noise: "normal",
    averageDecay: 0.99,
  });
  const grid = { range: [-5, 10] as [number, number], dimensions: 1, cells: 60 };
  const measure = async () => {
    const generated = await model.generate({ count: 1000, seed: 1 });
    const points = await generated.array() as number[][];
    generated.dispose();
    const mean = points.reduce((sum, [x]) => sum + x!, 0) / 1000;
    return { mean, divergence: jensenShannon(normal.density, histogramDensity(points, grid), grid) };
  };
  const before = await measure();
  for await (const _ of model.train(pointsOf(normal, { count: 64 * 1000 }), { epochs: 1, batch: 64, learningRate: 2e-3 })) {
    continue;
  }
  const after = await measure();
  assertLess(Math.abs(after.mean - 3), 0.25);
  assertLess(after.divergence, before.divergence / 3);
  model.dispose();
}, ["tensorflow"]);

testOnBackends("train() repeats bit for bit with the same seed, and differs with another seed", async () => {
  const weights = async (seed: number) => {
    const model = gan({ ...POINTS, loss: "wasserstein" });
    await collect(model.train(pointsOf(gaussianRing(), { count: 60 }), { epochs: 1, batch: 4, seed }));
    const values = weightsOf(model.networks.generator, model.networks.discriminator);
    model.dispose();
    return values;
  };
  const first = await weights(1);
  assertEquals(await weights(1), first);
  assertNotEquals(await weights(2), first);
});

testOnBackends("train() decays the learning rate from the given epoch", async () => {
  const model = gan(POINTS);
  const data = pointsOf(gaussianRing(), { count: 8 });
  const events = await collect(model.train(data, { epochs: 4, batch: 8, learningRate: 0.3, decayFrom: 2 }));
  const rates = events.filter((event) => event.type === "step").map(({ learningRate }) => Math.round(learningRate * 1e6) / 1e6);
  assertEquals(rates, [0.3, 0.3, 0.2, 0.1]);
  model.dispose();
}, ["cpu"]);

testOnBackends("loadModel() returns a model that generates the same samples as the saved model", async () => {
  const folder = await Deno.makeTempDir();
  const model = gan(POINTS);
  await model.save(folder);
  const again = await loadModel(folder, "gan");
  const [first, second] = [await model.generate(), await again.generate()];
  assertEquals([...second.dataSync()], [...first.dataSync()]);
  tf.dispose([first, second]);
  model.dispose();
  again.dispose();
  await Deno.truncate(`${folder}/generator/weights.bin`, 8);
  const before = tf.memory().numTensors;
  await assertRejects(() => loadModel(folder, "gan"), RangeError, "does not fit the generator");
  assertEquals(tf.memory().numTensors, before);
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);

testOnBackends("generate() takes noise in place of a seed, one sample per row", async () => {
  const model = gan(POINTS);
  const drawn = tf.tidy(() => noiseOf(model.settings, new RandomStream(4), 5));
  const [first, second] = [await model.generate({ count: 5, seed: 4 }), await model.generate({ noise: drawn })];
  assertEquals([...second.dataSync()], [...first.dataSync()]);
  tf.dispose([first, second]);
  await assertRejects(() => model.generate({ noise: drawn, count: 4 }), RangeError, "noise must have shape [4, 3], got [5,3]");
  drawn.dispose();
  model.dispose();
}, ["cpu"]);

testOnBackends("gan() and train() refuse invalid settings and mismatched data", async () => {
  const model = gan(POINTS);
  await assertRejects(
    () => collect(model.train(noiseDigits(2), { epochs: 1 })),
    RangeError,
    "expects shape [2], the data has shape [8,8,1]",
  );
  await assertRejects(() => model.generate({ count: 0 }), RangeError, "count must be an integer ≥ 1, got 0");
  model.dispose();
  assertThrows(
    () => gan({ ...POINTS, noise: "gaussian" as "normal" }),
    RangeError,
    'noise must be either uniform or normal, got "gaussian"',
  );
  const smoothed = gan({ ...POINTS, loss: "hinge", labelSmoothing: 0.1 });
  const points = pointsOf(gaussianRing(), { count: 4 });
  await assertRejects(
    () => collect(smoothed.train(points, { epochs: 1 })),
    RangeError,
    "Cannot smooth the labels of the hinge loss",
  );
  smoothed.dispose();
  assertThrows(() => gan({ loss: "w" as GanLoss }), RangeError, "loss must be one of minimax, nonSaturating");
  assertThrows(() => gan({ discriminatorSteps: 0 }), RangeError, "discriminatorSteps must be an integer ≥ 1, got 0");
  assertThrows(() => gan({ averageDecay: 1 }), RangeError, "averageDecay must be a number in [0, 1), got 1");
  assertThrows(() => gan({ clipNorm: -1 }), RangeError, "clipNorm must be a number ≥ 0, got -1");
  assertThrows(
    () => gan({ networks: "dcgan", shape: [28] }),
    RangeError,
    "shape must be [height, width, channels] for",
  );
}, ["cpu"]);
