import { assert, assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { withoutInitialWeights } from "../../lib/layers/initializers.ts";
import { InstanceNorm } from "../../lib/layers/instance_norm.ts";
import { classifierNetwork } from "../../lib/models/classifier.ts";
import { dcganDiscriminator, dcganGenerator } from "../../lib/models/dcgan.ts";
import { latentEncoder } from "../../lib/models/latent_encoder.ts";
import { mlpDiscriminator, mlpGenerator } from "../../lib/models/mlp.ts";
import { patchDiscriminator } from "../../lib/models/patchgan.ts";
import { resnet } from "../../lib/models/resnet.ts";
import { stackGanNetworks } from "../../lib/models/stackgan.ts";
import { encoderDecoder, unet } from "../../lib/models/unet.ts";
import { weightsOf } from "../models/_weights.ts";

await tf.setBackend("cpu");

/** A limit that no network of these tests reaches, in bytes. */
const PLENTY = 2 ** 30;

function instanceNormNetwork(): tf.LayersModel {
  const input = tf.input({ shape: [2, 2, 3] });
  return tf.model({ inputs: input, outputs: new InstanceNorm().apply(input) as tf.SymbolicTensor });
}

/** Every network, with each norm. */
const BUILDERS: (() => tf.LayersModel | tf.LayersModel[])[] = [
  () => unet({ size: 16, filters: 2, seed: 1 }),
  () => encoderDecoder({ size: 16, filters: 2, norm: "instance" }),
  () => resnet({ size: 8, filters: 2, blocks: 1, norm: "batch" }),
  () => patchDiscriminator({ size: 16, filters: 2, layers: 1 }),
  () => latentEncoder({ size: 32, filters: 2 }),
  () => dcganGenerator({ size: 8, filters: 2, classes: 2 }),
  () => dcganDiscriminator({ size: 8, filters: 2 }),
  () => mlpGenerator({ shape: [2], hidden: [3, 3], classes: 2 }),
  () => mlpDiscriminator({ shape: [2], hidden: [3, 3] }),
  () => Object.values(stackGanNetworks({ size: 32, conditionSize: 2, filters: 1 })),
  () => classifierNetwork({ size: 8, classes: 2, filters: 2 }),
  instanceNormNetwork,
];

/** First 48 bits of the SHA-256 of all weights. */
async function digest(network: tf.LayersModel): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", Float32Array.from(weightsOf(network).flat()));
  return [...new Uint8Array(hash).subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

Deno.test("unet() has the same initial weights as in earlier versions", async () => {
  assertEquals(await digest(unet({ size: 16, filters: 2, seed: 1 })), "8c9e3c9a527e");
});

Deno.test("withoutInitialWeights() builds every network with weights of zero and of the same shapes", () => {
  for (const build of BUILDERS) {
    const [drawn, blank] = [[build()].flat(), [withoutInitialWeights(PLENTY, build)].flat()];
    blank.forEach((network, i) => {
      assert(weightsOf(network).flat().every((value) => value === 0), network.name);
      assertEquals(network.weights.map(({ shape }) => shape), drawn[i]!.weights.map(({ shape }) => shape));
      assert(weightsOf(drawn[i]!).flat().some((value) => value !== 0), network.name);
    });
    for (const network of [...drawn, ...blank]) network.dispose();
  }
});

Deno.test("withoutInitialWeights() refuses more weights than the limit before it allocates them", () => {
  const before = tf.memory().numBytes;
  const huge = () => mlpGenerator({ shape: [2], hidden: [100_000, 100_000], latent: 10 }); // 40 GB
  const limit = 8_000_000;
  assertThrows(() => withoutInitialWeights(limit, huge), RangeError, `limit of ${limit} bytes`);
  assert(tf.memory().numBytes - before < 2 * limit);
  assertThrows(() => withoutInitialWeights(PLENTY, () => resnet({ size: 64, blocks: 1e9 })), RangeError, "more weights");
});

Deno.test("withoutInitialWeights() counts four bytes per weight, without biases", () => {
  const build = () => mlpDiscriminator({ shape: [2], hidden: [3, 3] });
  const bytes = 4 * (2 * 3 + 3 * 3 + 3 * 1);
  withoutInitialWeights(bytes, build).dispose();
  assertThrows(() => withoutInitialWeights(bytes - 1, build), RangeError, `limit of ${bytes - 1} bytes`);
});

Deno.test("withoutInitialWeights() ends with its function, also when that throws", async () => {
  const build = () => unet({ size: 16, filters: 2, seed: 1 });
  const before = await digest(build());
  withoutInitialWeights(PLENTY, build).dispose();
  assertThrows(() => withoutInitialWeights(0, build), RangeError);
  const failing = () => {
    throw new Error("broken");
  };
  assertThrows(() => withoutInitialWeights(PLENTY, failing), Error, "broken");
  assertEquals(await digest(build()), before);
});
