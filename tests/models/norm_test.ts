import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { encoderDecoder } from "../../lib/models/encoder_decoder.ts";
import { buildGenerator } from "../../lib/models/generator.ts";
import type { Norm } from "../../lib/models/norm.ts";
import { patchDiscriminator } from "../../lib/models/patchgan.ts";
import { resnet } from "../../lib/models/resnet.ts";
import { unet } from "../../lib/models/unet.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable } from "./_count.ts";

const common = { size: 16, filters: 2, blocks: 1, dropout: 0, layers: 1, conditionChannels: 0 };
const NETWORKS = { unet, encoderDecoder, resnet, patchDiscriminator } as Record<string, (settings: object) => tf.LayersModel>;

for (const [name, build] of Object.entries(NETWORKS)) {
  testOnBackends(`${name}() with instance norm gives a picture the same whatever stands beside it, with batch norm not`, () => {
    for (const [norm, alike] of [["instance", true], ["batch", false]] as const) {
      const network = build({ ...common, norm });
      tf.tidy(() => {
        const pictures = tf.randomUniform([2, 16, 16, 3], -1, 1, "float32", 1);
        const first = (x: tf.Tensor) => tf.slice(x, 0, 1);
        const run = (x: tf.Tensor) => network.apply(x, { training: true, updateStatistics: false }) as tf.Tensor;
        const apart = tf.max(tf.abs(tf.sub(first(run(pictures)), run(first(pictures))))).dataSync()[0]!;
        assertEquals(apart < 1e-6, alike, `${norm}: ${apart}`);
      });
      network.dispose();
    }
  }, ["cpu"]);
}

testOnBackends("patchDiscriminator() with instance norm has the reference implementation's 2.765 million weights", () => {
  const discriminator = patchDiscriminator({ size: 256, conditionChannels: 0, norm: "instance" });
  // 4x4 kernels 3-64-128-256-512-1, and a bias for each of these channels.
  const channels = [3, 64, 128, 256, 512, 1];
  const count = channels.slice(1).reduce((sum, to, i) => sum + 16 * channels[i]! * to + to, 0);
  assertEquals(countTrainable(discriminator), count);
  assertEquals(count, 2_764_737);
  discriminator.dispose();
}, ["tensorflow"]);

Deno.test("networks refuse a norm or an architecture that there is not", () => {
  assertThrows(() => unet({ size: 16, norm: "layer" as Norm }), RangeError, 'norm must be "batch" or "instance", got "layer"');
  assertThrows(
    () => buildGenerator({ generator: "vit" as "unet", size: 16 }),
    RangeError,
    'generator must be "unet", "encoderDecoder", "resnet", got "vit"',
  );
});
