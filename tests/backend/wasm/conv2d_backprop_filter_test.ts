import { assertThrows } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { filterGradient } from "./_oracle.ts";
import { assertCasesAgree, kernel } from "./_run.ts";

Deno.test("conv2dBackpropFilter() is the gradient of a plain loop", async () => {
  await assertCasesAgree(
    ({ x, dy, attributes }) => kernel("Conv2DBackpropFilter", { x, dy }, attributes),
    (sizes, { x, dy }) => filterGradient(sizes, dy, x),
  );
});

Deno.test("conv2dBackpropFilter() refuses channels first", () => {
  tf.tidy(() => {
    const [x, dy] = [tf.zeros([1, 2, 4, 4]), tf.zeros([1, 3, 4, 4])];
    const attributes = { strides: [1, 1], pad: "same", dataFormat: "NCHW", filterShape: [1, 1, 2, 3] };
    assertThrows(() => kernel("Conv2DBackpropFilter", { x, dy }, attributes), RangeError, 'got "NCHW"');
  });
});
