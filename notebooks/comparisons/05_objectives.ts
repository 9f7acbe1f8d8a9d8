/** Compares the objectives of pix2pix by the sharpness of edges and of interiors (chapter 5). Usage:
 *
 *     deno run -A notebooks/comparisons/05_objectives.ts
 *
 * @module */
import { compare, data, losses, pix2pix, type Pix2PixSettings, tf, useBackend } from "../../mod.ts";
import { trained } from "./_trained.ts";

await useBackend();
const [size, epochs] = [64, 8];
const scenes = { size, seed: 1, keep: true };
const pairs = data.toytown({ ...scenes, count: 100 });
const tests = await data.firstBatch(data.toytown({ ...scenes, count: 20, split: "test" }), 20);

/** Differences between horizontally neighbouring pixels. */
function change(images: tf.Tensor4D): tf.Tensor {
  const part = (start: number) => tf.slice(images, [0, 0, start, 0], [-1, -1, size - 1, -1]);
  return tf.sub(part(1), part(0));
}

/** The two measures of (5.9), each divided by its value for the photos. */
function sharpness(images: tf.Tensor4D): { edges: number; interior: number } {
  const edges = tf.cast(tf.greater(tf.max(tf.abs(change(tests.input)), 3, true), 0), "float32");
  const [own, right] = [change(images), change(tests.target)];
  const ratio = (a: tf.Tensor, where: tf.Tensor) =>
    data.toNumber(tf.div(tf.mean(tf.mul(a, where)), tf.mean(tf.mul(tf.abs(right), where))));
  return { edges: ratio(tf.mul(own, tf.sign(right)), edges), interior: ratio(tf.abs(own), tf.sub(1, edges)) };
}

type Variant = Partial<Pix2PixSettings> & { times?: number };
const variants: Record<string, Variant> = {
  "L1": { adversarial: false }, // (5.6)
  "L1, 3 × as long": { adversarial: false, times: 3 },
  "cGAN": { reconstruction: "none" }, // (5.4)
  "L1 + GAN": { conditional: false }, // (5.5) and (5.6)
  "L1 + cGAN": {}, // (5.7)
};
const result = await compare({
  what: "objective",
  variants,
  seeds: [1, 2, 3],
  async run({ times = 1, ...settings }, seed) {
    const model = pix2pix({ size, filters: 16, layers: 2, seed, ...settings });
    await trained(model.train(pairs, { epochs: times * epochs, seed }), times * epochs);
    const images = await model.translate(tests.input);
    const { edges, interior } = sharpness(images);
    const l1 = data.toNumber(losses.l1(images, tests.target));
    console.log(seed, settings, times, l1, edges, interior);
    model.dispose();
    return { "L1": l1, edges, "interior, off by": Math.abs(interior - 1) };
  },
  better: { "L1": "lower", edges: "higher", "interior, off by": "lower" },
});
await result.save(`${import.meta.dirname}/05_objectives.json`, "deno run -A notebooks/comparisons/05_objectives.ts");
for (const metric of ["L1", "edges", "interior, off by"] as const) console.log(result.verdict(metric).sentence);
