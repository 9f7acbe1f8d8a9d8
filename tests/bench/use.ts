/** `bench use` and `bench translate`: pix2pix in use. The first translates images in memory, the second jpg files with `deno task
 * translate`, from the start of the process to its end.
 *
 * Images are translated with running statistics and without dropout, which allows other systems to fold batch norm into the
 * convolutions; and, for comparison, as in the paper: with the statistics of the image, and with dropout.
 * @module */
import { join } from "node:path";
import { ROOT, run } from "../../lib/cli/process.ts";
import { pix2pix, tf, useBackend } from "../../mod.ts";
import { drawJpgs } from "./data.ts";
import { peakMemory, timesOf } from "./measure.ts";
import { type OwnResult, type Plan, rateOfProducts, trained, WARM_UP_STEPS } from "./step.ts";

/** Times translations of random images with random weights. */
export async function benchUse({ backend, precision, ...plan }: Plan): Promise<OwnResult> {
  const { name, version } = await useBackend(backend, { precision });
  const { size, filters, batch, steps } = plan;
  const model = pix2pix({ size, filters });
  model.batch = batch;
  const images = tf.randomUniform([batch, size, size, 3], -1, 1, "float32", 1) as tf.Tensor4D;
  let first_at = 0;
  const translate = async (paper: boolean) => {
    const times: number[] = [];
    for (let i = -WARM_UP_STEPS; i < steps; i++) {
      const start = performance.now();
      const translated = await model.translate(images, { dropout: paper, batchStatistics: paper });
      await translated.data();
      first_at ||= Date.now();
      if (i >= 0) times.push(performance.now() - start);
      translated.dispose();
    }
    return timesOf(times);
  };
  const times = await translate(false);
  const peak_rss_mb = peakMemory(); // before what other systems do not do
  const paper = await translate(true);
  const weights = { generator: trained(model.networks.generator) };
  images.dispose();
  model.dispose();
  const gflop_per_second = await rateOfProducts();
  return {
    ...plan,
    ...{ backend: name, version: `${name} ${version}` },
    ...times,
    ...{ first_at, peak_rss_mb, gflop_per_second, weights, others: { "as in the paper": paper.median_ms } },
  };
}

/** Times `deno task translate` on as many jpg files as there are steps: the milliseconds of one file. */
export async function benchTranslate({ backend, precision, ...plan }: Plan): Promise<OwnResult> {
  const { name, version } = await useBackend(backend, { precision });
  const folder = await Deno.makeTempDir({ prefix: "forger-" });
  try {
    const { size, filters, batch, steps } = plan;
    const model = pix2pix({ size, filters });
    model.batch = batch;
    await model.save(join(folder, "model"));
    model.dispose();
    await Deno.mkdir(join(folder, "jpg"));
    await drawJpgs(join(folder, "jpg"), size, steps, "target");
    const milliseconds = await timeTranslate(folder, backend) / steps;
    const gflop_per_second = await rateOfProducts();
    return {
      ...plan,
      ...{ backend: name, version: `${name} ${version}`, first_at: 0, weights: {}, gflop_per_second },
      ...timesOf([milliseconds]),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Translates the files in a new process.
 * @returns the time from the start of the process to its end, in milliseconds. */
async function timeTranslate(folder: string, backend?: string): Promise<number> {
  const args = ["--model", join(folder, "model"), "--input", join(folder, "jpg"), "--output", join(folder, "out")];
  const start = performance.now();
  const script = join(ROOT, "lib/cli/translate.ts");
  const ended = await run(Deno.execPath(), ["run", "-A", script, ...args, ...backend ? ["--backend", backend] : []]);
  if (!ended?.success) throw new Error(`Cannot time translate: ${ended?.lines.at(-1)}`);
  return performance.now() - start;
}
