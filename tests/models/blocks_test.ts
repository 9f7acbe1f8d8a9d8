import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { checkInteger, checkSize, NetworkBuilder, type Norm } from "../../lib/models/blocks.ts";
import { classifierNetwork } from "../../lib/models/classifier.ts";
import { dcganDiscriminator, dcganGenerator } from "../../lib/models/dcgan.ts";
import { buildGenerator } from "../../lib/models/generator.ts";
import { latentEncoder } from "../../lib/models/latent_encoder.ts";
import { patchDiscriminator } from "../../lib/models/patchgan.ts";
import { resnet } from "../../lib/models/resnet.ts";
import { stackGanNetworks } from "../../lib/models/stackgan.ts";
import { encoderDecoder, unet } from "../../lib/models/unet.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable } from "./_weights.ts";

Deno.test("checkInteger() accepts integers ≥ its minimum, and every network rejects other numbers with its message", () => {
  checkInteger("a network", "filters", 1, 1);
  for (const filters of [0, -1, 1.5, NaN]) {
    const builders = [
      () => unet({ size: 32, filters }),
      () => encoderDecoder({ size: 32, filters }),
      () => resnet({ size: 32, filters }),
      () => patchDiscriminator({ size: 32, filters }),
      () => latentEncoder({ size: 32, filters }),
      () => dcganGenerator({ size: 8, filters }),
      () => dcganDiscriminator({ size: 8, filters }),
      () => stackGanNetworks({ size: 32, conditionSize: 2, filters }),
      () => classifierNetwork({ size: 32, classes: 2, filters }),
    ];
    for (const build of builders) assertThrows(build, RangeError, `filters must be an integer ≥ 1, got ${filters}`);
  }
});

Deno.test("checkSize() suggests the nearest valid sizes", () => {
  checkSize("a network", 8, 4);
  const cases = [[33, "use 32 or 36"], [1.5, "use 4"], [0, "use 4"], [-1, "use 4"], [NaN, "use 4"], [Infinity, "use 4"]] as const;
  for (const [size, cure] of cases) {
    const message = `Cannot build a network: the size must be a multiple of 4, got ${size}; ${cure}`;
    assertThrows(() => checkSize("a network", size, 4), RangeError, message);
  }
});

const common = { size: 16, filters: 2, blocks: 1, dropout: 0, layers: 1, conditionChannels: 0 };
const NETWORKS = { unet, encoderDecoder, resnet, patchDiscriminator } as Record<string, (settings: object) => tf.LayersModel>;

for (const [name, build] of Object.entries(NETWORKS)) {
  testOnBackends(`${name}() treats each image independently of its batch with instance norm, but not with batch norm`, () => {
    for (const [norm, alike] of [["instance", true], ["batch", false]] as const) {
      const network = build({ ...common, norm });
      tf.tidy(() => {
        const images = tf.randomUniform([2, 16, 16, 3], -1, 1, "float32", 1);
        const first = (x: tf.Tensor) => tf.slice(x, 0, 1);
        const run = (x: tf.Tensor) => network.apply(x, { training: true, updateStatistics: false }) as tf.Tensor;
        const difference = tf.max(tf.abs(tf.sub(first(run(images)), run(first(images))))).dataSync()[0]!;
        assertEquals(difference < 1e-6, alike, `${norm}: ${difference}`);
      });
      network.dispose();
    }
  }, ["cpu"]);
}

testOnBackends("patchDiscriminator() with instance norm has the reference implementation's 2.765 million weights", () => {
  const discriminator = patchDiscriminator({ size: 256, conditionChannels: 0, norm: "instance" });
  // 4x4 kernels 3-64-128-256-512-1, and a bias per output channel.
  const channels = [3, 64, 128, 256, 512, 1];
  const count = channels.slice(1).reduce((sum, to, i) => sum + 16 * channels[i]! * to + to, 0);
  assertEquals(countTrainable(discriminator), count);
  assertEquals(count, 2_764_737);
  discriminator.dispose();
}, ["tensorflow"]);

testOnBackends(
  "a resize-convolution doubles a constant image to a constant one, a transposed convolution to a checkerboard",
  () => {
    for (const [upsample, alike] of [["resize", true], ["transposed", false]] as const) {
      const input = tf.input({ shape: [6, 6, 2] });
      const doubled = new NetworkBuilder(1, { upsample }).doubled(input, { filters: 1, name: "up" });
      const network = tf.model({ inputs: input, outputs: doubled });
      const inside = tf.tidy(
        () => [...tf.slice(network.predict(tf.ones([1, 6, 6, 2])) as tf.Tensor, [0, 3, 3, 0], [1, 6, 6, 1]).dataSync()],
      );
      assertEquals(doubled.shape, [null, 12, 12, 1]);
      assertEquals(Math.max(...inside) - Math.min(...inside) < 1e-6, alike, `${upsample}: ${inside}`);
      network.dispose();
    }
  },
  ["cpu"],
);

Deno.test("unet() and buildGenerator() reject an unknown norm, kind of upsampling or architecture", () => {
  assertThrows(
    () => unet({ size: 16, upsample: "bilinear" as "resize" }),
    RangeError,
    'upsample must be "transposed" or "resize", got "bilinear"',
  );
  assertThrows(() => unet({ size: 16, norm: "layer" as Norm }), RangeError, 'norm must be "batch" or "instance", got "layer"');
  assertThrows(
    () => buildGenerator({ generator: "vit" as "unet", size: 16 }),
    RangeError,
    'generator must be "unet", "encoderDecoder", "resnet", got "vit"',
  );
});
