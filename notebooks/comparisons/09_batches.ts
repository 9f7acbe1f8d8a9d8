/** Compares batch sizes of pix2pix in colouring greyscale images (chapter 9). Usage:
 *
 *     deno run -A notebooks/comparisons/09_batches.ts
 *
 * @module */
import { compare, data, losses, metrics, pix2pix, tf, useBackend } from "../../mod.ts";
import { size, towns } from "./09_losses.ts";
import { trained } from "./_trained.ts";

await useBackend();
const [pairs, tests] = [towns(0, 120), towns(1_000_000, 20)];
const unseen = await data.firstBatch(tests, 20);

const result = await compare({
  what: "batch size",
  variants: {
    "1": { batch: 1, epochs: 8 },
    "4": { batch: 4, epochs: 8 },
    "4, as many steps": { batch: 4, epochs: 32 },
  },
  seeds: [1, 2, 3],
  async run({ batch, epochs }, seed) {
    const model = pix2pix({ size, filters: 16, inputChannels: 1, seed });
    await trained(model.train(pairs, { epochs, seed, batch }), epochs);
    const images = await model.translate(unseen.input);
    const ssim = data.toNumber(tf.mean(metrics.ssim(images, unseen.target)));
    const l1 = data.toNumber(losses.l1(images, unseen.target));
    console.log(seed, batch, epochs, l1, ssim);
    model.dispose();
    return { L1: l1, SSIM: ssim };
  },
  better: { L1: "lower", SSIM: "higher" },
});
await result.save(`${import.meta.dirname}/09_batches.json`, "deno run -A notebooks/comparisons/09_batches.ts");
for (const metric of ["L1", "SSIM"] as const) console.log(result.verdict(metric).sentence);
