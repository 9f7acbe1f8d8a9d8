/** Kernel `Conv2DBackpropFilter`: the gradient of a convolution for its filter. tfjs's WebAssembly backend has none (tfjs#8474), so
 * that no network with a convolution can train there. It is composed of a convolution, which that backend does very well.
 *
 * With stride s and padding p, and y[o] = Σₖ x[o·s + k − p]·w[k], the gradient is dw[k] = Σₒ x[o·s + k − p]·dy[o]: it slides dy over x,
 * one position for each k, and reads every s-th pixel. That is a convolution of x with the filter dy, dilated by s. The sum over the
 * batch is its sum over input channels, so the batch moves into the channels and the channels into the batch.
 * @module */
import * as tf from "../../tf.ts";
import { type ConvolutionInfo, convolutionInfo, visited } from "./convolution.ts";

/** @param x `[batch, inHeight, inWidth, inChannels]`.
 * @param dy `[batch, outHeight, outWidth, outChannels]`.
 * @returns `[filterHeight, filterWidth, inChannels, outChannels]`. */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, info: ConvolutionInfo): tf.Tensor4D {
  const { filterHeight, filterWidth, strideHeight, strideWidth, inChannels, outChannels } = info;
  const seen = visited(x, info);
  if (filterHeight === 1 && filterWidth === 1 && strideHeight === 1 && strideWidth === 1) {
    const product = tf.matMul(seen.reshape([-1, inChannels]), dy.reshape([-1, outChannels]), true);
    return product.reshape([1, 1, inChannels, outChannels]);
  }
  const channelsFirst = tf.transpose(seen, [3, 1, 2, 0]); // [inChannels, height, width, batch]
  const filter = tf.transpose(dy, [1, 2, 0, 3]); // [outHeight, outWidth, batch, outChannels]
  const gradient = tf.conv2d(channelsFirst, filter, 1, "valid", "NHWC", [strideHeight, strideWidth]);
  return tf.transpose(gradient, [1, 2, 0, 3]);
}

/** The kernel, for {@linkcode tf.registerKernel}. */
export const conv2dBackpropFilter: tf.KernelConfig = {
  kernelName: "Conv2DBackpropFilter",
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs }) => {
    const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
    const info = convolutionInfo(x.shape, attrs?.["filterShape"] as number[], attrs);
    return tf.tidy(() => filterGradient(x, dy, info));
  },
};
