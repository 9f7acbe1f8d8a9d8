/** Kernels `Conv2D` and `FusedConv2D` for a large filter over few positions (see convolution.ts for why), else tfjs's own.
 * @module */
import * as tf from "../../tf.ts";
import {
  type ConvolutionInfo,
  convolutionInfo,
  hasFewPositions,
  interleave,
  patches,
  sumPatches,
  tapsOf,
  visited,
} from "./convolution.ts";

interface Inputs {
  x: tf.Tensor4D;
  filter: tf.Tensor4D;
  bias?: tf.Tensor;
}

/** Whether the call asks for no more than a convolution and a bias. */
function isPlain(attributes: tf.NamedAttrMap | undefined): boolean {
  const { dilations, dataFormat, activation } = attributes as unknown as tf.FusedConv2DAttrs;
  return [dilations].flat().every((dilation) => dilation === 1) && dataFormat !== "NCHW" && (activation ?? "linear") === "linear";
}

/** The kernel, for {@linkcode tf.registerKernel}.
 * @param xnnpack tfjs's own kernel, `Conv2D` or `FusedConv2D`. */
export function conv2d(xnnpack: tf.KernelConfig): tf.KernelConfig {
  return {
    ...xnnpack,
    kernelFunc: (call) => {
      if (!isPlain(call.attrs)) return xnnpack.kernelFunc(call);
      const { x, filter, bias } = call.inputs as unknown as Inputs;
      const info = convolutionInfo(x.shape, filter.shape, call.attrs);
      if (!hasFewPositions(info)) return xnnpack.kernelFunc(call);
      return tf.tidy(() => {
        const product = tf.matMul(patches(x, info), filter.reshape([-1, info.outChannels]));
        return (bias ? tf.add(product, bias) : product).reshape(info.outShape);
      });
    },
  };
}

/** Kernel `Conv2DBackpropInput`: the gradient of a convolution for its input, and the forward pass of a transposed convolution. tfjs's
 * WebAssembly backend has one in plain loops, up to ten times slower than its convolution; this one takes its place.
 *
 * With stride s and padding p: dx[i] = Σ over k ≡ i + p (mod s) of dy[(i + p − k)/s]·w[k]. All i + p = s·q + r with the same remainder
 * r use the same taps of the filter, w[r], w[r + s], w[r + 2s] ..., so for each r these are a convolution of dy with those taps,
 * mirrored, at stride 1. The s·s results are then interleaved: no zero is multiplied, as happens when dy is spread out first.
 * (merged) */

/** The mirrored part of a filter that has these taps: `[rows, columns, outChannels, inChannels]`.
 * @param pieces the filter by its taps, each `[1, 1, outChannels, inChannels]`. */
function partOf(pieces: tf.Tensor4D[][], rows: number[], columns: number[]): tf.Tensor4D {
  const mirrored = rows.toReversed().map((row) => tf.concat(columns.toReversed().map((column) => pieces[row]![column]!), 1));
  return tf.concat(mirrored, 0);
}

/** The whole gradient by convolutions.
 * @param dy `[batch, outHeight, outWidth, outChannels]`.
 * @param filter `[filterHeight, filterWidth, inChannels, outChannels]`.
 * @returns `[batch, inHeight, inWidth, inChannels]`. */
function byConvolutions(dy: tf.Tensor4D, filter: tf.Tensor4D, info: ConvolutionInfo): tf.Tensor4D {
  const { batchSize, inChannels, outChannels, inHeight, inWidth, filterHeight, filterWidth, strideHeight, strideWidth } = info;
  const { top, left } = info.padInfo;
  const height = Math.ceil((inHeight + top) / strideHeight);
  const width = Math.ceil((inWidth + left) / strideWidth);
  // Outputs that lie wholly in the padding at the end touch no pixel.
  const touching = tf.slice(dy, 0, [batchSize, Math.min(height, info.outHeight), Math.min(width, info.outWidth), outChannels]);
  const [, dyHeight, dyWidth] = touching.shape;
  const turned = tf.transpose(filter, [0, 1, 3, 2]);
  const pieces = tf.split<tf.Tensor4D>(turned, filterHeight, 0).map((row) => tf.split<tf.Tensor4D>(row, filterWidth, 1));
  const phase = (rows: number[], columns: number[]): tf.Tensor4D => {
    if (!rows.length || !columns.length) return tf.zeros([batchSize, height, width, inChannels]);
    const padding: tf.backend_util.ExplicitPadding = [
      [0, 0],
      [rows.length - 1, height - dyHeight],
      [columns.length - 1, width - dyWidth],
      [0, 0],
    ];
    return tf.conv2d(touching, partOf(pieces, rows, columns), 1, padding);
  };
  const phases = Array.from(
    { length: strideHeight },
    (_, r) =>
      Array.from(
        { length: strideWidth },
        (_, c) => phase(tapsOf(filterHeight, strideHeight, r), tapsOf(filterWidth, strideWidth, c)),
      ),
  );
  return tf.slice(interleave(phases), [0, top, left, 0], [batchSize, inHeight, inWidth, inChannels]);
}

/** The same by one matrix product. The filter is its left side, so that only dy is turned and packed.
 * @param dy `[batch, outHeight, outWidth, outChannels]`.
 * @param filter `[filterHeight, filterWidth, inChannels, outChannels]`.
 * @returns `[batch, inHeight, inWidth, inChannels]`. */
function byPatches(dy: tf.Tensor4D, filter: tf.Tensor4D, info: ConvolutionInfo): tf.Tensor4D {
  const rows: tf.Tensor2D = filter.reshape([-1, info.outChannels]);
  return sumPatches(tf.matMul(rows, dy.reshape([-1, info.outChannels]), false, true), info);
}

/** The kernel, for {@linkcode tf.registerKernel}. */
export const conv2dBackpropInput: tf.KernelConfig = {
  kernelName: "Conv2DBackpropInput",
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs }) => {
    const { dy, filter } = inputs as { dy: tf.Tensor4D; filter: tf.Tensor4D };
    const info = convolutionInfo(attrs?.["inputShape"] as number[], filter.shape, attrs);
    return tf.tidy(() => (hasFewPositions(info) ? byPatches : byConvolutions)(dy, filter, info));
  },
};

/** Kernel `Conv2DBackpropFilter`: the gradient of a convolution for its filter. tfjs's WebAssembly backend has none (tfjs#8474), so
 * that no network with a convolution can train there. It is composed of a convolution, which that backend does very well.
 *
 * With stride s and padding p, and y[o] = Σₖ x[o·s + k − p]·w[k], the gradient is dw[k] = Σₒ x[o·s + k − p]·dy[o]: it slides dy over x,
 * one position for each k, and reads every s-th pixel. That is a convolution of x with the filter dy, dilated by s. The sum over the
 * batch is its sum over input channels, so the batch moves into the channels and the channels into the batch.
 * (merged) */

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
