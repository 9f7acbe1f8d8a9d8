import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import type { PairData } from "../../lib/data/datasets.ts";
import { gaussianMixture, gaussianRing, pointsOf } from "../../data/worlds/points.ts";
import type { TrainEvent } from "../../lib/events.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { classifier } from "../../lib/systems/classifier.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { conditionalGan } from "../../lib/systems/conditional_gan.ts";
import { gan } from "../../lib/systems/gan.ts";
import { type Pix2Pix, pix2pix } from "../../lib/systems/pix2pix.ts";
import { loadModel, registerSystem } from "../../lib/systems/registry.ts";
import { stackGan } from "../../lib/systems/stackgan.ts";
import * as tf from "../../lib/tf.ts";
import { checkpointFile, hasState, positionIn } from "../../lib/train/state.ts";
import { testOnBackends } from "../_backends.ts";
import { withFolder } from "../cli/_task.ts";
import { Line, LINE_SYSTEM } from "./_line.ts";

const SETTINGS = { size: 16, filters: 2, layers: 1, depth: 3 };
const ALREADY = "Cannot train: the model is already being trained";
const points = (count = 4) => pointsOf(gaussianRing(), { count });

function training(model: Pix2Pix, options: { epochs: number; checkpoint?: string }): AsyncGenerator<TrainEvent> {
  return model.train(toytown({ size: 16, count: 2 }), options);
}

/** The weights of networks, as arrays of numbers. */
function weightsOf(networks: Record<string, tf.LayersModel>): number[][] {
  return Object.values(networks).flatMap((network) => network.getWeights().map((weight) => [...weight.dataSync()]));
}

registerSystem(LINE_SYSTEM);

/** Loads a model of the tests. */
const loadLine = (folder: string) => loadModel(folder) as unknown as Promise<Line>;

/** Rewrites the description in a model folder. */
async function describe(
  folder: string,
  change: (description: Record<string, unknown>) => Record<string, unknown>,
): Promise<void> {
  const path = `${folder}/forger.json`;
  await Deno.writeTextFile(path, JSON.stringify(change(JSON.parse(await Deno.readTextFile(path)))));
}

testOnBackends("train() refuses data of the wrong shape, and states the expected and actual values that differ", async () => {
  const line = gaussianMixture("line", [{ mean: [1], deviation: 1 }]);
  const model = new Line();
  await assertRejects(
    () => Array.fromAsync(model.train(pointsOf(line, { count: 2 }), { epochs: 1 })),
    RangeError,
    "Cannot train on line: the model expects dimensions 2, the data has dimensions 1; ",
  );
  const translating = pix2pix(SETTINGS);
  const data: PairData = { ...toytown({ size: 32, count: 1 }), targetChannels: 1 };
  await assertRejects(
    () => Array.fromAsync(translating.train(data, { epochs: 1 })),
    RangeError,
    "the model expects height 16, width 16, target channels 3, the data has height 32, width 32, target channels 1;",
  );
  await Array.fromAsync(model.train(points(), { epochs: 1 }));
  for (const used of [model, translating]) used.dispose();
}, ["cpu"]);

testOnBackends(
  "train() refuses a model that is being trained, and accepts it once that training run has ended or was left",
  async () => {
    const [model, other] = [pix2pix(SETTINGS), pix2pix(SETTINGS)];
    const first = training(model, { epochs: 1 });
    await first.next();
    await assertRejects(() => training(model, { epochs: 1 }).next(), Error, ALREADY);
    await assertRejects(() => training(model, { epochs: 1 }).next(), Error, ALREADY, "a refusal does not end the first run");
    assertEquals((await Array.fromAsync(training(other, { epochs: 1 }))).length, 3, "another model can be trained meanwhile");
    assertEquals((await Array.fromAsync(first)).length, 2, "the first run continues");
    for await (const _ of training(model, { epochs: 1 })) break;
    await Array.fromAsync(training(model, { epochs: 1 }));
    for (const used of [model, other]) used.dispose();
  },
  ["cpu"],
);

testOnBackends(
  "train() refuses the second of two runs that begin simultaneously, and accepts a model after its folder was refused",
  async () => {
    await withFolder(async (folder) => {
      const [model, other] = [pix2pix(SETTINGS), pix2pix(SETTINGS)];
      const holder = training(other, { epochs: 1, checkpoint: folder });
      await holder.next();
      await assertRejects(
        () => training(model, { epochs: 1, checkpoint: folder }).next(),
        Error,
        "another training run is using it",
      );
      const [first, second] = [training(model, { epochs: 1 }), training(model, { epochs: 1 })];
      const results = await Promise.allSettled([first.next(), second.next()]);
      assertEquals(results.map(({ status }) => status), ["fulfilled", "rejected"]);
      await first.return(undefined);
      await holder.return(undefined);
      for (const used of [model, other]) used.dispose();
    });
  },
  ["cpu"],
);

testOnBackends("train() accepts a model again after a step threw", async () => {
  const model = new Line();
  model.duringStep = () => {
    throw new Error("no memory");
  };
  await assertRejects(() => Array.fromAsync(model.train(points(), { epochs: 1 })), Error, "no memory");
  model.duringStep = () => {};
  await Array.fromAsync(model.train(points(), { epochs: 1 }));
  model.dispose();
}, ["cpu"]);

testOnBackends("train() saves nothing of a step that throws after an update", async () => {
  await withFolder(async (folder) => {
    const [first, model, resumed, whole] = [new Line(), new Line(), new Line(), new Line()];
    const options = { epochs: 2, checkpoint: folder, seed: 1 };
    first.duringStep = () => {
      throw new Error("in the first step");
    };
    await assertRejects(() => Array.fromAsync(first.train(points(), options)), Error, "in the first step");
    assertEquals(await hasState(folder), false, "no step was completed");
    assertEquals([...Deno.readDirSync(folder)], [], "and the lock is gone");
    let steps = 0;
    model.duringStep = () => {
      if (++steps === 6) throw new Error("in step 6");
    };
    await assertRejects(() => Array.fromAsync(model.train(points(), options)), Error, "in step 6");
    assertEquals(await positionIn(folder).then((position) => [position?.epoch, position?.step]), [1, 4], "the end of epoch 1");
    const { checkpoint: _, ...without } = options;
    await Array.fromAsync(whole.train(points(), without));
    await Array.fromAsync(resumed.train(points(), { ...options, resume: true }));
    assertEquals(weightsOf(resumed.networks), weightsOf(whole.networks));
    for (const used of [first, model, resumed, whole]) used.dispose();
  });
}, ["cpu"]);

testOnBackends("dispose() frees everything at the first call, and does nothing at the second", () => {
  const small = { size: 32, filters: 1 };
  const builders: (() => { dispose(): void })[] = [
    () => pix2pix(small),
    () => cycleGan({ ...small, blocks: 1 }),
    () => bicycleGan(small),
    () => gan({ shape: [2], hidden: [2], discriminatorHidden: [2], averageDecay: 0.5 }),
    () => conditionalGan({ shape: [8, 8, 1], networks: "dcgan", filters: 1, classes: 2 }),
    () => stackGan({ ...small, conditionSize: 2 }),
    () => classifier({ ...small, classes: 2 }),
    () => new Line(),
  ];
  for (const build of builders) {
    const before = tf.memory().numTensors;
    const model = build();
    model.dispose();
    assertEquals(tf.memory().numTensors, before);
    model.dispose();
    assertEquals(tf.memory().numTensors, before);
  }
}, ["cpu"]);

testOnBackends("save() and loadModel() keep settings, weights, provenance and batch", async () => {
  await withFolder(async (folder) => {
    const model = new Line({ seed: 3 });
    await Array.fromAsync(model.train(points(), { epochs: 1, batch: 3 }));
    await model.save(folder);
    const loaded = await loadLine(folder);
    assertEquals([loaded.kind, loaded.settings, loaded.batch], ["line", { dimensions: 2, seed: 3 }, 3]);
    assertEquals(loaded.provenance, model.provenance);
    assertEquals(weightsOf(loaded.networks), weightsOf(model.networks));
    const other = new Line({ seed: 4 });
    assertNotEquals(weightsOf(other.networks), weightsOf(model.networks));
    await other.load(folder);
    assertEquals([other.batch, weightsOf(other.networks)], [3, weightsOf(model.networks)]);
    for (const used of [model, loaded, other]) used.dispose();
  });
}, ["cpu"]);

testOnBackends("loadModel() ignores settings that the system does not have, and uses defaults for missing settings", async () => {
  await withFolder(async (folder) => {
    const model = new Line();
    model.batch = 4;
    await model.save(folder);
    await describe(folder, (description) => ({ ...description, settings: { dimensions: 2, later: 7, constructor: 1 } }));
    const loaded = await loadLine(folder);
    assertEquals([loaded.settings, loaded.batch], [{ dimensions: 2, seed: 0 }, 1]);
    assertEquals(weightsOf(loaded.networks), weightsOf(model.networks));
    for (const used of [model, loaded]) used.dispose();
  });
}, ["cpu"]);

testOnBackends("loadModel() refuses an unknown kind, an unexpected kind, and invalid settings", async () => {
  await withFolder(async (folder) => {
    const model = new Line();
    await model.save(folder);
    model.dispose();
    const before = tf.memory().numTensors;
    await assertRejects(() => loadModel(folder, "pix2pix"), RangeError, `kind pix2pix, got line in ${folder}`);
    await describe(folder, (description) => ({ ...description, settings: { dimensions: -1 } }));
    await assertRejects(() => loadModel(folder), RangeError, "dimensions must be an integer ≥ 1, got -1");
    await describe(folder, (description) => ({ ...description, settings: { dimensions: 3 } }));
    await assertRejects(() => loadModel(folder), RangeError, "does not fit the layer");
    await describe(folder, (description) => ({ ...description, kind: "stargan" }));
    await assertRejects(() => loadModel(folder), RangeError, `${folder} holds a model of kind stargan, `);
    assertEquals(tf.memory().numTensors, before, "a refused model is freed");
  });
}, ["cpu"]);

testOnBackends("train() writes its checkpoint under the names of networks, optimizers and other parts", async () => {
  await withFolder(async (folder) => {
    const model = new Line();
    await Array.fromAsync(model.train(points(), { epochs: 1, checkpoint: folder }));
    const bytes = await Deno.readFile(checkpointFile(folder));
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const { __metadata__, ...arrays } = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    assertEquals(new Set(Object.keys(arrays).map((name) => name.split("/")[0])), new Set(["layer", "adam"]));
    const note = JSON.parse(__metadata__.forger);
    assertEquals([note.position.step, note.steps, note.settings.dimensions, note.settings.count], [4, { adam: 4 }, 2, 4]);
    model.dispose();
  });
}, ["cpu"]);
