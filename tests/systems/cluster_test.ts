import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { hasTensorflow, type Network, statuses, withNetwork } from "../cli/_cluster.ts";

const SCRIPT = "tests/systems/_cluster_worker.ts";
const KINDS = ["gan", "wasserstein", "conditional-gan", "pix2pix", "cyclegan", "bicyclegan", "classifier", "stackgan"];
/** Kinds that are also trained by 3 workers: those that divide a batch in other ways than by its rows. */
const BY_THREE = ["gan", "conditional-gan", "pix2pix", "cyclegan", "stackgan"];
/** Kinds with batch norm. */
const NORMED = ["classifier", "stackgan"];
/** Limit for the difference between one process and several, relative to what the training has changed. A CycleGAN with instance
 * norm amplifies differences, and is trained with a small learning rate, so that rounding the weights has a larger effect. */
const roundingOf = (kind: string) => kind === "cyclegan" ? 1e-2 : 1e-4;

/** Trains all kinds of models with a number of workers. */
async function train(network: Network, folder: string, workers: number): Promise<void> {
  const kinds = workers === 3 ? BY_THREE : KINDS;
  const argsOf = (index: number) => ["run", "-A", SCRIPT, folder, `${workers}-${index}`, ...kinds];
  const running = workers === 1 ? [network.start(argsOf(0), {})] : network.cluster(workers, argsOf);
  const ended = await statuses(running);
  assertEquals(ended, running.map(() => 0), running.map(({ stderr }) => stderr).join("\n"));
}

/** Returns the root mean square of the differences between two arrays. */
function distance(a: Float32Array, b: Float32Array): number {
  assertEquals(a.length, b.length);
  return Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0) / a.length);
}

Deno.test({
  name: "2 and 3 workers have bit-identical weights, and compute what one process computes with the whole batch, noise included",
  ignore: !hasTensorflow,
  fn: () =>
    withNetwork(async (network, folder) => {
      for (const workers of [1, 2, 3]) await train(network, folder, workers);
      const weights = async (name: string) => new Float32Array((await Deno.readFile(join(folder, name))).buffer);
      for (const kind of KINDS) {
        const [before, after] = [await weights(`${kind}-before-1-0`), await weights(`${kind}-after-1-0`)];
        const change = distance(before, after);
        assert(change > 1e-7, `${kind}: the weights change by ${change}`);
        for (const workers of BY_THREE.includes(kind) ? [2, 3] : [2]) {
          const own = await weights(`${kind}-after-${workers}-0`);
          for (let i = 1; i < workers; i++) {
            assertEquals(await weights(`${kind}-after-${workers}-${i}`), own, `${kind}, worker ${i}`);
          }
          const relative = distance(own, after) / change;
          // Batch norm uses the statistics of one worker.
          assert(
            NORMED.includes(kind) !== relative < roundingOf(kind),
            `${kind}: ${workers} workers differ by ${relative}`,
          );
        }
      }
    }),
});
