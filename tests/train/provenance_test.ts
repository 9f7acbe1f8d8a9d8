import { assert, assertEquals, assertMatch, assertNotEquals, assertStringIncludes } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { gaussianRing, pointsOf } from "../../data/worlds/points.ts";
import { digits } from "../../data/worlds/digits/mod.ts";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import type { TrainEvent } from "../../lib/events.ts";
import { classifier } from "../../lib/systems/classifier.ts";
import { gan } from "../../lib/systems/gan.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { fingerprintOf } from "../../lib/train/provenance.ts";
import { testOnBackends } from "../_backends.ts";

const SETTINGS = { size: 16, filters: 2, layers: 1, depth: 3 };
const pairs = (seed: number) => toytown({ size: 16, count: 3, seed });

testOnBackends("fingerprintOf() depends on the images, not on the backend, and leaks no tensors", async () => {
  const before = tf.memory().numTensors;
  const here = await fingerprintOf(pairs(1));
  assertEquals(tf.memory().numTensors, before);
  assertMatch(here, /^[0-9a-f]{64}$/);
  await useBackend("cpu", { quiet: true });
  assertEquals(here, await fingerprintOf(pairs(1)));
  assertNotEquals(here, await fingerprintOf(pairs(2)));
});

Deno.test("fingerprintOf() depends on each pixel, label and name", async () => {
  await useBackend("cpu", { quiet: true });
  const image = (value: number) => tf.fill([1, 2, 2, 1], value / 127.5 - 1);
  const data = (value: number, label: number, name: string) => ({
    ...{ name: "three", count: 3 },
    *batches() {
      for (const i of [0, 1, 2]) {
        yield { images: image(i === 2 ? value : 7), labels: tf.tensor1d([label], "int32"), names: [name] };
      }
    },
  });
  const of = (value: number, label: number, name: string) => {
    const { batches, ...rest } = data(value, label, name);
    return fingerprintOf({
      ...rest,
      batches: () =>
        (async function* () {
          yield* batches();
        })(),
    });
  };
  const all = await Promise.all([of(8, 1, "a"), of(9, 1, "a"), of(8, 2, "a"), of(8, 1, "b")]);
  assertEquals(new Set(all).size, 4);
  assertEquals(await of(8, 1, "a"), all[0]);
});

testOnBackends("save() writes what the model was trained on, also after loadModel()", async () => {
  const folder = await Deno.makeTempDir();
  const model = pix2pix(SETTINGS);
  const described = async (name: string) => JSON.parse(await Deno.readTextFile(join(folder, name, "forger.json"))).training;
  await model.save(join(folder, "fresh"));
  assertEquals(await described("fresh"), undefined);
  for await (const event of model.train(pairs(1), { epochs: 2 })) if (event.step === 4) break;
  await model.save(join(folder, "trained"));
  const [data, fingerprint] = [pairs(1).name, await fingerprintOf(pairs(1))];
  const training = { data, count: 3, fingerprint, direction: "BtoA", steps: 4 };
  assertEquals(await described("trained"), training);
  const loaded = await loadModel(join(folder, "trained"));
  await loaded.save(join(folder, "again"));
  assertEquals(await described("again"), training);
  for (const used of [model, loaded]) used.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);

testOnBackends(
  "train() warns when it resumes with different images of the same name, and only then",
  async () => {
    const checkpoint = await Deno.makeTempDir();
    const resumed = async (seed: number, epochs: number) => {
      const model = pix2pix(SETTINGS);
      const warnings: string[] = [];
      const data = { ...pairs(seed), name: "mine" };
      for await (const event of model.train(data, { epochs, checkpoint, resume: true })) {
        if (event.type === "warning") warnings.push(event.message);
      }
      model.dispose();
      return warnings;
    };
    assertEquals(await resumed(1, 1), []);
    assertEquals(await resumed(1, 2), []);
    const [warning, ...more] = await resumed(2, 3);
    assertStringIncludes(warning!, "mine has changed since this training run began");
    assertEquals(more, []);
    await Deno.remove(checkpoint, { recursive: true });
  },
  ["cpu"],
);

testOnBackends("save() writes the names of the classes", async () => {
  const folder = await Deno.makeTempDir();
  const data = digits({ count: 4, seed: 1 });
  const model = classifier({ size: data.height, classes: data.classes, filters: 2 });
  for await (const event of model.train({ ...data, classNames: [..."0123456789"] }, { epochs: 1 })) assert(event.step <= 4);
  await model.save(folder);
  const { training } = JSON.parse(await Deno.readTextFile(join(folder, "forger.json")));
  assertEquals(training.classNames, [..."0123456789"]);
  model.dispose();
  await Deno.remove(folder, { recursive: true });
}, ["cpu"]);

/** The warnings of a training run. */
async function warningsOf(events: AsyncIterable<TrainEvent>): Promise<string[]> {
  const warnings: string[] = [];
  for await (const event of events) if (event.type === "warning") warnings.push(event.message);
  return warnings;
}

testOnBackends("train() warns once about images with values outside [-1, 1]", async () => {
  const changed = (change: (x: tf.Tensor4D) => tf.Tensor4D) => ({
    ...{ ...pairs(1), name: "mine" },
    async *batches() {
      for await (const { input, target, names } of pairs(1).batches({ augment: false })) {
        yield { input: tf.tidy(() => change(input)), target, names };
        input.dispose();
      }
    },
  });
  const cases: [change: (x: tf.Tensor4D) => tf.Tensor4D, wanted: string[]][] = [
    [(x) => tf.round(x.add(1).mul(127.5)), [
      "mine: expected images with values in [-1, 1], got input from 0 to 255; convert bytes with x / 127.5 - 1",
    ]],
    [(x) => tf.fill(x.shape, -1.5), [
      "mine: expected images with values in [-1, 1], got input from -1.5 to -1.5; convert bytes with x / 127.5 - 1",
    ]],
    [(x) => x.mul(1.0005), []], // rounding
    [(x) => tf.clone(x), []],
  ];
  for (const [change, wanted] of cases) {
    const model = pix2pix(SETTINGS);
    assertEquals(await warningsOf(model.train(changed(change), { epochs: 1 })), wanted);
    model.dispose();
  }
}, ["cpu"]);

testOnBackends("train() on points does not check their range", async () => {
  const model = gan({ shape: [2], hidden: [2], discriminatorHidden: [2] });
  const points = pointsOf(gaussianRing({ radius: 20 }), { count: 20 });
  assertEquals(await warningsOf(model.train(points, { epochs: 1, batch: 10 })), []);
  model.dispose();
}, ["cpu"]);
