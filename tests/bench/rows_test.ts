import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { pix2pix, tf } from "../../mod.ts";
import { GFLOP_OF_A_STEP, nameOf, only, PAPER, ROWS } from "./rows.ts";

const names = (text: string) => only.read(text)!.map(nameOf);

Deno.test("only selects rows by their names, with their steps and bars", () => {
  assertEquals(only.read(ROWS.map(nameOf).join(",")), ROWS);
  assertEquals(new Set(ROWS.map(nameOf)).size, ROWS.length);
});

Deno.test("only selects all rows whose names begin with a word", () => {
  assertEquals(names("cyclegan, use"), ["cyclegan:128/32/1", "use:256/64/1", "use:256/64/8", "use:256/64/1:bfloat16"]);
  assertEquals(names("pix2pix:128/32/1"), ["pix2pix:128/32/1"]); // not pix2pix:128/32/16 or pix2pix:128/32/1:wasm
});

Deno.test("only accepts other sizes", () => {
  const { what, size, filters, batch, precision, backend } = only.read("bicyclegan:32/2/3:wasm")![0]!;
  assertEquals({ what, size, filters, batch, precision, backend }, {
    ...{ what: "bicyclegan", size: 32, filters: 2, batch: 3, precision: "float32", backend: "wasm" },
  });
});

Deno.test("only rejects a list with anything but rows", () => {
  const bad = ["", "pix", "64/32/1", "pix2pix:64/32", "pix2pix:64/32/0", "pix2pix:64/32/1.5", "pix2pix:64/32/1/1", "gan:64/32/1"];
  for (const text of [...bad, "pix2pix:64/32/1:float16", "pix2pix:64/32/1:wasm:bfloat16", "cyclegan,", "cyclegan,pix"]) {
    assert(!only.fits(only.read(text)), text);
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
