import { assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { encoderDecoder } from "../../lib/models/encoder_decoder.ts";
import { unet } from "../../lib/models/unet.ts";
import { testOnBackends } from "../_backends.ts";
import { countTrainable } from "./_count.ts";

testOnBackends("encoderDecoder() is the U-Net but for the channels that came by the skips", () => {
  const settings = { size: 32, filters: 4 };
  const [one, other] = [encoderDecoder(settings), unet(settings)];
  // Each layer of the decoder but the deepest is given as many channels again, those of the skip, through its 4x4 kernels.
  const bySkips = 16 * (32 * 16 + 16 * 8 + 8 * 4 + 4 * 3);
  assertEquals(countTrainable(other) - countTrainable(one), bySkips);
  assertEquals(one.layers.some((layer) => layer.getClassName() === "Concatenate"), false);
  one.dispose();
  other.dispose();
}, ["cpu"]);

testOnBackends("encoderDecoder() does not give one flat colour at batch 1, whatever it is given", () => {
  // The fault of the authors' first code: batch norm of one value a channel leaves nothing of the picture.
  const generator = encoderDecoder({ size: 16, filters: 4, dropout: 0, seed: 1 });
  const made = (seed: number) => {
    const picture = tf.randomUniform([1, 16, 16, 3], -1, 1, "float32", seed);
    return tf.tidy(() => generator.apply(picture, { training: true }) as tf.Tensor4D);
  };
  const [one, other] = [made(1), made(2)];
  assertEquals(one.shape, [1, 16, 16, 3]);
  assertNotEquals(one.dataSync(), other.dataSync());
  assertEquals(new Set(one.dataSync()).size > 1, true);
  tf.dispose([one, other]);
  generator.dispose();
}, ["tensorflow", "cpu"]);

Deno.test("encoderDecoder() refuses a size that the depth does not divide", () => {
  assertThrows(
    () => encoderDecoder({ size: 100, depth: 5 }),
    RangeError,
    "Cannot build the encoder-decoder: the size must be a multiple of 32",
  );
  assertThrows(() => encoderDecoder({ size: 16, depth: 1 }), RangeError, "the depth must be a whole number from 2, got 1");
});
