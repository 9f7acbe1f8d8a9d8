/** Convolution kernels of the backend "wasm" on the cases of the oracle.
 * @module */
import { assertEquals, assertLess } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { difference, values } from "../_operations.ts";
import { CASES, describe, outputSize, type Sizes } from "./_oracle.ts";

/** The tensors of a case. */
export interface Tensors {
  x: tf.Tensor4D;
  filter: tf.Tensor4D;
  dy: tf.Tensor4D;
  /** What tfjs's kernels take beside. */
  attributes: tf.NamedAttrMap;
}

function tensorsOf(sizes: Sizes): Tensors {
  const { batch, height, width, inChannels, outChannels, filter, stride, padding: [top, bottom, left, right] } = sizes;
  return {
    x: values([batch, height, width, inChannels], 1) as tf.Tensor4D,
    filter: values([filter, filter, inChannels, outChannels], 2) as tf.Tensor4D,
    dy: values([batch, ...outputSize(sizes), outChannels], 3) as tf.Tensor4D,
    attributes: {
      strides: [stride, stride],
      pad: [[0, 0], [top, bottom], [left, right], [0, 0]] as unknown as number[],
      dataFormat: "NHWC",
      inputShape: [batch, height, width, inChannels],
      filterShape: [filter, filter, inChannels, outChannels],
      dilations: [1, 1],
    },
  };
}

/** Runs a registered kernel. */
export function kernel(name: string, inputs: Record<string, tf.Tensor>, attributes: tf.NamedAttrMap): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attributes);
}

/** Throws unless `actual` gives what `wanted` gives for every case, and leaves no tensor behind. */
export async function assertCasesAgree(
  actual: (tensors: Tensors, sizes: Sizes) => tf.Tensor,
  wanted: (sizes: Sizes, tensors: Record<"x" | "filter" | "dy", ArrayLike<number>>) => Float64Array,
): Promise<void> {
  await useBackend("wasm", { quiet: true });
  for (const sizes of CASES) {
    tf.tidy(() => {
      const tensors = tensorsOf(sizes);
      const before = tf.memory().numTensors;
      const got = actual(tensors, sizes);
      assertEquals(tf.memory().numTensors, before + 1, `tensors left behind: ${describe(sizes)}`);
      const { x, filter, dy } = tensors;
      const right = wanted(sizes, { x: x.dataSync(), filter: filter.dataSync(), dy: dy.dataSync() });
      assertLess(difference(got.dataSync(), right), 1e-5, describe(sizes));
    });
  }
}
