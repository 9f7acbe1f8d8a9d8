/** A worker that trains pix2pix and prints the median time of a step in milliseconds and the number of weights, as JSON.
 * Usage: SIZE FILTERS BATCH STEPS, where BATCH is the total for all workers.
 * @module */
import { data, pix2pix, useBackend } from "../../mod.ts";

const [size, filters, batch, steps] = Deno.args.map(Number) as [number, number, number, number];
/** Steps that are not timed: tracing, and the first runs of the graph. */
const WARM = 5;

await useBackend("tensorflow", { quiet: true, cluster: true });
const model = pix2pix({ size, filters, norm: "instance" });
const times: number[] = [];
const pairs = data.toytown({ count: batch * (steps + WARM), size });
for await (const event of model.train(pairs, { epochs: 1, batch, augment: false })) {
  if (event.type === "step" && event.step > WARM) times.push(event.milliseconds);
}
const weights = Object.values(model.networks).reduce((sum, network) => sum + network.countParams(), 0);
console.log(JSON.stringify({ milliseconds: times.sort((a, b) => a - b)[times.length >> 1], weights }));
Deno.exit(0);
