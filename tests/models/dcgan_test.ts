import { assertEquals, assertGreater, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { oneHot } from "../../lib/data/one_hot.ts";
import { dcganDiscriminator, dcganGenerator } from "../../lib/models/dcgan.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable } from "./_weights.ts";

testOnBackends(
  "dcganGenerator() and dcganDiscriminator() at 64 pixels have as many weights as those of PyTorch's examples",
  () => {
    const [generator, discriminator] = [dcganGenerator({ size: 64 }), dcganDiscriminator({ size: 64 })];
    assertEquals(countTrainable(generator), 3_576_704);
    assertEquals(countTrainable(discriminator), 2_765_568);
    assertEquals(generator.getLayer("start").outputShape, [null, 4, 4, 512]); // Fig. 1, with half the filters
    generator.dispose();
    discriminator.dispose();
  },
  ["cpu"],
);

testOnBackends("dcganGenerator() makes pictures of the size asked for, in [-1, 1], and dcganDiscriminator() judges each", () => {
  for (const [size, start] of [[8, 4], [28, 7], [32, 4], [20, 5]] as const) {
    const settings = { size, channels: 2, filters: 2, latent: 5, seed: 1 };
    const [generator, discriminator] = [dcganGenerator(settings), dcganDiscriminator(settings)];
    assertEquals((generator.getLayer("start").outputShape as number[])[1], start);
    tf.tidy(() => {
      const made = generator.apply(tf.randomNormal([3, 5], 0, 100, "float32", 1), { training: true }) as tf.Tensor;
      assertEquals(made.shape, [3, size, size, 2]);
      assertEquals(made.dataSync().every((value) => value >= -1 && value <= 1), true);
      assertEquals((discriminator.predict(made) as tf.Tensor).shape, [3, 1]);
    });
    generator.dispose();
    discriminator.dispose();
  }
});

/** What a layer of a network gives for these inputs. */
function valuesAt(network: tf.LayersModel, layer: string, inputs: tf.Tensor[]): tf.Tensor {
  const part = tf.model({ inputs: network.inputs, outputs: network.getLayer(layer).output as tf.SymbolicTensor });
  return part.predict(inputs) as tf.Tensor;
}

testOnBackends(
  "dcganDiscriminator() sees a picture's label as planes: ones for its class at every pixel, zeros for the others",
  () => {
    const discriminator = dcganDiscriminator({ size: 8, channels: 1, classes: 3, filters: 2 });
    tf.tidy(() => {
      const pictures = tf.randomUniform([2, 8, 8, 1], -1, 1, "float32", 1);
      const labels = oneHot(tf.tensor1d([2, 0], "int32"), 3);
      const seen = valuesAt(discriminator, "labelled", [pictures, labels]);
      assertEquals(seen.shape, [2, 8, 8, 4]);
      const [values, given] = [seen.dataSync(), pictures.dataSync()];
      given.forEach((value, pixel) => {
        const planes = pixel < 64 ? [0, 0, 1] : [1, 0, 0];
        assertEquals([...values.slice(pixel * 4, pixel * 4 + 4)], [value, ...planes]);
      });
    });
    discriminator.dispose();
  },
);

testOnBackends("dcganGenerator() is given the label behind the noise, and makes another picture of another label", () => {
  const generator = dcganGenerator({ size: 8, channels: 1, classes: 3, filters: 2, latent: 2, seed: 1 });
  tf.tidy(() => {
    const labels = oneHot(tf.tensor1d([2, 0], "int32"), 3);
    const inputs = [tf.tensor2d([[0.25, 0.5], [0.25, 0.5]]), labels];
    const joined = valuesAt(generator, "labelled", inputs);
    assertEquals(joined.arraySync(), [[0.25, 0.5, 0, 0, 1], [0.25, 0.5, 1, 0, 0]]);
    const [two, none] = tf.unstack(generator.predict(inputs) as tf.Tensor);
    assertGreater(tf.max(tf.abs(tf.sub(two!, none!))).dataSync()[0]!, 1e-4);
  });
  generator.dispose();
});

testOnBackends("dcganDiscriminator() without norm judges each picture by itself", () => {
  for (const norm of ["none", "batch"] as const) {
    const discriminator = dcganDiscriminator({ size: 16, channels: 1, filters: 2, norm, seed: 1 });
    tf.tidy(() => {
      const pictures = tf.randomUniform([3, 16, 16, 1], -1, 1, "float32", 1);
      const judge = (x: tf.Tensor) => [...(discriminator.apply(x, { training: true }) as tf.Tensor).dataSync()];
      const alone = judge(tf.slice(pictures, 0, 1))[0]!;
      const change = Math.abs(judge(pictures)[0]! - alone) / Math.abs(alone);
      assertEquals(change < 1e-5, norm === "none");
    });
    discriminator.dispose();
  }
}, ["cpu"]);

testOnBackends("dcganGenerator() and dcganDiscriminator() start the same from the same seed, and otherwise from another", () => {
  for (const build of [dcganGenerator, dcganDiscriminator]) {
    const first = (seed: number) => {
      const network = build({ size: 8, filters: 2, seed });
      const weights = network.getWeights().map((weight) => [...weight.dataSync()]);
      network.dispose();
      return weights;
    };
    assertEquals(first(3), first(3));
    assertNotEquals(first(3)[0], first(4)[0]);
  }
}, ["cpu"]);

Deno.test("dcganGenerator() and dcganDiscriminator() refuse sizes that doubling does not give, and name valid ones", () => {
  assertThrows(() => dcganGenerator({ size: 30 }), RangeError, "doubled at least once, got 30; use 28 or 32");
  assertThrows(() => dcganDiscriminator({ size: 100 }), RangeError, "got 100; use 96 or 112");
  assertThrows(() => dcganGenerator({ size: 7 }), RangeError, "got 7; use 8 or 10");
});
