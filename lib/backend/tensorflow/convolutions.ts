/** Convolutions and their gradients on a CPU, computed by the fastest available algorithm. Convolutions with many channels use
 * Winograd tiles (winograd.ts), convolutions of small images use patch matrices (small_convolution.ts), and convolutions with a
 * single output channel use matrix products. All other convolutions use oneDNN, which TensorFlow's own ops call.
 * @module */
import * as tf from "../../tf.ts";
import { constantTensor, FLOAT, frozen, runOp } from "./active.ts";
import { attribute } from "./attributes.ts";
import { replaceKernel } from "./kernels.ts";
import * as small from "./small_convolution.ts";
import type { Info } from "./small_convolution.ts";
import * as winograd from "./winograd.ts";

/** Minimum number of saved multiplications that outweighs the cost of transforming the weights. Multiplications are counted over
 * all positions, for one input channel and one output channel. The value was measured on 2 cores with AVX-512. */
export const LEAST_SAVED = 2600;
/** Minimum number of input channels, and of output channels, for which the matrix products over tiles are efficient. */
export const LEAST_CHANNELS = 64;
/** Filter sizes for which 6x6 tiles are efficient. */
const SIDES = [3, 4];

/** Returns whether a convolution has stride 1, no dilation, and channels as the last axis. */
function isPlain({ strideHeight, strideWidth, dilationHeight, dilationWidth, dataFormat }: Info): boolean {
  return strideHeight * strideWidth * dilationHeight * dilationWidth === 1 && dataFormat === "channelsLast";
}

/** Returns whether Winograd tiling is the fastest algorithm. */
function isTiled(info: Info): boolean {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  if (!isPlain(info) || filterHeight !== filterWidth || !SIDES.includes(filterHeight)) return false;
  const saved = info.batchSize * info.outHeight * info.outWidth * winograd.savedPerPosition(filterHeight);
  return Math.min(inChannels, outChannels) >= LEAST_CHANNELS && saved >= LEAST_SAVED;
}

/** A faster implementation of a tfjs kernel, which returns undefined for convolutions that it does not handle. */
type Fast = (inputs: tf.NamedTensorMap, info: Info, attributes: tf.NamedAttrMap) => tf.Tensor | undefined;

/** Replaces a kernel of tfjs-node that computes a convolution. oneDNN copies a kernel to its own layout on every call, unless the
 * kernel is a constant. */
function replaceForward(kernelName: string, fast: Fast): void {
  replaceWhereFast(kernelName, fast);
  replaceKernel(kernelName, (plain) => (call) => {
    const given = call.inputs["filter"] as tf.Tensor;
    const filter = frozen(given);
    const result = plain({ ...call, inputs: { ...call.inputs, filter } });
    if (filter !== given) filter.dispose();
    return result;
  });
}

/** Replaces a kernel of tfjs-node with `fast`, except for calls for which `fast` returns undefined. */
function replaceWhereFast(kernelName: string, fast: Fast): void {
  replaceKernel(kernelName, (plain) => (call) => {
    const [inputs, attributes] = [call.inputs as tf.NamedTensorMap, call.attrs!];
    const info = infoOf(inputs, attributes as unknown as Attributes);
    return tf.tidy(() => fast(inputs, info, attributes)) ?? plain(call);
  });
}

/** Attributes of the four kernels that this module replaces. A kernel that computes a gradient takes the gradient's shape as an
 * attribute. */
type Attributes =
  & tf.Conv2DAttrs
  & Pick<tf.Conv2DBackpropInputAttrs, "inputShape">
  & Pick<tf.Conv2DBackpropFilterAttrs, "filterShape">;

function infoOf({ x, filter }: tf.NamedTensorMap, attributes: Attributes): Info {
  const { strides, pad, dataFormat, dilations = 1, dimRoundingMode } = attributes;
  const inShape = x ? (x as tf.Tensor4D).shape : attributes.inputShape;
  const filterShape = filter ? (filter as tf.Tensor4D).shape : attributes.filterShape;
  const format = tf.backend_util.convertConv2DDataFormat(dataFormat);
  return tf.backend_util.computeConv2DInfo(inShape, filterShape, strides, dilations, pad, dimRoundingMode, false, format);
}

/** Computes the output y with a faster algorithm, or returns undefined if none applies. */
function forward({ x, filter }: tf.NamedTensorMap, info: Info): tf.Tensor | undefined {
  if (isTiled(info)) return winograd.forward(x!, filter!, info);
  if (isSingleChannel(info)) return singleChannelForward(x!, filter!, info);
  return small.isLast(info) ? small.lastForward(x!, filter!) : undefined;
}

/** Registers the faster kernels, which are meant for CPUs only. Call this function only once. */
export function registerConvolutions(): void {
  replaceForward("Conv2D", forward);
  // tfjs's layers call this kernel, even during training, if the activation is a separate layer.
  replaceForward("FusedConv2D", (inputs, info, { activation }) => {
    const y = activation === "linear" ? forward(inputs, info) : undefined;
    return y && inputs["bias"] ? tf.add(y, inputs["bias"]) : y;
  });
  replaceWhereFast("Conv2DBackpropFilter", ({ x, dy }, info) => {
    if (isTiled(info)) return winograd.kernelGradient(x!, dy!, info);
    if (isSingleChannel(info)) return singleChannelKernelGradient(x!, dy!, info);
    return small.isSmall(info) ? small.kernelGradient(x!, dy!, info) : undefined;
  });
  replaceWhereFast("Conv2DBackpropInput", ({ dy, filter }, info) => {
    if (isTiled(info)) return winograd.imageGradient(dy!, filter!, info);
    return small.isSmall(info) || small.isThin(info) ? small.imageGradient(dy!, filter!, info) : undefined;
  });
}

/** Returns whether a convolution has no padding, stride 1 and a single output channel. The last layer of every patch
 * discriminator is such a convolution, because a separate layer, tf.layers.zeroPadding2d, pads its input.
 *
 * oneDNN vectorizes over output channels, so a convolution with a single output channel runs at a tenth of peak speed. Matrix
 * products are faster. The formulas use the image x as a matrix X `[positions, channels]` and the filter as a matrix W
 * `[taps, channels]`.
 *
 * ```text
 * Z = X Wᵀ       products of each pixel with each tap; each output in y is the sum over its taps
 * dW = Pᵀ X      row r of P holds, for each tap, the dy of the output that sees pixel r through this tap
 * ```
 *
 * The gradient with respect to the image is left to oneDNN, which is equally fast. */
function isSingleChannel(info: Info): boolean {
  return isPlain(info) && info.padInfo.type === "VALID" && info.outChannels === 1 && info.filterHeight * info.filterWidth > 1;
}

/** Computes y. */
function singleChannelForward(x: tf.Tensor, kernel: tf.Tensor, info: Info): tf.Tensor {
  const { filterHeight, filterWidth, inChannels, inShape } = info;
  const taps = filterHeight * filterWidth;
  const z = tf.matMul(tf.reshape(x, [-1, inChannels]), tf.reshape(kernel, [taps, inChannels]), false, true);
  // The sum over taps is also a convolution, which takes the channel of tap (i, j) from the pixel at offset (i, j).
  const diagonal = Float32Array.from({ length: taps * taps }, (_, i) => i % (taps + 1) === 0 ? 1 : 0);
  const selection = constantTensor([filterHeight, filterWidth, taps, 1], diagonal);
  const ones = [1, 1, 1, 1];
  const attributes = [
    FLOAT,
    attribute.int("strides", ones),
    attribute.text("padding", "VALID"),
    attribute.text("data_format", "NHWC"),
    attribute.int("dilations", ones),
  ];
  return runOp("Conv2D", attributes, [tf.reshape(z, [...inShape.slice(0, 3), taps]), selection])[0]!;
}

/** Computes dW. Pixel r contributes to the output at r − (i, j) through tap (i, j) of the filter. A patch of dy therefore
 * contains the taps in reverse order. */
function singleChannelKernelGradient(x: tf.Tensor, dy: tf.Tensor, info: Info): tf.Tensor {
  const { filterHeight, filterWidth, filterShape, inChannels } = info;
  const [top, left] = [filterHeight - 1, filterWidth - 1];
  const padded = tf.pad(dy as tf.Tensor4D, [[0, 0], [top, top], [left, left], [0, 0]]);
  const patches = small.patchesOf(padded, [filterHeight, filterWidth], 1, "VALID");
  const reversed = tf.matMul(patches, tf.reshape(x, [-1, inChannels]), true, false);
  return tf.reverse(tf.reshape(reversed, filterShape), [0, 1]);
}
