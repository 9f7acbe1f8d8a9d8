/** Compares GANs of digits that are trained with and without labels (chapter 3). Usage:
 *
 *     deno run -A notebooks/comparisons/03_labels.ts
 *
 * @module */
import { compare, conditionalGan, data, gan, loadModel, metrics, tf, useBackend } from "../../mod.ts";
import { trained } from "./_trained.ts";

await useBackend();
const judge = await loadModel("digit-classifier", "classifier");
const digits = data.digits({ count: 6000, seed: 1 });
const { images } = await data.firstBatch(data.digits({ count: 1000, seed: 1, split: "test" }), 1000);
const real = await judge.features(images);
const labels = Array.from({ length: 1000 }, (_, i) => i % 10);

async function run(withLabels: boolean, seed: number) {
  const settings = { networks: "dcgan", filters: 16, seed } as const;
  const training = { epochs: 8, batch: 50, learningRate: 0.001, seed, samples: 0 };
  const model = withLabels ? conditionalGan(settings) : gan(settings);
  await trained(model.train(digits, training), training.epochs);
  const generated = model.kind === "gan" ? await model.generate({ count: 1000, seed }) : await model.generate({ labels, seed });
  const features = await judge.features(generated);
  const frechet = await metrics.frechetDistance(features, real);
  console.log(withLabels ? "with labels" : "without", seed, frechet);
  tf.dispose([generated, features]);
  model.dispose();
  return { "Fréchet distance": frechet };
}

const result = await compare({
  what: "labels",
  variants: { "with labels": true, "without labels": false },
  seeds: [1, 2, 3, 4, 5],
  run,
  better: { "Fréchet distance": "lower" },
});
await result.save(`${import.meta.dirname}/03_labels.json`, "deno run -A notebooks/comparisons/03_labels.ts");
console.log(result.verdict("Fréchet distance").sentence);
