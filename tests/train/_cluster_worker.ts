/** A worker of a cluster in which something goes wrong, or which is stopped. Usage: FOLDER FAULT. Messages of errors are printed,
 * one on each line.
 *
 * - `different`: worker 1 has other settings, data, or another version of TensorFlow, all have a batch that they cannot divide,
 *   and finally worker 1 changes a weight before the second checkpoint. The program ends without Deno.exit.
 * - `stops`: the workers are stopped in turn, at different moments; the number of steps of each run is printed.
 * - `lost`: worker 1 asks all to stop after a step, and is killed before they compare their weights.
 * - `uncaught`: worker 1 throws an error that nothing catches, and that looks like one of another worker.
 * - `absent`: worker 0 is stopped before worker 1 has begun, while its process lives.
 * @module */
import { data, gan, type tf, useBackend } from "../../mod.ts";
import { requireTensorflow } from "../../lib/backend/tensorflow/active.ts";
import { activeCluster } from "../../lib/backend/tensorflow/active_cluster.ts";
import type { Gan } from "../../lib/systems/gan.ts";
import { Workers } from "../../lib/train/together.ts";

const [folder, fault] = Deno.args as [string, string];
await useBackend("tensorflow", { quiet: true, cluster: true });
const { tensors } = requireTensorflow();
const cluster = activeCluster()!;
const isSecond = cluster.index === 1;
const library = tensors.context.library as { version: string };
const { version } = library;
const count = cluster.workers.length;
const dataOf = (seed: number) => data.digits({ count: 4 * count, seed });
const digits = dataOf(1);
const OPTIONS = { epochs: 2, batch: count, samples: 0, resume: true, checkpoint: folder }; // 4 steps an epoch

/** Trains, and prints the message of an error.
 * @returns The number of steps. */
async function train(
  options: Partial<typeof OPTIONS & { signal: AbortSignal; learningRate: number }> = {},
  atStep: (step: number, model: Gan) => void = () => {},
  set = digits,
): Promise<number> {
  const model = gan({ shape: [28, 28, 1], networks: "mlp", hidden: [4], discriminatorHidden: [4] });
  let steps = 0;
  try {
    for await (const event of model.train(set, { ...OPTIONS, ...options })) {
      if (event.type === "step") atStep(++steps, model);
    }
  } catch (error) {
    if (fault === "uncaught") throw error;
    console.log((error as Error).message);
  } finally {
    model.dispose();
  }
  return steps;
}

/** Trains until a worker stops, after a number of its steps.
 * @param moment 0 for before the run. */
async function stopAt(index: number, moment: number): Promise<void> {
  const controller = new AbortController();
  const stop = () => cluster.index === index && controller.abort();
  if (moment === 0) stop();
  console.log(await train({ signal: controller.signal }, (step) => step === moment && stop()));
}

const faults: Record<string, () => Promise<void>> = {
  async different() {
    if (isSecond) library.version = "0.0";
    await train();
    library.version = version;
    await train({ learningRate: isSecond ? 1e-3 : 2e-4 });
    await train({}, undefined, dataOf(isSecond ? 2 : 1));
    await train({ batch: 3 });
    await train({ batch: 2 * count }, (step, { networks }) => {
      const weight = networks.generator.trainableWeights[0]!.read() as tf.Variable;
      if (isSecond && step === 4) weight.assign(weight.add(1e-7));
    });
  },
  async stops() {
    cluster.settle(); // all have started
    for (const [index, moment] of [[2, 0], [0, 1], [2, 2], [1, 3]] as const) await stopAt(index, moment);
    Deno.exit(0);
  },
  async lost() {
    const controller = new AbortController();
    if (isSecond) Workers.prototype.compareState = () => Promise.resolve(Deno.kill(Deno.pid, "SIGKILL"));
    await train({ signal: controller.signal }, () => isSecond && controller.abort());
    Deno.exit(0);
  },
  async uncaught() {
    const batches: typeof digits.batches = (options) => {
      if (!isSecond || options?.epoch !== 1) return digits.batches(options);
      throw new Error("OOM on /job:worker/replica:0/task:1/device:CPU:0: service unavailable");
    };
    await train({}, undefined, { ...digits, batches });
  },
  async absent() {
    console.log(await train({ signal: isSecond ? new AbortController().signal : AbortSignal.abort() }));
    if (!isSecond) await new Promise((resolve) => setTimeout(resolve, 600_000));
    Deno.exit(0);
  },
};
await faults[fault]!();
