import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import type { BatchOptions, UnpairedBatch, UnpairedData } from "../../lib/data/datasets.ts";
import { CYCLEGAN, type CycleGan, cycleGan, type UnpairedTrainOptions } from "../../lib/systems/cyclegan.ts";
import type { TrainEvent } from "../../lib/events.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { testOnBackends } from "../_backends.ts";
import { noise, weightsOf } from "./_cyclegan.ts";

const SIZE = 16;
const SETTINGS = { size: SIZE, filters: 2, blocks: 1, layers: 1, pool: 2, seed: 5 };

/** Noise images that depend only on the seed, the epoch and the position. */
function noiseData(count: number): UnpairedData {
  async function* batches(options: BatchOptions = {}): AsyncGenerator<UnpairedBatch> {
    const { batch = 1, seed = 0, epoch = 0, skip = 0 } = options;
    for (let i = skip * batch; i < count; i += batch) {
      const { x: a, y: b } = noise(SIZE, seed * 1e6 + epoch * 1e3 + i, Math.min(batch, count - i));
      yield { a, b, names: [`noise ${i}`] };
      await Promise.resolve();
    }
  }
  const size = { height: SIZE, width: SIZE, aChannels: 3, bChannels: 3 };
  return { name: "noise", count, aCount: count, bCount: count, ...size, batches };
}

async function collect(model: CycleGan, data: UnpairedData, options: UnpairedTrainOptions): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of model.train(data, options)) events.push(event);
  return events;
}

const weights = (model: CycleGan) => Object.values(model.networks).map(weightsOf);
const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

Deno.test("cycleGan() has the defaults of the paper", () => {
  assertEquals(CYCLEGAN, {
    size: 256,
    xChannels: 3,
    yChannels: 3,
    generator: "resnet",
    filters: 64,
    blocks: 9,
    depth: 8,
    norm: "instance",
    upsample: "transposed",
    layers: 3,
    lambda: 10,
    cycles: "both",
    identity: 0.5,
    pool: 50,
    dropout: 0,
    seed: 0,
  });
});

testOnBackends("cycleGan() builds each network for its domain, with different weights", () => {
  const model = cycleGan({ ...SETTINGS, xChannels: 1, yChannels: 4, identity: 0 });
  const channels = ({ inputs, outputs }: tf.LayersModel) => [inputs[0]!.shape[3], outputs[0]!.shape[3]];
  assertEquals(Object.values(model.networks).map(channels), [[1, 4], [4, 1], [1, 1], [4, 1]]);
  assertEquals(Object.keys(model.networks), ["xToY", "yToX", "discriminatorX", "discriminatorY"]);
  model.dispose();
  const alike = cycleGan(SETTINGS);
  const first = (network: tf.LayersModel) => weightsOf(network)[0]!.slice(0, 8).join();
  assertEquals(new Set(Object.values(alike.networks).map(first)).size, 4);
  alike.dispose();
  assertThrows(
    () => cycleGan({ ...SETTINGS, xChannels: 1 }),
    RangeError,
    "identity must be 0 for domains with different numbers of channels",
  );
}, ["cpu"]);

testOnBackends("train() decays the learning rate, and yields losses and samples for both domains", async () => {
  const model = cycleGan(SETTINGS);
  const [samples] = await Array.fromAsync(noiseData(2).batches({ batch: 2 }));
  const events = await collect(model, noiseData(3), { epochs: 4, batch: 2, samples: samples!, sampleEpochs: [0, 4] });
  const steps = events.filter((event) => event.type === "step");
  assertEquals(steps.length, 8);
  const names = ["discriminatorX", "discriminatorY", "adversarialX", "adversarialY", "cycle", "identity"];
  assertEquals(Object.keys(steps[0]!.losses), names);
  const rates = [1, 1, 2 / 3, 1 / 3].flatMap((part) => [2e-4 * part, 2e-4 * part]);
  steps.forEach((step, i) => assert(Math.abs(step.learningRate - rates[i]!) < 1e-12, `${step.learningRate} at step ${i + 1}`));
  const shown = events.filter((event) => event.type === "sample");
  assertEquals(shown.map(({ epoch, rows }) => [epoch, rows.length]), [[0, 4], [4, 4]]);
  assertEquals(Object.keys(shown[0]!.rows[0]!), ["input", "generated", "reconstructed"]);
  tf.dispose([samples!.a, samples!.b]);
  model.dispose();
});

testOnBackends(
  "train() that is stopped and resumed ends with the same weights as an uninterrupted run",
  async () => {
    const folder = await Deno.makeTempDir();
    const settings = { ...SETTINGS, generator: "unet", dropout: 0.5 } as const;
    const [whole, half, rest] = [cycleGan(settings), cycleGan(settings), cycleGan(settings)];
    const options = { epochs: 3, seed: 1 };
    const all = await collect(whole, noiseData(4), options);
    for await (const event of half.train(noiseData(4), { ...options, checkpoint: folder })) if (event.step === 6) break;
    const events = await collect(rest, noiseData(4), { ...options, checkpoint: folder, resume: true });
    assertEquals(events.filter((event) => event.type === "step").map((event) => event.step), [7, 8, 9, 10, 11, 12]);
    assertEquals(weights(rest), weights(whole));
    const ends = (events: TrainEvent[]) => events.filter((event) => event.type === "epoch").at(-1)!.losses;
    assertEquals(ends(events), ends(all));
    for (const model of [whole, half, rest]) model.dispose();
    await Deno.remove(folder, { recursive: true });
  },
  ["tensorflow", "cpu"],
);

testOnBackends("train() leaks no tensors", async () => {
  const model = cycleGan(SETTINGS);
  await collect(model, noiseData(2), { epochs: 1 });
  const before = tf.memory().numTensors;
  await collect(model, noiseData(4), { epochs: 1 });
  assertEquals(tf.memory().numTensors, before);
  model.dispose();
}, ["tensorflow", "cpu"]);

testOnBackends("translate() translates images of any size in both directions", async () => {
  const model = cycleGan({ ...SETTINGS, xChannels: 1, identity: 0 });
  const [x, y] = [tf.zeros([2, 9, 22, 1]) as tf.Tensor4D, tf.zeros([1, 16, 16, 3]) as tf.Tensor4D];
  const translated = [await model.translate(x), await model.translate(y, { direction: "yToX" })];
  assertEquals(translated.map((image) => image.shape), [[2, 9, 22, 3], [1, 16, 16, 1]]);
  await assertRejects(() => model.translate(y), RangeError, "expected images [count, height, width, 1], got [1,16,16,3]");
  tf.dispose([x, y, ...translated]);
  model.dispose();
}, ["tensorflow", "cpu"]);

testOnBackends("loadModel() returns a model that translates like the saved model", async () => {
  const folder = await Deno.makeTempDir();
  const model = cycleGan(SETTINGS);
  await model.save(folder);
  const again = await loadModel(folder, "cyclegan");
  assertEquals(again.settings, model.settings);
  assertEquals(weights(again), weights(model));
  const { x, y } = noise(SIZE, 1);
  for (const direction of ["xToY", "yToX"] as const) {
    const [first, second] = [await model.translate(x, { direction }), await again.translate(x, { direction })];
    assertEquals(values(second), values(first));
    tf.dispose([first, second]);
  }
  tf.dispose([x, y]);
  model.dispose();
  again.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["tensorflow", "cpu"]);

testOnBackends("train() lowers the cycle loss, and learns to translate dark images into light images", async () => {
  // Dark and light images, each with a brighter square at a different position.
  const world = (light: number, seed: number) =>
    tf.tidy(() => {
      const [top, left] = [(seed * 5) % 9, (seed * 7) % 9];
      const square = tf.pad(tf.ones([1, 6, 6, 3]), [[0, 0], [top, 10 - top], [left, 10 - left], [0, 0]]);
      return tf.add(tf.mul(square, 0.5), light) as tf.Tensor4D;
    });
  async function* batches({ epoch = 0 }: BatchOptions = {}): AsyncGenerator<UnpairedBatch> {
    for (let i = 0; i < 20; i++) {
      yield { a: world(-0.8, epoch * 20 + i), b: world(0.2, 3 * i + epoch), names: [`${i}`] };
      await Promise.resolve();
    }
  }
  const data: UnpairedData = { ...noiseData(20), batches };
  const model = cycleGan({ ...SETTINGS, filters: 4 });
  const events = await collect(model, data, { epochs: 4, learningRate: 1e-3 });
  const [first, ...later] = events.filter((event) => event.type === "epoch").map((event) => event.losses.cycle!);
  assert(later.at(-1)! < first! / 2, `${first} to ${later.at(-1)}`);
  const x = world(-0.8, 99);
  const y = await model.translate(x);
  const [before, after] = [x, y].map((image) => tf.tidy(() => tf.mean(image).dataSync()[0]!)) as [number, number];
  assert(after > before + 0.5, `the mean went from ${before} to ${after}`);
  assertNotEquals(values(y), values(x));
  tf.dispose([x, y]);
  model.dispose();
}, ["tensorflow"]);

testOnBackends("train() refuses images of the wrong size, and a decay after the last epoch", async () => {
  const model = cycleGan({ ...SETTINGS, size: 32 });
  await assertRejects(
    () => collect(model, noiseData(1), { epochs: 1 }),
    RangeError,
    "Cannot train on noise: the model expects height 32, width 32",
  );
  const fitting = cycleGan(SETTINGS);
  await assertRejects(() => collect(fitting, noiseData(1), { epochs: 2, decayFrom: 3 }), RangeError, "from 0 to 2, got 3");
  for (const used of [model, fitting]) used.dispose();
}, ["cpu"]);
