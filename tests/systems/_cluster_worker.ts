/** A process that trains a small model of each given kind for 12 steps, alone or as a worker of a cluster, and writes the
 * weights before and after to a folder. Usage: FOLDER NAME KIND... SGD shows differences of rounding as they are; Adam would
 * enlarge them.
 * @module */
import { join } from "node:path";
import {
  bicycleGan,
  classifier,
  conditionalGan,
  cycleGan,
  data,
  gan,
  pix2pix,
  stackGan,
  type tf,
  useBackend,
} from "../../mod.ts";
import { variablesOf } from "../../lib/optimizers/optimizer.ts";
import { Sgd } from "../../lib/optimizers/sgd.ts";
import type { SomeModel } from "../../lib/systems/registry.ts";
import { Session } from "../../lib/train/model.ts";

const [folder, name, ...kinds] = Deno.args as [string, string, ...string[]];
const [EPOCHS, BATCH, COUNT] = [4, 6, 18];
/** Learning rates. A CycleGAN with instance norm amplifies rounding: one process differs as much if its batches are reversed. */
const rateOf = (kind: string) => kind === "cyclegan" ? 1e-5 : 2e-4;
let rate = 0;

Session.prototype.adam = function (name: string, networks: string[]) {
  const variables = variablesOf(...networks.map((network) => this.trained.networks[network]!));
  return this.trained.optimizers[name] = new Sgd({ learningRate: rate }, variables);
};

await useBackend("tensorflow", { quiet: true, cluster: true });

const [size, filters, norm] = [32, 4, "instance"] as const;
const pairs = data.toytown({ count: COUNT, size });
const digits = data.digits({ count: COUNT });
const twice = data.digits({ count: 2 * COUNT - BATCH * 2 }); // for two steps of D, which halve each batch
const mlp = { shape: [28, 28, 1], networks: "mlp", hidden: [16, 16], discriminatorHidden: [16, 16], averageDecay: 0.9 };
const captions = data.houses({ count: COUNT, size });

/** Models without batch norm, in which the images of a batch do not depend on each other; the last two have batch norm. */
const RUNS: Record<string, () => [SomeModel, unknown]> = {
  gan: () => [gan({ ...mlp, discriminatorSteps: 2, clipNorm: 0.1 } as object), twice],
  wasserstein: () => [gan({ ...mlp, loss: "wasserstein", discriminatorSteps: 2 } as object), twice],
  "conditional-gan": () => [conditionalGan({ ...mlp, labelUnits: 8, discriminatorLabelUnits: 8 } as object), digits],
  pix2pix: () => [pix2pix({ size, filters, norm, dropout: 0.5 }), pairs],
  cyclegan: () => [cycleGan({ size, filters, norm, blocks: 1, pool: 4 }), data.toytownUnpaired({ count: COUNT, size })],
  bicyclegan: () => [bicycleGan({ size, filters, norm }), pairs],
  classifier: () => [classifier({ size: 28, filters, features: 8 }), digits],
  stackgan: () => [stackGan({ size, filters, conditionSize: captions.conditionSize }), captions],
};

function weightsOf(networks: Record<string, tf.LayersModel>): Float32Array {
  const values = Object.values(networks).flatMap((network) => variablesOf(network).map((variable) => variable.dataSync()));
  return Float32Array.from(values.flatMap((array) => [...array]));
}

for (const kind of kinds) {
  const [model, set] = RUNS[kind]!();
  rate = rateOf(kind);
  const write = (when: string) =>
    Deno.writeFile(join(folder, `${kind}-${when}-${name}`), new Uint8Array(weightsOf(model.networks).buffer as ArrayBuffer));
  await write("before");
  for await (const _ of model.train(set as never, { epochs: EPOCHS, batch: BATCH, seed: 2 })); // to the end
  await write("after");
  model.dispose();
}
Deno.exit(0);
