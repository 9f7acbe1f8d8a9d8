/** Compares the adversarial losses on a ring of eight clusters, with the same networks, learning rates and number of generator
 * steps for all of them (chapter 4). Usage:
 *
 *     deno run -A notebooks/comparisons/04_losses.ts
 *
 * @module */
import { compare, data, gan, type GanSettings, useBackend } from "../../mod.ts";
import { trained } from "./_trained.ts";

await useBackend();
const ring = data.pointsOf(data.gaussianRing(), { count: 20_000 }); // 100 batches of 200
const centres = Array.from({ length: 8 }, (_, i) => [2 * Math.cos(i * Math.PI / 4), 2 * Math.sin(i * Math.PI / 4)]);

async function run(settings: Partial<GanSettings>, seed: number) {
  const hidden = [128, 128];
  const sizes = { latent: 8, noise: "normal" as const, hidden, discriminatorHidden: hidden };
  const model = gan({ ...sizes, discriminatorSteps: 1, seed, ...settings, shape: [2] });
  const epochs = 30 * model.settings.discriminatorSteps; // 3000 steps of the generator
  await trained(model.train(ring, { epochs, batch: 200, learningRate: 0.001, seed }), epochs);
  const points = await model.generate({ count: 2000, seed });
  const fractions = centres.map(([x, y]) => {
    return points.arraySync().filter(([a, b]) => Math.hypot(a! - x!, b! - y!) < 0.3).length / 2000;
  });
  const scores = {
    "modes found": fractions.filter((part) => part > 0.02).length,
    "fraction of points in modes": fractions.reduce((sum, part) => sum + part),
  };
  console.log(seed, settings, scores);
  points.dispose();
  model.dispose();
  return scores;
}

const wasserstein = { loss: "wasserstein" } as const;
const result = await compare<Partial<GanSettings>, "modes found" | "fraction of points in modes">({
  what: "loss",
  variants: {
    "minimax": { loss: "minimax" },
    "non-saturating": {},
    "with label smoothing": { labelSmoothing: 0.1 },
    "least squares": { loss: "leastSquares" },
    "hinge": { loss: "hinge" },
    "Wasserstein, penalty × 10": { ...wasserstein, penaltyWeight: 10 },
    "Wasserstein, penalty × 0.1": { ...wasserstein, penaltyWeight: 0.1 },
    "the same, 5 steps of D": { ...wasserstein, penaltyWeight: 0.1, discriminatorSteps: 5 },
  },
  seeds: [1, 2, 3, 4, 5],
  run,
  better: { "modes found": "higher", "fraction of points in modes": "higher" },
});
await result.save(`${import.meta.dirname}/04_losses.json`, "deno run -A notebooks/comparisons/04_losses.ts");
console.log(result.drawing().alt);
