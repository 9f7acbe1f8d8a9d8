import { assert, assertEquals, assertRejects } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import type { BatchOptions, PairBatch, PairData } from "../../lib/data/datasets.ts";
import type { TrainEvent } from "../../lib/events.ts";
import type { PairTrainOptions } from "../../lib/train/options.ts";
import { type Pix2Pix, pix2pix } from "../../lib/systems/pix2pix.ts";
import { Session } from "../../lib/train/model.ts";
import { hasState, positionIn } from "../../lib/train/state.ts";
import { testOnBackends } from "../_backends.ts";

const SIZE = 16;
const SETTINGS = { size: SIZE, filters: 2, layers: 1, depth: 3, seed: 5 };

/** Pairs of noise images that depend only on the seed, the epoch and the position; records the options of each call.
 * @param spoilt position of a pair whose target is NaN. */
function noisePairs(count: number, spoilt = -1): PairData & { asked: BatchOptions[] } {
  const asked: BatchOptions[] = [];
  async function* batches(options: BatchOptions = {}): AsyncGenerator<PairBatch> {
    asked.push(options);
    const { batch = 1, seed = 0, epoch = 0, skip = 0 } = options;
    for (let i = skip * batch; i < count; i += batch) {
      const shape: [number, number, number, number] = [Math.min(batch, count - i), SIZE, SIZE, 3];
      const from = seed * 1e6 + epoch * 1e3 + i;
      const image = (offset: number) => tf.randomUniform(shape, -1, 1, "float32", from + offset) as tf.Tensor4D;
      const target = i === spoilt ? tf.fill(shape, NaN) as tf.Tensor4D : image(0.5);
      yield { input: image(0), target, names: [`noise ${i}`] };
      await Promise.resolve();
    }
  }
  return { name: "noise", count, height: SIZE, width: SIZE, inputChannels: 3, targetChannels: 3, batches, asked };
}

async function collect(model: Pix2Pix, pairs: PairData, options: PairTrainOptions): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of model.train(pairs, options)) events.push(event);
  return events;
}

function weights(model: Pix2Pix): number[][] {
  return Object.values(model.networks).flatMap((network) => network.getWeights()).map((weight) => [...weight.dataSync()]);
}

testOnBackends("train() yields samples, steps, epochs and checkpoints in order", async () => {
  const folder = await Deno.makeTempDir();
  const model = pix2pix(SETTINGS);
  const [samples] = await Array.fromAsync(noisePairs(1).batches());
  const events = await collect(model, noisePairs(3), { epochs: 2, batch: 2, seed: 1, samples: samples!, checkpoint: folder });
  assertEquals(events.map((event) => `${event.type} ${event.epoch}.${event.step}`), [
    ...["sample 0.0", "step 1.1", "step 1.2", "epoch 1.2", "sample 1.2", "checkpoint 1.2"],
    ...["step 2.3", "step 2.4", "epoch 2.4", "sample 2.4", "checkpoint 2.4"],
  ]);
  const [first, second] = events.filter((event) => event.type === "step");
  assertEquals(Object.keys(first!.losses), ["discriminator", "adversarial", "l1"]);
  assertEquals([first!.steps, first!.learningRate], [4, 0.0002]);
  const epoch = events.find((event) => event.type === "epoch")!;
  assertEquals(epoch.losses.l1, (first!.losses.l1! + second!.losses.l1!) / 2);
  const sample = events[0]!;
  assert(sample.type === "sample");
  assertEquals(Object.keys(sample.rows[0]!), ["input", "generated", "target"]);
  tf.dispose([samples!.input, samples!.target]);
  model.dispose();
  await Deno.remove(folder, { recursive: true });
});

testOnBackends("train() that is stopped and resumed ends with the same weights as an uninterrupted run", async () => {
  const folder = await Deno.makeTempDir();
  const options = { epochs: 2, seed: 1, checkpoint: folder };
  const [whole, half, rest] = [pix2pix(SETTINGS), pix2pix(SETTINGS), pix2pix(SETTINGS)];
  const { checkpoint: _, ...without } = options;
  const all = await collect(whole, noisePairs(4), without);

  for await (const event of half.train(noisePairs(4), options)) if (event.step === 6) break;
  const pairs = noisePairs(4);
  const events = await collect(rest, pairs, { ...options, resume: true });
  // The first call is for the fingerprint.
  assertEquals(pairs.asked[1], { batch: 1, seed: 1, epoch: 1, augment: true, skip: 2 });
  assertEquals(events.map((event) => event.step), [7, 8, 8, 8]);
  assertEquals(weights(rest), weights(whole));
  const epochOf = (events: TrainEvent[]) => events.filter((event) => event.type === "epoch").at(-1)!;
  assertEquals(epochOf(events).losses, epochOf(all).losses);
  for (const model of [whole, half, rest]) model.dispose();
  await Deno.remove(folder, { recursive: true });
});

testOnBackends("train() ends after the current step when its signal is aborted, with a checkpoint", async () => {
  const folder = await Deno.makeTempDir();
  const model = pix2pix(SETTINGS);
  const controller = new AbortController();
  const events: TrainEvent[] = [];
  for await (const event of model.train(noisePairs(4), { epochs: 9, checkpoint: folder, signal: controller.signal })) {
    events.push(event);
    if (event.step === 2) controller.abort();
  }
  assertEquals(events.map((event) => event.step), [1, 2]);
  assert(await hasState(folder));
  model.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);

testOnBackends("train() refuses a folder with an earlier training run, and changed settings when it resumes", async () => {
  const folder = await Deno.makeTempDir();
  const model = pix2pix(SETTINGS);
  const options = { epochs: 1, checkpoint: folder };
  await collect(model, noisePairs(1), options);
  await assertRejects(() => collect(model, noisePairs(1), options), Error, "belongs to an earlier training run; resume it");
  const other = { ...options, resume: true, learningRate: 0.1 };
  await assertRejects(
    () => collect(model, noisePairs(1), other),
    RangeError,
    "started with learningRate 0.0002, got 0.1",
  );
  const deeper = pix2pix({ ...SETTINGS, filters: 4 });
  await assertRejects(
    () => collect(deeper, noisePairs(1), { ...options, resume: true }),
    RangeError,
    "started with filters 2, got 4",
  );
  for (const used of [model, deeper]) used.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);

testOnBackends(
  "train() stops at a non-finite loss, names the step and the image, and keeps the last checkpoint",
  async () => {
    const folder = await Deno.makeTempDir();
    const model = pix2pix(SETTINGS);
    await collect(model, noisePairs(2), { epochs: 1, checkpoint: folder });
    const before = await Deno.readFile(`${folder}/checkpoint.safetensors`);
    const error = await assertRejects(
      () => collect(model, noisePairs(2, 1), { epochs: 2, checkpoint: folder, resume: true, acceptData: true }),
      Error,
      "Training stopped at step 4",
    );
    assert(error.message.includes("noise 1"), error.message);
    assertEquals(await Deno.readFile(`${folder}/checkpoint.safetensors`), before);
    model.dispose();
    await Deno.remove(folder, { recursive: true });
  },
  ["cpu"],
);

testOnBackends("train() with rollback skips the batch with the non-finite loss, as if it were not in the data", async () => {
  const folder = await Deno.makeTempDir();
  const [spoilt, clean] = [pix2pix(SETTINGS), pix2pix(SETTINGS)];
  const options = { epochs: 2, seed: 1, checkpoint: folder, onNan: "rollback" as const };
  const events = await collect(spoilt, noisePairs(3, 1), options);
  const warnings = events.filter((event) => event.type === "warning").map(({ message }) => message);
  assertEquals(warnings.length, 2, "the same image comes in each epoch");
  assert(warnings[0]!.startsWith("at step 2: the discriminator loss is NaN on noise 1"), warnings[0]);
  assert(warnings[0]!.endsWith("returned to step 0; the batch will be skipped"), warnings[0]);
  const steps = events.filter((event) => event.type === "step");
  assertEquals(steps.map(({ step }) => step), [1, 1, 2, 3, 3, 4]);
  assertEquals(steps.map(({ steps }) => steps), [6, 5, 5, 5, 4, 4], "skipped batches do not count");
  const without: PairData = {
    ...noisePairs(2),
    async *batches(options) {
      for await (const batch of noisePairs(3).batches(options)) {
        if (batch.names[0] !== "noise 1") yield batch;
        else tf.dispose([batch.input, batch.target]);
      }
    },
  };
  const wanted = await collect(clean, without, { epochs: 2, seed: 1 });
  assertEquals(weights(spoilt), weights(clean));
  const means = (of: TrainEvent[]) => of.filter((event) => event.type === "epoch").map(({ losses }) => losses);
  assertEquals(means(events), means(wanted));
  for (const model of [spoilt, clean]) model.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["tensorflow", "cpu"]);

testOnBackends("train() with rollback stops after a few rollbacks", async () => {
  const folder = await Deno.makeTempDir();
  const model = pix2pix(SETTINGS);
  const pairs = noisePairs(20);
  const nothing: PairData = {
    ...pairs,
    async *batches(options) {
      for await (const batch of pairs.batches(options)) {
        batch.target.dispose();
        yield { ...batch, target: tf.fill([1, SIZE, SIZE, 3], NaN) as tf.Tensor4D };
      }
    },
  };
  const options = { epochs: 1, checkpoint: folder, onNan: "rollback" as const };
  await assertRejects(() => collect(model, nothing, options), Error, "Training stopped at step 1");
  model.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);

Deno.test("train() refuses a rollback without a checkpoint folder", async () => {
  const model = pix2pix(SETTINGS);
  await assertRejects(() => collect(model, noisePairs(1), { epochs: 1, onNan: "rollback" }), RangeError, "Cannot roll back");
  model.dispose();
});

testOnBackends("train() refuses data with fewer batches than its count", async () => {
  const model = pix2pix(SETTINGS);
  const few: PairData = {
    ...noisePairs(3),
    async *batches(options) {
      for await (const batch of noisePairs(3).batches(options)) {
        if (batch.input.shape[0] === 2) yield batch;
        else tf.dispose([batch.input, batch.target]); // drops the last, smaller one
      }
    },
  };
  const error = await assertRejects(() => collect(model, few, { epochs: 1, batch: 2 }), RangeError, "Cannot train on noise");
  assert(error.message.includes("expected 2 batches per epoch, got 1"), error.message);
  model.dispose();
}, ["cpu"]);

testOnBackends("train() that is refused does not change the model", async () => {
  const folder = await Deno.makeTempDir();
  const model = pix2pix({ ...SETTINGS, norm: "batch" });
  await collect(model, noisePairs(4), { epochs: 1, batch: 2, checkpoint: folder });
  for (const refused of [{ batch: 1, checkpoint: folder }, { batch: 0 }]) {
    await assertRejects(() => collect(model, noisePairs(4), { epochs: 1, ...refused }));
    assertEquals(model.batch, 2);
  }
  model.batch = 0;
  const image = tf.zeros<tf.Rank.R4>([1, SIZE, SIZE, 3]);
  await assertRejects(() => model.translate(image), RangeError, "the batch size must be an integer ≥ 1, got 0");
  image.dispose();
  model.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);

testOnBackends("train() does not save non-finite weights, even if the losses were finite", async () => {
  const folder = await Deno.makeTempDir();
  const model = pix2pix(SETTINGS);
  await collect(model, noisePairs(2), { epochs: 1, checkpoint: folder });
  const before = await Deno.readFile(`${folder}/checkpoint.safetensors`);
  const spoil = async () => {
    for await (const event of model.train(noisePairs(2), { epochs: 2, checkpoint: folder, resume: true })) {
      const [first] = model.networks.generator.trainableWeights;
      const weight = first!.read() as tf.Variable;
      if (event.step === 4) weight.assign(tf.fill(weight.shape, NaN));
    }
  };
  await assertRejects(spoil, Error, "Cannot save step 4: the generator has non-finite weights");
  assertEquals(await Deno.readFile(`${folder}/checkpoint.safetensors`), before);
  model.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);

testOnBackends("train() does not save a step that fails after the discriminator's update, and resumes bit for bit", async () => {
  const folder = await Deno.makeTempDir();
  const [whole, broken, rest] = [pix2pix(SETTINGS), pix2pix(SETTINGS), pix2pix(SETTINGS)];
  const options = { epochs: 2, seed: 1, checkpoint: folder };
  await collect(whole, noisePairs(2), { epochs: 2, seed: 1 });
  const { adam } = Session.prototype;
  Session.prototype.adam = function (name, ...others) {
    const optimizer = adam.call(this, name, ...others);
    const { apply } = optimizer;
    if (name === "generatorAdam") {
      optimizer.apply = (...gradients) => {
        if (optimizer.steps === 3) throw new Error("the fourth update of G fails");
        apply.apply(optimizer, gradients);
      };
    }
    return optimizer;
  };
  try {
    await assertRejects(() => collect(broken, noisePairs(2), options), Error, "the fourth update of G fails");
  } finally {
    Session.prototype.adam = adam;
  }
  assertEquals((await positionIn(folder))?.step, 2);
  await collect(rest, noisePairs(2), { ...options, resume: true });
  assertEquals(weights(rest), weights(whole));
  for (const model of [whole, broken, rest]) model.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);

testOnBackends("train() names the network with non-finite weights, and images of a single flat colour", async () => {
  const model = pix2pix(SETTINGS);
  const pairs = noisePairs(1);
  const flat: PairData = {
    ...pairs,
    async *batches(options) {
      for await (const batch of pairs.batches(options)) {
        tf.dispose([batch.input, batch.target]);
        const [input, target] = [0.5, NaN].map((value) => tf.fill([1, SIZE, SIZE, 3], value) as tf.Tensor4D);
        yield { input: input!, target: target!, names: ["grey.png"] };
      }
    },
  };
  const error = await assertRejects(() => collect(model, flat, { epochs: 1 }), Error, "Training stopped at step 1");
  assert(error.message.includes("and the generator has non-finite weights"), error.message);
  assert(error.message.endsWith("leave out grey.png, which is a single flat colour"), error.message);
  model.dispose();
}, ["cpu"]);

testOnBackends("train() refuses images of the wrong size, and invalid numbers of epochs and images", async () => {
  const model = pix2pix({ ...SETTINGS, size: 32, depth: 3 });
  await assertRejects(
    () => collect(model, noisePairs(1), { epochs: 1 }),
    RangeError,
    "Cannot train on noise: the model expects height 32, width 32",
  );
  const fitting = pix2pix(SETTINGS);
  await assertRejects(
    () => collect(fitting, noisePairs(1), { epochs: 0 }),
    RangeError,
    "epochs must be an integer ≥ 1, got 0",
  );
  await assertRejects(() => collect(fitting, noisePairs(1), { epochs: 1, batch: 1.5 }), RangeError, "batch must be");
  for (const used of [model, fitting]) used.dispose();
}, ["cpu"]);

testOnBackends("train() leaks no tensors", async () => {
  const model = pix2pix(SETTINGS);
  await collect(model, noisePairs(2), { epochs: 1 });
  const before = tf.memory().numTensors;
  await collect(model, noisePairs(2), { epochs: 1 });
  assertEquals(tf.memory().numTensors, before);
  model.dispose();
});

testOnBackends("train() of two models at once gives the same results as training each alone", async () => {
  const weightsAfter = async (together: boolean) => {
    const models = [pix2pix(SETTINGS), pix2pix({ ...SETTINGS, seed: 6 })];
    const runs = models.map((model, seed) => () => collect(model, noisePairs(4), { epochs: 2, seed }));
    if (together) await Promise.all(runs.map((run) => run()));
    else for (const run of runs) await run();
    const ends = models.map(weights);
    for (const model of models) model.dispose();
    return ends;
  };
  assertEquals(await weightsAfter(true), await weightsAfter(false));
});
