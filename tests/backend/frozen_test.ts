/** Compiled functions whose convolution kernels are constants. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile } from "../../lib/backend/compile.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { pix2pix, type Pix2PixSettings } from "../../lib/systems/pix2pix.ts";
import { testOnBackends } from "../_backends.ts";

function onTensorflow(name: string, run: () => void | Promise<void>): void {
  testOnBackends(name, run, ["tensorflow"]);
}

const images = (size: number, count = 1) => tf.randomUniform([count, size, size, 3], -1, 1, "float32", 1) as tf.Tensor4D;

function assertClose(got: tf.Tensor, wanted: tf.Tensor, tolerance: number): void {
  assertEquals(got.shape, wanted.shape);
  assertAlmostEquals(tf.tidy(() => tf.max(tf.abs(tf.sub(got, wanted))).dataSync()[0]!), 0, tolerance);
  tf.dispose([got, wanted]);
}

/** A convolution and the number of times that JavaScript has run it. */
function convolution() {
  const kernel = tf.variable(tf.randomNormal([3, 3, 8, 8], 0, 1, "float32", 2) as tf.Tensor4D);
  const ran = { times: 0 };
  const apply = compile((x: tf.Tensor) => {
    ran.times++;
    return tf.conv2d(x as tf.Tensor4D, kernel, 1, "same") as tf.Tensor;
  }, { forUse: true });
  return { kernel, ran, apply };
}

onTensorflow("compile() for use sees every change of a kernel: by assign(), and by a compiled step", () => {
  const { kernel, ran, apply } = convolution();
  const x = tf.randomNormal([1, 8, 8, 8], 0, 1, "float32", 1) as tf.Tensor4D;
  const halve = compile(() => {
    kernel.assign(tf.tidy(() => tf.mul(kernel, 0.5)));
    return tf.scalar(0) as tf.Tensor;
  });
  const assertCurrent = () => assertClose(apply(x), tf.conv2d(x, kernel, 1, "same"), 1e-5);
  for (let round = 0; round < 20; round++) {
    assertCurrent();
    assertCurrent();
    if (round % 2) tf.tidy(() => kernel.assign(tf.mul(kernel, 1.25)));
    else halve().dispose();
  }
  assert(ran.times <= 2, `${ran.times} traces`); // first with constants, then without, since the kernel keeps changing
  tf.dispose([x, kernel]);
  apply.dispose();
  halve.dispose();
});

onTensorflow("compile() for use makes constants again when the kernels no longer change", () => {
  const { kernel, ran, apply } = convolution();
  const x = tf.randomNormal([1, 8, 8, 8], 0, 1, "float32", 1) as tf.Tensor4D;
  apply(x).dispose();
  tf.tidy(() => kernel.assign(tf.mul(kernel, 2)));
  for (let call = 0; call < 40; call++) assertClose(apply(x), tf.conv2d(x, kernel, 1, "same"), 1e-4);
  assertEquals(ran.times, 3);
  tf.dispose([x, kernel]);
  apply.dispose();
});

onTensorflow("compile() for use frees the constants on dispose()", () => {
  const x = tf.randomNormal([1, 4, 4, 512], 0, 1, "float32", 1);
  const kernel = tf.variable(tf.randomNormal([3, 3, 512, 512], 0, 1, "float32", 2) as tf.Tensor4D); // 9 MiB
  const use = () => {
    const apply = compile((x: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, kernel, 1, "same") as tf.Tensor, { forUse: true });
    for (let call = 0; call < 3; call++) apply(x).dispose();
    apply.dispose();
  };
  for (let i = 0; i < 10; i++) use();
  const resident = Deno.memoryUsage().rss;
  for (let i = 0; i < 20; i++) use();
  const grown = (Deno.memoryUsage().rss - resident) / 2 ** 20;
  assert(grown < 60, `grew by ${grown} MiB`);
  tf.dispose([x, kernel]);
});

onTensorflow("compile() for use keeps the constants of a few sizes only", () => {
  const kernel = tf.variable(tf.randomNormal([3, 3, 512, 512], 0, 1, "float32", 2) as tf.Tensor4D); // 9 MiB
  const apply = compile((x: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, kernel, 1, "same") as tf.Tensor, { forUse: true });
  const useAll = (sizes: number[]) => {
    for (const width of sizes) {
      const x = tf.randomNormal([1, 1, width, 512], 0, 1, "float32", 1) as tf.Tensor4D;
      for (let call = 0; call < 2; call++) assertClose(apply(x), tf.conv2d(x, kernel, 1, "same"), 1e-3);
      x.dispose();
    }
  };
  useAll([1, 2, 3]);
  const resident = Deno.memoryUsage().rss;
  useAll([4, 5, 6, 7, 8, 9, 10, 1, 2]);
  const grown = (Deno.memoryUsage().rss - resident) / 2 ** 20;
  assert(grown < 60, `grew by ${grown} MiB`);
  apply.dispose();
  kernel.dispose();
});

const TRANSLATORS: Record<string, Partial<Pix2PixSettings>> = {
  "a U-Net": { generator: "unet" },
  "a U-Net with instance norm": { generator: "unet", norm: "instance" },
  "an encoder-decoder": { generator: "encoderDecoder" },
  "a ResNet": { generator: "resnet", blocks: 2 },
};

for (const [name, settings] of Object.entries(TRANSLATORS)) {
  for (const batchStatistics of [true, false]) {
    onTensorflow(`translate() of pix2pix with ${name} gives the eager result, batch statistics ${batchStatistics}`, async () => {
      const model = pix2pix({ size: 64, filters: 32, ...settings });
      const x = images(64);
      const eager = () => model.networks.generator.apply(x, { batchStatistics }) as tf.Tensor;
      for (let call = 0; call < 3; call++) {
        assertClose(await model.translate(x, { dropout: false, batchStatistics }), eager(), 1e-5);
      }
      const [first] = model.networks.generator.trainableWeights;
      tf.tidy(() => void first!.write(tf.mul(first!.read(), 1.5)));
      for (let call = 0; call < 20; call++) {
        assertClose(await model.translate(x, { dropout: false, batchStatistics }), eager(), 1e-5);
      }
      x.dispose();
      model.dispose();
    });
  }
}

onTensorflow("translate() of a CycleGAN and of a BicycleGAN gives the eager result", async () => {
  const x = images(64);
  const cycle = cycleGan({ size: 64, filters: 16, blocks: 2 });
  for (const direction of ["xToY", "yToX"] as const) {
    assertClose(await cycle.translate(x, { direction }), cycle.networks[direction].apply(x) as tf.Tensor, 1e-5);
  }
  cycle.dispose();
  const bicycle = bicycleGan({ size: 64, filters: 16 });
  const translated = await bicycle.translate(x, { seed: 3 });
  assertClose(await bicycle.translate(x, { seed: 3 }), translated, 0);
  bicycle.dispose();
  x.dispose();
});

onTensorflow("translate() of a model sees what load() changes", async () => {
  const folder = await Deno.makeTempDir();
  const [saved, model] = [pix2pix({ size: 32, filters: 8, seed: 1 }), pix2pix({ size: 32, filters: 8, seed: 2 })];
  await saved.save(folder);
  const x = images(32);
  for (let call = 0; call < 3; call++) (await model.translate(x, { dropout: false })).dispose();
  await model.load(folder);
  assertClose(await model.translate(x, { dropout: false }), await saved.translate(x, { dropout: false }), 0);
  x.dispose();
  saved.dispose();
  model.dispose();
  await Deno.remove(folder, { recursive: true });
});
