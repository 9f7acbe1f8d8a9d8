/** Kernel `BatchMatMul` for transposed matrices. tfjs's WebAssembly backend multiplies plain matrices fast, and falls back to
 * unblocked loops, 10 to 30 times slower, as soon as one is to be transposed, which is so in every gradient of a dense layer.
 * Transposing first costs far less.
 * @module */
import * as tf from "../../tf.ts";

/** Swaps the last two axes. */
function transposed(matrices: tf.Tensor): tf.Tensor {
  const axes = matrices.shape.map((_, axis) => axis);
  return tf.transpose(matrices, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/** The kernel, for {@linkcode tf.registerKernel}.
 * @param plain tfjs's own kernel, which then multiplies matrices as they lie. */
export function batchMatMul(plain: tf.KernelConfig): tf.KernelConfig {
  return {
    ...plain,
    kernelFunc: (call) => {
      const { transposeA, transposeB } = call.attrs as unknown as tf.BatchMatMulAttrs;
      if (!transposeA && !transposeB) return plain.kernelFunc(call);
      const { a, b } = call.inputs as { a: tf.Tensor; b: tf.Tensor };
      return tf.tidy(() => tf.matMul(transposeA ? transposed(a) : a, transposeB ? transposed(b) : b));
    },
  };
}
