/** Compares CycleGANs that are trained with and without the cycle loss and the identity loss (chapter 10). Usage:
 *
 *     deno run -A notebooks/comparisons/10_losses.ts
 *
 * @module */
import { compare, cycleGan, type CycleGanSettings, data, losses, metrics, tf, useBackend } from "../../mod.ts";
import { trained } from "./_trained.ts";

await useBackend();
const scenes = { size: 32, seed: 1 };
const houses = data.toytownUnpaired({ ...scenes, count: 100 });
const { truth } = data.toytownUnpaired({ ...scenes, count: 32, split: "test" });
const { input: x, target: plaster } = await data.firstBatch(truth!, 32);

async function run(settings: Partial<CycleGanSettings>, seed: number) {
  const model = cycleGan({ size: 32, filters: 8, blocks: 3, layers: 2, seed, ...settings });
  const epochs = 12;
  await trained(model.train(houses, { epochs, seed, learningRate: 0.0005 }), epochs);
  const translated = await model.translate(x);
  const again = await model.translate(translated, { direction: "yToX" });
  const scores = {
    reconstruction: data.toNumber(losses.l1(again, x)),
    correctness: data.toNumber(losses.l1(translated, plaster)),
    structure: data.toNumber(tf.mean(metrics.ssim(translated, plaster))),
  };
  console.log(seed, settings, scores);
  tf.dispose([translated, again]);
  model.dispose();
  return scores;
}

const result = await compare({
  what: "weights of the losses",
  variants: {
    "cycle and identity": {},
    "cycle only": { identity: 0 },
    "identity only": { lambda: 1e-9, identity: 5e9 }, // the identity loss has the weight λ times identity: 5, as usual
    neither: { lambda: 0 },
  },
  seeds: [1, 2, 3],
  run,
  better: { reconstruction: "lower", correctness: "lower", structure: "higher" },
});
const path = `${import.meta.dirname}/10_losses.json`;
await result.save(path, "deno run -A notebooks/comparisons/10_losses.ts");
for (const metric of ["reconstruction", "correctness", "structure"] as const) console.log(result.verdict(metric).sentence);
