/** A convolution and its two gradients in plain loops, and cases on which kernels of the backend "wasm" are compared with them.
 * @module */
import * as tf from "../../../lib/tf.ts";
import { assertEquals, assertLess } from "@std/assert";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { difference, values } from "../_operations.ts";

/** Sizes of a convolution of `[batch, height, width, inChannels]`. */
export interface Sizes {
  batch: number;
  height: number;
  width: number;
  inChannels: number;
  outChannels: number;
  filter: number;
  stride: number;
  /** Rows and columns of zeros above, below, left and right. */
  padding: [number, number, number, number];
}

/** Returns height and width of the result. */
export function outputSize({ height, width, filter, stride, padding: [top, bottom, left, right] }: Sizes): [number, number] {
  const along = (size: number) => Math.floor((size - filter) / stride) + 1;
  return [along(height + top + bottom), along(width + left + right)];
}

/** Calls `visit` with the indices into x, filter and y of every product of the convolution. */
function forEachProduct(sizes: Sizes, visit: (x: number, filter: number, y: number) => void): void {
  const { batch, height, width, inChannels, outChannels, filter, stride, padding: [top, , left] } = sizes;
  const [outHeight, outWidth] = outputSize(sizes);
  for (let n = 0; n < batch; n++) {
    for (let place = 0; place < outHeight * outWidth * filter * filter; place++) {
      const tap = place % (filter * filter);
      const [outRow, outColumn] = [
        Math.floor(place / (filter * filter * outWidth)),
        Math.floor(place / (filter * filter)) % outWidth,
      ];
      const [row, column] = [outRow * stride - top + Math.floor(tap / filter), outColumn * stride - left + tap % filter];
      if (row < 0 || row >= height || column < 0 || column >= width) continue;
      for (let i = 0; i < inChannels; i++) {
        for (let o = 0; o < outChannels; o++) {
          visit(
            ((n * height + row) * width + column) * inChannels + i,
            (tap * inChannels + i) * outChannels + o,
            ((n * outHeight + outRow) * outWidth + outColumn) * outChannels + o,
          );
        }
      }
    }
  }
}

/** Computes y from x and the filter. */
export function convolve(sizes: Sizes, x: ArrayLike<number>, filter: ArrayLike<number>): Float64Array {
  const [outHeight, outWidth] = outputSize(sizes);
  const y = new Float64Array(sizes.batch * outHeight * outWidth * sizes.outChannels);
  forEachProduct(sizes, (i, k, o) => y[o]! += x[i]! * filter[k]!);
  return y;
}

/** Computes the gradient of Σ dy · y with respect to x. */
export function inputGradient(sizes: Sizes, dy: ArrayLike<number>, filter: ArrayLike<number>): Float64Array {
  const dx = new Float64Array(sizes.batch * sizes.height * sizes.width * sizes.inChannels);
  forEachProduct(sizes, (i, k, o) => dx[i]! += dy[o]! * filter[k]!);
  return dx;
}

/** Computes the gradient of Σ dy · y with respect to the filter. */
export function filterGradient(sizes: Sizes, dy: ArrayLike<number>, x: ArrayLike<number>): Float64Array {
  const dw = new Float64Array(sizes.filter ** 2 * sizes.inChannels * sizes.outChannels);
  forEachProduct(sizes, (i, k, o) => dw[k]! += dy[o]! * x[i]!);
  return dw;
}

/** Various sizes, filters, strides and paddings. Cases with many output channels have few positions by comparison. */
export const CASES: Sizes[] = [
  [1, 8, 8, 4, 2, [1, 1, 1, 1]],
  [2, 7, 9, 3, 2, [1, 1, 1, 1]],
  [2, 5, 6, 4, 1, [1, 2, 1, 2]],
  [3, 6, 5, 3, 3, [0, 0, 0, 0]],
  [2, 4, 4, 1, 1, [0, 0, 0, 0]],
  [2, 5, 4, 1, 2, [0, 0, 0, 0]],
  [1, 7, 8, 2, 3, [0, 1, 1, 0]],
  [1, 6, 6, 5, 2, [4, 4, 4, 4]],
  [1, 2, 2, 4, 2, [1, 1, 1, 1]],
  [1, 5, 5, 2, 1, [0, 3, 3, 0]],
].flatMap((row) => {
  const [batch, height, width, filter, stride, padding] = row as [number, number, number, number, number, Sizes["padding"]];
  return [2, 70, 72].map((outChannels) => ({ batch, height, width, inChannels: 3, outChannels, filter, stride, padding }));
});

/** Describes a case in the message of a failed assertion. */
export function describe(sizes: Sizes): string {
  return JSON.stringify(sizes);
}

/** The tensors of a case. */
export interface Tensors {
  x: tf.Tensor4D;
  filter: tf.Tensor4D;
  dy: tf.Tensor4D;
  /** Attributes of tfjs's kernels. */
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

/** Throws unless `actual` equals `wanted` in every case and leaks no tensor. */
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
      assertEquals(tf.memory().numTensors, before + 1, `leaked tensors: ${describe(sizes)}`);
      const { x, filter, dy } = tensors;
      const right = wanted(sizes, { x: x.dataSync(), filter: filter.dataSync(), dy: dy.dataSync() });
      assertLess(difference(got.dataSync(), right), 1e-5, describe(sizes));
    });
  }
}
