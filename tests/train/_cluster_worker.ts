/** A worker of a cluster in which something goes wrong. Usage: FOLDER FAULT.
 *
 * - `different`: worker 1 first claims another version of TensorFlow, and then changes a weight before the second checkpoint. The
 *   errors are printed, one on each line. The program then ends without Deno.exit.
 * - `uncaught`: worker 1 throws an error that nothing catches.
 * @module */
import { data, pix2pix, type tf, useBackend } from "../../mod.ts";
import { requireTensorflow } from "../../lib/backend/tensorflow/active.ts";
import { activeCluster } from "../../lib/backend/tensorflow/active_cluster.ts";

const [checkpoint, fault] = Deno.args as [string, string];
await useBackend("tensorflow", { quiet: true, cluster: true });
const { tensors } = requireTensorflow();
const cluster = activeCluster();
const isSecond = cluster!.index === 1;
const library = tensors.context.library as { version: string };
const { version } = library;
const pairs = data.toytown({ count: 4, size: 32 });

async function train(atStep: (step: number, model: ReturnType<typeof pix2pix>) => void): Promise<void> {
  const model = pix2pix({ size: 32, filters: 2 });
  for await (const event of model.train(pairs, { epochs: 2, batch: 2, checkpoint })) {
    if (event.type === "step") atStep(event.step, model);
  }
}

const print = (error: Error) => console.log(error.message);

if (fault === "uncaught") {
  await train((step) => {
    if (isSecond && step === 2) throw new Error("a fault of worker 1");
  });
}
if (isSecond) library.version = "0.0";
await train(() => {}).catch(print);
library.version = version;
await train((step, { networks }) => {
  const weight = networks.generator.trainableWeights[0]!.read() as tf.Variable;
  if (isSecond && step === 4) weight.assign(weight.add(1e-7));
}).catch(print);
