import { assert, assertEquals, assertMatch, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { dirname, join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { gaussianRing, pointsOf } from "../../data/worlds/points.ts";
import { digits } from "../../data/worlds/digits/mod.ts";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import type { TrainEvent } from "../../lib/events.ts";
import { classifier } from "../../lib/systems/classifier.ts";
import { gan } from "../../lib/systems/gan.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import type { PairData } from "../../lib/data/datasets.ts";
import type { PairTrainOptions } from "../../lib/train/options.ts";
import { fingerprintOf } from "../../lib/train/provenance.ts";
import { decodeTensorFile, encodeTensorFile } from "../../lib/train/safetensors.ts";
import { checkpointFile } from "../../lib/train/state.ts";
import { withFolder } from "../cli/_task.ts";
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

/** Resumes a small training run on the data.
 * @returns the warnings and the steps. */
async function resumed(data: PairData, epochs: number, checkpoint: string, more: Partial<PairTrainOptions> = {}) {
  const model = pix2pix(SETTINGS);
  const [warnings, steps]: [string[], string[]] = [[], []];
  try {
    for await (const event of model.train(data, { epochs, checkpoint, resume: true, ...more })) {
      if (event.type === "warning") warnings.push(event.message);
      if (event.type === "step") steps.push(`${event.step} of ${event.steps}`);
    }
  } finally {
    model.dispose();
  }
  return { warnings, steps };
}

testOnBackends(
  "train() resumes with the same images under any name, and refuses others unless they are accepted",
  () =>
    withFolder(async (folder) => {
      const mine = (seed: number, count = 3, name = "mine") => ({ ...toytown({ size: 16, count, seed }), name });
      assertEquals((await resumed(mine(1), 1, folder)).warnings, []);
      assertEquals((await resumed(mine(1, 3, "renamed"), 2, folder)).warnings, []);
      const before = await Deno.readFile(checkpointFile(folder));
      for (
        const [data, what] of [[mine(2), "not the same"], [mine(1, 5), "3 elements, and now has 5"], [
          mine(1, 2),
          "now has 2",
        ]] as const
      ) {
        const { message } = await assertRejects(() => resumed(data, 3, folder), RangeError, what);
        for (const words of ["mine has changed", "--accept-data"]) assertStringIncludes(message, words);
      }
      assertEquals(await Deno.readFile(checkpointFile(folder)), before);
      const { warnings, steps } = await resumed(mine(1, 5), 3, folder, { acceptData: true });
      assertEquals(warnings.length, 1);
      assertStringIncludes(warnings[0]!, "3 elements, and now has 5");
      assertEquals(steps, [7, 8, 9, 10, 11].map((step) => `${step} of 11`));
      assertEquals((await resumed(mine(1, 5), 4, folder)).warnings, [], "once accepted, it is the data of the run");
    }),
  ["cpu"],
);

testOnBackends("train() that resumes within an epoch of data that has shrunk ends the epoch", () =>
  withFolder(async (folder) => {
    const of = (count: number) => toytown({ size: 16, count, seed: 1 });
    const model = pix2pix(SETTINGS);
    for await (const event of model.train(of(5), { epochs: 2, checkpoint: folder })) if (event.step === 4) break;
    model.dispose();
    const { steps } = await resumed(of(2), 2, folder, { acceptData: true });
    assertEquals(steps, ["5 of 6", "6 of 6"]);
  }), ["cpu"]);

testOnBackends("train() recognizes files by their contents and folders, not by their names", () =>
  withFolder(async (folder) => {
    const checkpoint = join(folder, "run");
    const write = async (names: string[], from: string[]) => {
      const place = await Deno.makeTempDir({ dir: folder });
      for (const [i, name] of names.entries()) {
        await Deno.mkdir(dirname(join(place, name)), { recursive: true });
        await Deno.writeTextFile(join(place, name), from[i]!);
      }
      return { ...pairs(1), files: names.map((name) => join(place, name)) };
    };
    const big = "x".repeat(300_000);
    const run = async (names: string[], from: string[]) => await resumed(await write(names, from), 1, checkpoint);
    await run(["1", "2", "3"], ["a", "b", big]);
    assertEquals((await run(["4", "5", "6"], ["a", "b", big])).warnings, []);
    assertEquals((await run(["class/4", "class/5", "class/6"], ["a", "b", big])).warnings, []);
    const changed: [names: string[], from: string[]][] = [
      [["1", "2", "3"], ["a", "c", big]],
      [["1", "2", "3"], ["b", "a", big]],
      [["1", "2", "3"], ["a", "b", `${big}x`]],
      [["one/1", "two/2", "two/3"], ["a", "b", big]],
    ];
    for (const [names, from] of changed) await assertRejects(() => run(names, from), RangeError, "not the same");
  }), ["cpu"]);

testOnBackends(
  "train() compares the data of earlier checkpoints by name and count, and warns about other images",
  () =>
    withFolder(async (folder) => {
      const mine = (seed: number, count = 3, name = "mine") => ({ ...toytown({ size: 16, count, seed }), name });
      const early = async () => { // without the hash
        await resumed(mine(1), 1, folder);
        const path = checkpointFile(folder);
        const { arrays, texts } = decodeTensorFile(await Deno.readFile(path), path);
        const note = JSON.parse(texts.forger!);
        delete note.position.data;
        await Deno.writeFile(path, concat(encodeTensorFile({ arrays, texts: { forger: JSON.stringify(note) } })));
      };
      await early();
      await assertRejects(() => resumed(mine(1, 3, "other"), 2, folder), RangeError, '"mine", got "other"');
      await assertRejects(() => resumed(mine(1, 4), 2, folder), RangeError, "--accept-data");
      assertStringIncludes((await resumed(mine(2), 2, folder)).warnings[0]!, "mine has changed since this training run began");
      await Deno.remove(checkpointFile(folder));
      await early();
      assertEquals((await resumed(mine(1, 3, "other"), 2, folder, { acceptData: true })).warnings, []);
      await Deno.remove(checkpointFile(folder));
      await early();
      assertStringIncludes(
        (await resumed(mine(1, 4), 2, folder, { acceptData: true })).warnings[0]!,
        "3 elements, and now has 4",
      );
    }),
  ["cpu"],
);

function concat(pieces: Uint8Array<ArrayBuffer>[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) all.set(piece, at), at += piece.length;
  return all;
}

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
