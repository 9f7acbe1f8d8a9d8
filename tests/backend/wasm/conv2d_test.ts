import * as tf from "../../../lib/tf.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { values } from "../_operations.ts";
import { assertCasesAgree, convolve, filterGradient, inputGradient, kernel } from "./_convolutions.ts";

Deno.test("conv2d() agrees with a convolution in plain loops", async () => {
  await assertCasesAgree(
    ({ x, filter, attributes }) => kernel("Conv2D", { x, filter }, attributes),
    (sizes, { x, filter }) => convolve(sizes, x, filter),
  );
});

Deno.test("conv2d() adds the bias of a fused convolution", async () => {
  await assertCasesAgree(
    ({ x, filter, attributes }, { outChannels }) => {
      const bias = tf.range(0, outChannels);
      const y = kernel("FusedConv2D", { x, filter, bias }, { ...attributes, activation: "linear" });
      bias.dispose();
      return y;
    },
    (sizes, { x, filter }) => convolve(sizes, x, filter).map((value, i) => value + i % sizes.outChannels),
  );
});

Deno.test("conv2d() leaves activations and dilations to tfjs", async () => {
  await useBackend("wasm", { quiet: true });
  tf.tidy(() => {
    const [x, filter] = [values([1, 6, 6, 3], 1) as tf.Tensor4D, values([3, 3, 3, 90], 2) as tf.Tensor4D];
    const plain = tf.conv2d(x, filter, 1, "same").dataSync();
    const fused = tf.fused.conv2d({ x, filter, strides: 1, pad: "same", activation: "relu" }).dataSync();
    plain.forEach((value, i) => assertEquals(Math.abs(fused[i]! - Math.max(0, value)) < 1e-5, true));
    // A filter of size 3, dilated by 2, equals a filter of size 5 with zeros in between.
    const spread = tf.tidy(() => {
      const rows = tf.unstack(filter, 0).map((row) => tf.unstack(row, 0));
      const none = tf.zerosLike(rows[0]![0]!);
      const wide = (row: tf.Tensor[]) => tf.stack([row[0]!, none, row[1]!, none, row[2]!]);
      const empty = wide([none, none, none]);
      return tf.stack([wide(rows[0]!), empty, wide(rows[1]!), empty, wide(rows[2]!)]) as tf.Tensor4D;
    });
    const dilated = tf.conv2d(x, filter, 1, "valid", "NHWC", 2).dataSync();
    tf.conv2d(x, spread, 1, "valid").dataSync().forEach((value, i) => assertEquals(Math.abs(dilated[i]! - value) < 1e-5, true));
  });
});

Deno.test("conv2dBackpropInput agrees with a gradient in plain loops", async () => {
  await assertCasesAgree(
    ({ filter, dy, attributes }) => kernel("Conv2DBackpropInput", { dy, filter }, attributes),
    (sizes, { filter, dy }) => inputGradient(sizes, dy, filter),
  );
});

Deno.test("conv2dBackpropFilter agrees with a gradient in plain loops", async () => {
  await assertCasesAgree(
    ({ x, dy, attributes }) => kernel("Conv2DBackpropFilter", { x, dy }, attributes),
    (sizes, { x, dy }) => filterGradient(sizes, dy, x),
  );
});

Deno.test("conv2dBackpropFilter throws for channels first", () => {
  tf.tidy(() => {
    const [x, dy] = [tf.zeros([1, 2, 4, 4]), tf.zeros([1, 3, 4, 4])];
    const attributes = { strides: [1, 1], pad: "same", dataFormat: "NCHW", filterShape: [1, 1, 2, 3] };
    assertThrows(() => kernel("Conv2DBackpropFilter", { x, dy }, attributes), RangeError, 'got "NCHW"');
  });
});
