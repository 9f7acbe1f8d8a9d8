import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertStringIncludes } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { join } from "node:path";
import { cycleMeasures, pairMeasures } from "../../lib/cli/evaluate/translations.ts";
import { ganMeasures } from "../../lib/cli/evaluate/generated.ts";
import { type Measure, measureLines } from "../../lib/cli/evaluate/measure.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { digits } from "../../data/worlds/digits/mod.ts";
import { toytown, toytownUnpaired } from "../../data/worlds/toytown/mod.ts";
import type { UnpairedBatch } from "../../lib/data/datasets.ts";
import type { Classifier } from "../../lib/systems/classifier.ts";
import { conditionalGan } from "../../lib/systems/conditional_gan.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { lastLine, task, withFolder } from "./_task.ts";

function valueOf(measures: Measure[], key: string): number {
  const found = measures.find((measure) => measure.key === key);
  assert(found?.value !== undefined, key);
  return found.value;
}

Deno.test("pairMeasures() gives a perfect model perfect scores, the label scores of real photos, and no diversity", async () => {
  await useBackend("cpu", { quiet: true });
  const pairs = toytown({ count: 3, size: 64, split: "test", keep: true });
  const targets: tf.Tensor4D[] = [], inputs: string[] = [];
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
    inputs.push(String(tf.tidy(() => tf.sum(input).dataSync()[0])));
    targets.push(target);
    input.dispose();
  }
  const perfect = (input: tf.Tensor4D) => {
    const which = inputs.indexOf(String(tf.tidy(() => tf.sum(input).dataSync()[0])));
    return Promise.resolve(tf.clone(targets[which]!));
  };
  const measures = await pairMeasures(perfect, pairs, true);
  assertEquals([valueOf(measures, "l1"), valueOf(measures, "diversity"), valueOf(measures, "best_l1")], [0, 0, 0]);
  assertEquals(valueOf(measures, "ssim"), 1);
  assert(Math.abs(valueOf(measures, "frechet")) < 1e-6);
  assert(valueOf(measures, "label_pixel_accuracy") > 0.85, "of a true photo at 64 pixels");
  const grey = await pairMeasures((input) => Promise.resolve(tf.zerosLike(input)), pairs, true);
  assert(valueOf(grey, "frechet") > 0.1 && valueOf(grey, "label_pixel_accuracy") < 0.5);
  tf.dispose(targets);
});

Deno.test("evaluations leave out distances between single images, and measure the rest", async () => {
  await useBackend("cpu", { quiet: true });
  const same = (input: tf.Tensor4D) => Promise.resolve(tf.clone(input));
  const pairs = await pairMeasures(same, toytown({ count: 1, size: 32, split: "test" }), false);
  const cycle = await cycleMeasures({ translate: same }, toytownUnpaired({ count: 1, size: 32, split: "test" }));
  const generate = ({ count }: { count: number }) => Promise.resolve(tf.zeros([count, 28, 28, 1]) as tf.Tensor4D);
  const model = { generate, settings: {} } as unknown as Parameters<typeof ganMeasures>[0];
  const gan = await ganMeasures(model, digits({ count: 1, split: "test" }), undefined, 20);
  for (const [measures, key] of [[pairs, "frechet"], [cycle, "y_to_x_frechet"], [gan, "frechet"]] as const) {
    assertEquals(measures.find((measure) => measure.key === key)!.value, undefined);
    assert(measureLines(measures).some((line) => line.startsWith("Left out: ") && line.includes("at least 2 images")));
  }
  for (const key of ["l1", "psnr", "ssim"]) assert(Number.isFinite(valueOf(pairs, key)), key);
  assert(Number.isFinite(valueOf(cycle, "x_to_y_cycle_l1")));
});

Deno.test("cycleMeasures() measures both directions, and compares with the true images if they are known", async () => {
  await useBackend("cpu", { quiet: true });
  const model = cycleGan({ size: 32, filters: 1, blocks: 1, layers: 1 });
  const measures = await cycleMeasures(model, toytownUnpaired({ count: 2, size: 32, split: "test" }));
  for (const key of ["x_to_y_frechet", "y_to_x_kernel", "x_to_y_cycle_l1", "y_to_x_cycle_l1", "x_to_y_l1", "x_to_y_ssim"]) {
    assert(Number.isFinite(valueOf(measures, key)), key);
  }
  model.dispose();
});

Deno.test("cycleMeasures() uses each image once, even if one domain is smaller than the other", async () => {
  await useBackend("cpu", { quiet: true });
  const model = cycleGan({ size: 32, filters: 1, blocks: 1, layers: 1 });
  const even = toytownUnpaired({ count: 6, size: 32, split: "test" });
  const few = { ...even, bCount: 4 };
  const uneven = { // the first four of the second domain, and two of them again
    ...few,
    async *batches(): AsyncGenerator<UnpairedBatch> {
      const kept: UnpairedBatch[] = [];
      for await (const batch of even.batches({ shuffle: false, augment: false })) {
        kept.push(batch);
        yield { ...batch, b: tf.clone(kept[(kept.length - 1) % 4]!.b), a: tf.clone(batch.a) };
      }
      kept.forEach(({ a, b }) => tf.dispose([a, b]));
    },
  };
  const short = { // without the repeated ones
    ...few,
    async *batches(): AsyncGenerator<UnpairedBatch> {
      let n = 0;
      for await (const batch of even.batches({ shuffle: false, augment: false })) {
        if (n++ < 4) yield batch;
        else tf.dispose([batch.a, batch.b]);
      }
    },
  };
  const [all, once] = [await cycleMeasures(model, uneven), await cycleMeasures(model, short)];
  assertEquals(valueOf(all, "y_to_x_cycle_l1"), valueOf(once, "y_to_x_cycle_l1"));
  assertNotEquals(valueOf(all, "x_to_y_cycle_l1"), valueOf(once, "x_to_y_cycle_l1"), "all six of the larger domain count");
  model.dispose();
});

Deno.test("ganMeasures() counts the classes that the classifier recognizes, and finds the worst", async () => {
  await useBackend("cpu", { quiet: true });
  const model = conditionalGan({ networks: "dcgan", filters: 1 });
  // A classifier that takes every second image for a 3.
  const judge = {
    trainedOn: "nothing",
    classify: (images: tf.Tensor4D) => Promise.resolve(Int32Array.from({ length: images.shape[0] }, (_, i) => i % 2 ? 3 : 0)),
    features: (images: tf.Tensor4D) => Promise.resolve(tf.tidy(() => tf.mean(images, [1, 2]) as tf.Tensor2D)),
    accuracy: () => Promise.resolve(0.5),
  } as unknown as Classifier;
  const measures = await ganMeasures(model, digits({ count: 40, split: "test" }), judge, 40);
  assertEquals(valueOf(measures, "label_accuracy"), 0.1); // half of the 0s and half of the 3s
  assertEquals(valueOf(measures, "label_accuracy_worst"), 0);
  assert(valueOf(measures, "difference_within_class") > 0);

  // In parts, of which only one is in memory, the numbers are the same.
  let most = 0;
  const generate = () => Promise.reject(new Error("must not generate all images at once"));
  const inParts = {
    settings: model.settings,
    generate: ({ labels, ...options }: Parameters<typeof model.generate>[0] = {}) =>
      labels ? generate() : model.generate(options),
    async *generateParts({ labels, ...options }: Parameters<typeof model.generate>[0] = {}) {
      const images = await model.generate({ ...options, labels: labels! });
      const single = tf.unstack(images).map((image) => tf.expandDims(image)) as tf.Tensor4D[];
      for (const [start, samples] of single.entries()) {
        most = Math.max(most, single.filter(({ isDisposed }) => !isDisposed).length - (single.length - start));
        yield { start, samples };
      }
    },
  };
  const again = await ganMeasures(inParts, digits({ count: 40, split: "test" }), judge, 40);
  assertEquals(most, 0, "a part is disposed of before the next one is made");
  for (const { key, value } of measures) assertAlmostEquals(valueOf(again, key), value!, 1e-6);
  model.dispose();
});

Deno.test("evaluate prints a line for each measure, and rejects what it cannot measure", () =>
  withFolder(async (folder) => {
    await useBackend("cpu", { quiet: true });
    const model = pix2pix({ size: 32, filters: 1, layers: 1 });
    await model.save(join(folder, "model"));
    model.dispose();
    const args = ["--model", join(folder, "model"), "--data", "toytown"];
    const { status, stdout, stderr } = await task("evaluate", args, { FORGER_BACKEND: "wasm" });
    assertEquals(status, 0, stderr);
    assertStringIncludes(stdout, "L1 distance to the target (pixels in [-1, 1]); lower is better");
    assertStringIncludes(stdout, "features: random-448");
    const none = await task("evaluate", ["--model", folder, "--data", "toytown"]);
    assertEquals(none.status, 1);
    assertStringIncludes(lastLine(none), "Cannot load the model");
    assertEquals((await task("evaluate", args.slice(0, 2))).status, 2);
    const useless = await task("evaluate", [...args, "--classifier", folder, "--count", "30"]);
    assertEquals(useless.status, 2);
    assertStringIncludes(lastLine(useless), "which is a pix2pix model");
  }));
