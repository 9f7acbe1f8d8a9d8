/** Compares the objectives of pix2pix, as in Table 1 of its paper (chapter 8). Usage:
 *
 *     deno run -A notebooks/comparisons/08_losses.ts
 *
 * @module */
import { compare, data, metrics, pix2pix, type Pix2PixSettings, tf, useBackend } from "../../mod.ts";
import { trained } from "./_trained.ts";

/** Settings that all models of chapter 8 have in common. */
const COMMON = { size: 64, filters: 16, layers: 2 } as const;
const EPOCHS = 12;
const scenes = { size: COMMON.size, seed: 1, keep: true };
const pairs = data.toytown({ ...scenes, count: 200 });
const tests = data.toytown({ ...scenes, count: 30, split: "test" });

/** The scores of the paper's Section 4.2. */
export const better = { pixel: "higher", class: "higher", IoU: "higher" } as const;

/** Trains a model, and scores how well the labels can be recovered from the photos that it generates. */
export async function run(settings: Partial<Pix2PixSettings>, seed: number): Promise<Record<keyof typeof better, number>> {
  const model = pix2pix({ ...COMMON, seed, ...settings });
  await trained(model.train(pairs, { epochs: EPOCHS, seed }), EPOCHS);
  const colours = Object.values(data.palette);
  let counts: metrics.Confusion | undefined;
  for await (const { input, target } of tests.batches({ shuffle: false, augment: false })) {
    const generated = await model.translate(input);
    const [labels, photo] = [...data.toImages(input), ...data.toImages(generated)];
    const recovered = await data.recoverLabels(photo!);
    const [truth, read] = [labels!, recovered].map((map) => data.labelNumbers(map, colours, { nearest: true }));
    const confusion = metrics.confusionMatrix(truth!, read!, colours.length);
    counts = counts ? metrics.addConfusion(counts, confusion) : confusion;
    tf.dispose([input, target, generated]);
  }
  model.dispose();
  const { pixelAccuracy, classAccuracy, meanIou } = metrics.segmentationScores(counts!);
  console.log(seed, settings, pixelAccuracy.toFixed(3), meanIou.toFixed(3));
  return { pixel: pixelAccuracy, class: classAccuracy, IoU: meanIou };
}

/** Runs a comparison, and stores it beside its program. */
export async function keep(name: string, what: string, variants: Record<string, Partial<Pix2PixSettings>>): Promise<void> {
  await useBackend();
  const result = await compare({ what, variants, seeds: [1, 2, 3], run, better });
  await result.save(`${import.meta.dirname}/${name}.json`, `deno run -A notebooks/comparisons/${name}.ts`);
}

if (import.meta.main) {
  await keep("08_losses", "objective", {
    "L1": { adversarial: false }, // (5.6)
    "GAN": { conditional: false, reconstruction: "none" }, // (5.5)
    "cGAN": { reconstruction: "none" }, // (5.4)
    "L1 + GAN": { conditional: false },
    "L1 + cGAN": {}, // (5.7)
  });
}
