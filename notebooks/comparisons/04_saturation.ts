/** Compares the minimax and the non-saturating loss on a ring of eight clusters if the discriminator takes five steps for each
 * step of the generator (chapter 4). Usage:
 *
 *     deno run -A notebooks/comparisons/04_saturation.ts
 *
 * @module */
import { compare, data, gan, type GanLoss, useBackend } from "../../mod.ts";
import { trained } from "./_trained.ts";

await useBackend();
const ring = data.pointsOf(data.gaussianRing(), { count: 20_000 }); // 20 batches of 5 · 200
const centres = Array.from({ length: 8 }, (_, i) => [2 * Math.cos(i * Math.PI / 4), 2 * Math.sin(i * Math.PI / 4)]);

async function run(loss: GanLoss, seed: number) {
  const hidden = [128, 128];
  const sizes = { latent: 8, noise: "normal" as const, hidden, discriminatorHidden: hidden };
  const model = gan({ ...sizes, loss, discriminatorSteps: 5, seed, shape: [2] });
  const epochs = 50; // 1000 steps of G
  await trained(model.train(ring, { epochs, batch: 200, learningRate: 0.001, seed }), epochs);
  const points = await model.generate({ count: 2000, seed });
  const isNear = ([a, b]: number[]) => centres.some(([x, y]) => Math.hypot(a! - x!, b! - y!) < 0.3);
  const scores = { "fraction of points in modes": points.arraySync().filter(isNear).length / 2000 };
  console.log(seed, loss, scores);
  points.dispose();
  model.dispose();
  return scores;
}

const result = await compare<GanLoss, "fraction of points in modes">({
  what: "loss of G, against a D with five steps",
  variants: { "minimax (1.3)": "minimax", "non-saturating (1.7)": "nonSaturating" },
  seeds: [1, 2, 3, 4, 5],
  run,
  better: { "fraction of points in modes": "higher" },
});
await result.save(`${import.meta.dirname}/04_saturation.json`, "deno run -A notebooks/comparisons/04_saturation.ts");
console.log(result.drawing().alt);
