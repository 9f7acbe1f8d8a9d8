/** A worker that trains pix2pix on images in memory until it is killed. Prints the number of weights, and then for each step its
 * time and the processor time of the process so far, in milliseconds.
 * Usage: SIZE FILTERS BATCH, where BATCH is the total for all workers.
 * @module */
import process from "node:process";
import { data, pix2pix, useBackend } from "../../mod.ts";

const [size, filters, batch] = Deno.args.map(Number) as [number, number, number];

await useBackend("tensorflow", { quiet: true, cluster: true });
const model = pix2pix({ size, filters, norm: "instance" });
const [input, target] = await Promise.all(
  (["labels", "photo"] as const).map((kind) => data.renderScene("facade", 0, kind, size)),
) as [data.Image, data.Image];
const pairs = data.streamPairs({
  ...{ name: "one pair", count: 1000 * batch, height: size, width: size, inputChannels: 3, targetChannels: 3 },
  read: () => Promise.resolve({ input, target, name: "0" }),
});
console.log(Object.values(model.networks).reduce((sum, network) => sum + network.countParams(), 0));
for await (const event of model.train(pairs, { epochs: 1000, batch, augment: false })) {
  const { user, system } = process.cpuUsage();
  if (event.type === "step") console.log(event.milliseconds, (user + system) / 1000);
}
