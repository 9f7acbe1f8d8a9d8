import { assertEquals, assertGreater, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { oneHot } from "../../lib/backend/one_hot.ts";
import { dcganDiscriminator, dcganGenerator } from "../../lib/models/dcgan.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable, weightsOf } from "./_weights.ts";

testOnBackends(
  "dcganGenerator() and dcganDiscriminator() at 64 pixels have as many weights as PyTorch's example",
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

testOnBackends(
  "dcganGenerator() outputs images of the requested size in [-1, 1], and dcganDiscriminator() one logit for each",
  () => {
    for (const [size, start] of [[8, 4], [28, 7], [32, 4], [20, 5]] as const) {
      const settings = { size, channels: 2, filters: 2, latent: 5, seed: 1 };
      const [generator, discriminator] = [dcganGenerator(settings), dcganDiscriminator(settings)];
      assertEquals((generator.getLayer("start").outputShape as number[])[1], start);
      tf.tidy(() => {
        const generated = generator.apply(tf.randomNormal([3, 5], 0, 100, "float32", 1), { training: true }) as tf.Tensor;
        assertEquals(generated.shape, [3, size, size, 2]);
        assertEquals(generated.dataSync().every((value) => value >= -1 && value <= 1), true);
        assertEquals((discriminator.predict(generated) as tf.Tensor).shape, [3, 1]);
      });
      generator.dispose();
      discriminator.dispose();
    }
  },
);

/** Returns the output of a layer for the given inputs. */
function valuesAt(network: tf.LayersModel, layer: string, inputs: tf.Tensor[]): tf.Tensor {
  const part = tf.model({ inputs: network.inputs, outputs: network.getLayer(layer).output as tf.SymbolicTensor });
  return part.predict(inputs) as tf.Tensor;
}

testOnBackends(
  "dcganDiscriminator() reads the label as planes: ones for the image's class, zeros for the others",
  () => {
    const discriminator = dcganDiscriminator({ size: 8, channels: 1, classes: 3, filters: 2 });
    tf.tidy(() => {
      const images = tf.randomUniform([2, 8, 8, 1], -1, 1, "float32", 1);
      const labels = oneHot(tf.tensor1d([2, 0], "int32"), 3);
      const joined = valuesAt(discriminator, "labelled", [images, labels]);
      assertEquals(joined.shape, [2, 8, 8, 4]);
      const [values, given] = [joined.dataSync(), images.dataSync()];
      given.forEach((value, pixel) => {
        const planes = pixel < 64 ? [0, 0, 1] : [1, 0, 0];
        assertEquals([...values.slice(pixel * 4, pixel * 4 + 4)], [value, ...planes]);
      });
    });
    discriminator.dispose();
  },
);

testOnBackends("dcganGenerator() concatenates the label to the noise, and its output depends on the label", () => {
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

testOnBackends("dcganDiscriminator() without norm treats each image independently of its batch", () => {
  for (const norm of ["none", "batch"] as const) {
    const discriminator = dcganDiscriminator({ size: 16, channels: 1, filters: 2, norm, seed: 1 });
    tf.tidy(() => {
      const images = tf.randomUniform([3, 16, 16, 1], -1, 1, "float32", 1);
      const logitsOf = (x: tf.Tensor) => [...(discriminator.apply(x, { training: true }) as tf.Tensor).dataSync()];
      const alone = logitsOf(tf.slice(images, 0, 1))[0]!;
      const change = Math.abs(logitsOf(images)[0]! - alone) / Math.abs(alone);
      assertEquals(change < 1e-5, norm === "none");
    });
    discriminator.dispose();
  }
}, ["cpu"]);

testOnBackends("dcganGenerator() and dcganDiscriminator() have initial weights that depend on the seed alone", () => {
  for (const build of [dcganGenerator, dcganDiscriminator]) {
    const initial = (seed: number) => {
      const network = build({ size: 8, filters: 2, seed });
      const weights = weightsOf(network);
      network.dispose();
      return weights;
    };
    assertEquals(initial(3), initial(3));
    assertNotEquals(initial(3)[0], initial(4)[0]);
  }
}, ["cpu"]);

Deno.test("dcganGenerator() and dcganDiscriminator() refuse invalid sizes, and name valid ones", () => {
  assertThrows(() => dcganGenerator({ size: 30 }), RangeError, "got 30; use 28 or 32");
  assertThrows(() => dcganDiscriminator({ size: 100 }), RangeError, "got 100; use 96 or 112");
  assertThrows(() => dcganGenerator({ size: 7 }), RangeError, "got 7; use 8 or 10");
});
