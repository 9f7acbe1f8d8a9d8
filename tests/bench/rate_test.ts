import * as tf from "../../lib/tf.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { benchMatmul, GFLOP_OF_A_STEP, matmulSentence, WHOLE } from "./rate.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";

interface Layer {
  /** Weights of the kernel. */
  weights: number;
  /** Height and width of the smaller of its two pictures: so often the kernel is laid on. */
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

Deno.test("GFLOP_OF_A_STEP is what its description counts of the networks' own layers", async () => {
  await tf.setBackend("cpu");
  const { size, filters } = WHOLE;
  const model = pix2pix({ size, filters });
  const [generator, discriminator] = [convolutions(model.generator), convolutions(model.discriminator)];
  assertEquals(discriminator.map(({ side }) => side), [128, 64, 32, 31, 30]);
  const same = discriminator.map(({ weights, side }) => ({ weights, side: Math.max(side, 32) }));
  assertAlmostEquals(3 * gflop(generator) + 8 * gflop(same), GFLOP_OF_A_STEP, 0.05);
  // The gradients by the pictures that are given: of G's first layer, and of D's in the discriminator's step.
  const needed = 3 * gflop(generator) - gflop(generator.slice(0, 1)) + 8 * gflop(discriminator) -
    2 * gflop(discriminator.slice(0, 1));
  assertAlmostEquals(needed, 86.9, 0.05);
  model.dispose();
});

Deno.test("benchMatmul() counts two operations for each product of two numbers, and keeps no tensor", async () => {
  const before = tf.memory().numTensors;
  const result = await benchMatmul("wasm", 256, 3);
  assertEquals([result.backend, result.side], ["wasm", 256]);
  assert(result.gflop_per_second > 0.01 && result.gflop_per_second < 10_000, matmulSentence(result));
  assertEquals(tf.memory().numTensors, before);
});
