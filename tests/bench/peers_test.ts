/** Peers compute what Forger computes. The tests are skipped unless FORGER_TORCH_PYTHON names a Python that has PyTorch. */
import { assert } from "@std/assert";
import { join } from "node:path";
import { RandomStream } from "../../lib/backend/random.ts";
import { run } from "../../lib/cli/process.ts";
import { seedSequence } from "../../lib/models/blocks.ts";
import { tf, useBackend } from "../../mod.ts";
import { withFolder } from "../cli/_task.ts";
import { traineeOf } from "./data.ts";
import { type SystemName, SYSTEMS } from "./rows.ts";
import { interpreters } from "./systems.ts";

const { torch } = interpreters({});
const STEPS = 3;
const BATCH = 2;
/** Largest relative difference: rounding errors in float32 grow from step to step. */
const TOLERANCE = 1e-4;

/** Random numbers that a step draws: their distribution and their number for each image. */
const DRAWS: Record<SystemName, ["uniform" | "normal", number][]> = {
  "pix2pix": [],
  "cyclegan": [],
  "conditional-gan": [["uniform", 100], ["uniform", 100]],
  "bicyclegan": [["normal", 8], ["normal", 8]],
  "stackgan": [...Array(2)].flatMap(() => [["normal", 128], ["normal", 100], ["normal", 128]] as ["normal", number][]),
};

const valuesOf = (tensor: tf.Tensor) => ({ shape: tensor.shape, values: [...tensor.dataSync()] });

/** Trains a model for a few steps, and returns its initial weights, all that went into the steps, and the losses. */
async function record(system: SystemName) {
  const configuration = { size: system === "conditional-gan" ? 28 : 32, filters: 4, batch: BATCH };
  const { model, data, options } = traineeOf(system, configuration, STEPS, { dropout: 0 });
  const networks = Object.entries(model.networks).map(([name, { layers }]) => {
    const trained = layers.filter(({ weights }) => weights.length > 0);
    return [
      name,
      trained.map((layer) => ({ kind: layer.getClassName(), name: layer.name, weights: layer.getWeights().map(valuesOf) })),
    ];
  });
  const { value: batch } = await data.batches()[Symbol.asyncIterator]().next();
  const images = Object.values(batch).filter((value) => value instanceof tf.Tensor && value.rank === 4);
  const random = new RandomStream(seedSequence(0)());
  const draws = Array.from({ length: STEPS }, () => DRAWS[system]).flat();
  const noise = draws.map(([kind, length]) => valuesOf(random[kind]([BATCH, length])));
  const losses = [];
  for await (const event of model.train(data, { epochs: 1, batch: BATCH, augment: false, ...options })) {
    if (event.type === "step") losses.push(event.losses);
  }
  model.dispose();
  data.dispose();
  return {
    ...{ system, configuration, networks: Object.fromEntries(networks) },
    ...{ images: (images as tf.Tensor[]).map(valuesOf), noise, losses },
  };
}

for (const system of SYSTEMS) {
  Deno.test({
    name: `the losses of ${system} in PyTorch are those in Forger`,
    ignore: torch === undefined,
    fn: () =>
      withFolder(async (folder) => {
        await useBackend("wasm", { quiet: true });
        const file = join(folder, "steps.json");
        await Deno.writeTextFile(file, JSON.stringify(await record(system)));
        const ended = await run(torch!, [join(import.meta.dirname!, "peers", "agree.py"), file]);
        assert(ended?.success && Number(ended.lines.at(-1)) < TOLERANCE, ended?.lines.join("\n"));
      }),
  });
}
