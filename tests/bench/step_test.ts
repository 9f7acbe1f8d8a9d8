import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { pix2pix, tf } from "../../mod.ts";
import { benchMatmul, CONFIGURATIONS, GFLOP_OF_A_STEP, matmulSentence, nameOf, only, PAPER } from "./step.ts";

Deno.test("only parses the names that nameOf() returns", () => {
  assertEquals(only.read(CONFIGURATIONS.map(nameOf).join(",")), CONFIGURATIONS);
  assertEquals(only.read("64/32/1, 8/2/3"), [{ size: 64, filters: 32, batch: 1 }, { size: 8, filters: 2, batch: 3 }]);
});

Deno.test("only rejects text that is not a configuration", () => {
  for (const bad of ["", "64", "64/32", "64/32/0", "64/32/1.5", "64/32/1,", "64/32/1/1", "a/b/c"]) {
    assert(!only.fits(only.read(bad)), bad);
  }
});

interface Layer {
  /** Number of weights in the kernel. */
  weights: number;
  /** Height and width of the input or output, whichever is smaller: the kernel is applied at side x side positions. */
  side: number;
}

function convolutions({ layers }: tf.LayersModel): Layer[] {
  return layers.filter((layer) => layer.getClassName().startsWith("Conv2D")).map((layer) => {
    const [, input] = layer.input instanceof Array ? [] : layer.input.shape;
    const [, output] = layer.output instanceof Array ? [] : layer.output.shape;
    return { weights: layer.weights[0]!.shape.reduce((a, b) => a! * b!)!, side: Math.min(input!, output!) };
  });
}

const gflop = (layers: Layer[]) => layers.reduce((sum, { weights, side }) => sum + 2 * weights * side ** 2 / 1e9, 0);

Deno.test("GFLOP_OF_A_STEP equals the count over the networks' layers", async () => {
  await tf.setBackend("cpu");
  const { size, filters } = PAPER;
  const model = pix2pix({ size, filters });
  const [generator, discriminator] = [convolutions(model.networks.generator), convolutions(model.networks.discriminator)];
  assertEquals(discriminator.map(({ side }) => side), [128, 64, 32, 31, 30]);
  const same = discriminator.map(({ weights, side }) => ({ weights, side: Math.max(side, 32) }));
  assertAlmostEquals(3 * gflop(generator) + 8 * gflop(same), GFLOP_OF_A_STEP, 0.05);
  // Not needed: gradients with respect to the data set's images, in the first layer of G, and of D in its own step.
  const needed = 3 * gflop(generator) - gflop(generator.slice(0, 1)) + 8 * gflop(discriminator) -
    2 * gflop(discriminator.slice(0, 1));
  assertAlmostEquals(needed, 86.9, 0.05);
  model.dispose();
});

Deno.test("benchMatmul() returns a plausible rate and leaks no tensors", async () => {
  const before = tf.memory().numTensors;
  const result = await benchMatmul("wasm", 256, 3);
  assertEquals([result.backend, result.side], ["wasm", 256]);
  assert(result.gflop_per_second > 0.01 && result.gflop_per_second < 10_000, matmulSentence(result));
  assertEquals(tf.memory().numTensors, before);
});
