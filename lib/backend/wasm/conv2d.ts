/** Convolution kernels of the backend "wasm", forward and backward. If a large filter is applied at few positions, the kernels
 * use a patch matrix (see convolution.ts); otherwise, they use tfjs's fast convolution.
 * @module */
import * as tf from "../../tf.ts";
import { col2im, convolutionInfo, hasFewPositions, im2col, type Info, interleave, paddedInput, tapsOf } from "./convolution.ts";

interface Inputs {
  x: tf.Tensor4D;
  filter: tf.Tensor4D;
  bias?: tf.Tensor;
}

/** Returns whether a call is an undilated NHWC convolution without an activation; a bias is allowed. */
function isPlain(attributes: tf.NamedAttrMap | undefined): boolean {
  const { dilations, dataFormat, activation } = attributes as unknown as tf.FusedConv2DAttrs;
  return [dilations].flat().every((dilation) => dilation === 1) && dataFormat !== "NCHW" && (activation ?? "linear") === "linear";
}

/** Returns a replacement for the `Conv2D` or `FusedConv2D` kernel.
 * @param xnnpack Original kernel of tfjs, which uses XNNPACK. */
export function conv2d(xnnpack: tf.KernelConfig): tf.KernelConfig {
  return {
    ...xnnpack,
    kernelFunc: (call) => {
      if (!isPlain(call.attrs)) return xnnpack.kernelFunc(call);
      const { x, filter, bias } = call.inputs as unknown as Inputs;
      const info = convolutionInfo(x.shape, filter.shape, call.attrs);
      if (!hasFewPositions(info)) return xnnpack.kernelFunc(call);
      return tf.tidy(() => {
        const product = tf.matMul(im2col(x, info), filter.reshape([-1, info.outChannels]));
        return (bias ? tf.add(product, bias) : product).reshape(info.outShape);
      });
    },
  };
}

/** Returns the mirrored subfilter that consists of the given taps: `[rows, columns, outChannels, inChannels]`.
 * @param pieces The filter's taps, each `[1, 1, outChannels, inChannels]`. */
function subfilter(pieces: tf.Tensor4D[][], rows: number[], columns: number[]): tf.Tensor4D {
  const mirrored = rows.toReversed().map((row) => tf.concat(columns.toReversed().map((column) => pieces[row]![column]!), 1));
  return tf.concat(mirrored, 0);
}

/** Computes the input gradient with convolutions.
 *
 * The formula holds for one dimension, with stride s and padding p.
 *
 * ```text
 * dx[i] = Σ dy[(i + p − k) / s] · w[k]     over all k ≡ i + p (mod s)
 * ```
 *
 * All positions i with the same remainder r = (i + p) mod s form phase r. The positions of a phase use only the taps w[r], w[r +
 * s], w[r + 2s] and so on, so each phase is a stride-1 convolution of dy with these taps, mirrored. In two dimensions, s·s phases
 * are interleaved. Dividing the positions into phases avoids multiplications by inserted zeros.
 * @param dy Gradient of the output: `[batch, outHeight, outWidth, outChannels]`.
 * @param filter Weights of the convolution: `[filterHeight, filterWidth, inChannels, outChannels]`.
 * @returns `[batch, inHeight, inWidth, inChannels]`. */
function inputGradientByPhases(dy: tf.Tensor4D, filter: tf.Tensor4D, info: Info): tf.Tensor4D {
  const { batchSize, inChannels, outChannels, inHeight, inWidth, filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const { top, left } = info.padInfo;
  const height = Math.ceil((inHeight + top) / strideHeight);
  const width = Math.ceil((inWidth + left) / strideWidth);
  // Outputs whose patches lie entirely in the trailing padding depend on no pixel.
  const touching = tf.slice(dy, 0, [batchSize, Math.min(height, info.outHeight), Math.min(width, info.outWidth), outChannels]);
  const [, dyHeight, dyWidth] = touching.shape;
  const transposed = tf.transpose(filter, [0, 1, 3, 2]);
  const pieces = tf.split<tf.Tensor4D>(transposed, filterHeight, 0).map((row) => tf.split<tf.Tensor4D>(row, filterWidth, 1));
  const phase = (rows: number[], columns: number[]): tf.Tensor4D => {
    if (!rows.length || !columns.length) return tf.zeros([batchSize, height, width, inChannels]);
    const [vertical, horizontal] = [[rows.length - 1, height - dyHeight], [columns.length - 1, width - dyWidth]];
    const padding = [[0, 0], vertical, horizontal, [0, 0]] as tf.backend_util.ExplicitPadding;
    return tf.conv2d(touching, subfilter(pieces, rows, columns), 1, padding);
  };
  const columns = Array.from({ length: strideWidth }, (_, c) => tapsOf(filterWidth, strideWidth, c));
  const rows = Array.from({ length: strideHeight }, (_, r) => tapsOf(filterHeight, strideHeight, r));
  const phases = rows.map((row) => columns.map((column) => phase(row, column)));
  return tf.slice(interleave(phases), [0, top, left, 0], [batchSize, inHeight, inWidth, inChannels]);
}

/** Computes the input gradient with one matrix product. The filter is the left factor of the product, so only dy is transposed
 * and packed. */
function inputGradientByPatches(dy: tf.Tensor4D, filter: tf.Tensor4D, info: Info): tf.Tensor4D {
  const rows: tf.Tensor2D = filter.reshape([-1, info.outChannels]);
  return col2im(tf.matMul(rows, dy.reshape([-1, info.outChannels]), false, true), info);
}

/** The `Conv2DBackpropInput` kernel: the gradient of a convolution with respect to its input, and the forward pass of a
 * transposed convolution. tfjs's own kernel uses plain loops and is up to ten times slower than the forward one. */
export const conv2dBackpropInput: tf.KernelConfig = {
  kernelName: "Conv2DBackpropInput",
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs }) => {
    const { dy, filter } = inputs as { dy: tf.Tensor4D; filter: tf.Tensor4D };
    const info = convolutionInfo(attrs?.["inputShape"] as number[], filter.shape, attrs);
    return tf.tidy(() => (hasFewPositions(info) ? inputGradientByPatches : inputGradientByPhases)(dy, filter, info));
  },
};

/** Computes the filter gradient with a convolution.
 *
 * The formulas hold for one dimension, with stride s and padding p.
 *
 * ```text
 * y[o] = Σₖ x[o·s + k − p] · w[k]
 * dw[k] = Σₒ x[o·s + k − p] · dy[o]
 * ```
 *
 * The filter gradient dw is thus a convolution of x in which dy is the filter, dilated by s. The gradient is also summed over the
 * batch. A convolution sums over the input channels, so the batch and channel axes of x are swapped.
 * @param x Input of the convolution: `[batch, inHeight, inWidth, inChannels]`.
 * @param dy Gradient of the output: `[batch, outHeight, outWidth, outChannels]`.
 * @returns `[filterHeight, filterWidth, inChannels, outChannels]`. */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, info: Info): tf.Tensor4D {
  const { filterHeight, filterWidth, strideHeight, strideWidth, inChannels, outChannels } = info;
  const padded = paddedInput(x, info);
  if (filterHeight === 1 && filterWidth === 1 && strideHeight === 1 && strideWidth === 1) {
    const product = tf.matMul(padded.reshape([-1, inChannels]), dy.reshape([-1, outChannels]), true);
    return product.reshape([1, 1, inChannels, outChannels]);
  }
  const channelsFirst = tf.transpose(padded, [3, 1, 2, 0]); // [inChannels, height, width, batch]
  const filter = tf.transpose(dy, [1, 2, 0, 3]); // [outHeight, outWidth, batch, outChannels]
  const gradient = tf.conv2d(channelsFirst, filter, 1, "valid", "NHWC", [strideHeight, strideWidth]);
  return tf.transpose(gradient, [1, 2, 0, 3]);
}

/** The `Conv2DBackpropFilter` kernel: the gradient of a convolution with respect to its filter. tfjs's WebAssembly backend lacks
 * this kernel (tfjs#8474), without which convolutional networks cannot be trained. */
export const conv2dBackpropFilter: tf.KernelConfig = {
  kernelName: "Conv2DBackpropFilter",
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs }) => {
    const { x, dy } = inputs as { x: tf.Tensor4D; dy: tf.Tensor4D };
    const info = convolutionInfo(x.shape, attrs?.["filterShape"] as number[], attrs);
    return tf.tidy(() => filterGradient(x, dy, info));
  },
};
