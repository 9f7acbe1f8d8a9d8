/** Kernel `UnsortedSegmentSum`: adds up the rows that belong together. It is the gradient of `tf.gather`, so of every embedding, and
 * tfjs's WebAssembly backend has none (tfjs#8082). A plain loop on copies of the values: each is touched once.
 * @module */
import * as tf from "../../tf.ts";

/** @param x rows of any shape. @param ids the segment of each row; a row with a negative one is left out.
 * @returns `count` rows: the sums. */
function segmentSums(x: tf.Tensor, ids: tf.Tensor, count: number): tf.Tensor {
  const rowShape = x.shape.slice(ids.rank);
  const size = tf.util.sizeFromShape(rowShape);
  const values = x.dataSync() as Float32Array;
  const sums = tf.util.getTypedArrayFromDType(x.dtype as "float32", count * size);
  ids.dataSync().forEach((id, row) => {
    if (id < 0) return;
    if (id >= count) {
      throw new RangeError(`Cannot add up segments: wanted ids below ${count}, got ${id}; raise the number of segments`);
    }
    for (let i = 0; i < size; i++) sums[id * size + i]! += values[row * size + i]!;
  });
  return tf.tensor(sums, [count, ...rowShape], x.dtype);
}

/** The kernel, for {@linkcode tf.registerKernel}. */
export const unsortedSegmentSum: tf.KernelConfig = {
  kernelName: "UnsortedSegmentSum",
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs }) => {
    const { x, segmentIds } = inputs as { x: tf.Tensor; segmentIds: tf.Tensor };
    return segmentSums(x, segmentIds, attrs?.["numSegments"] as number);
  },
};
