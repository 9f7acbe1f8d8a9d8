/** Convolutions and their gradients by the fastest algorithm on a CPU: patch matrices (small_convolution.ts), Winograd tiles
 * (winograd.ts), the products below for a single output channel, or oneDNN, which TensorFlow's own ops call.
 * @module */
import * as tf from "../../tf.ts";
import { constantTensor, FLOAT, runOp } from "./active.ts";
import { attribute } from "./attributes.ts";
import { replaceKernel } from "./kernels.ts";
import * as small from "./small_convolution.ts";
import type { Info } from "./small_convolution.ts";
import * as winograd from "./winograd.ts";

/** Smallest number of multiplications per pair of channels, over all positions, that tiles must save to outweigh the transform of
 * the kernel. Measured on 2 cores with AVX-512. */
export const LEAST_SAVED = 2600;
/** Smallest number of channels and of filters for which the products of tiles are efficient. */
export const LEAST_CHANNELS = 64;
/** Kernel sizes that are efficient with tiles of 6x6. */
const SIDES = [3, 4];

/** Returns the geometry for winograd.ts, if tiles are the faster way. */
function tiled(info: Info): winograd.Convolution | undefined {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, inShape, outShape } = info;
  const plain = strideHeight * strideWidth * dilationHeight * dilationWidth === 1 && info.dataFormat === "channelsLast";
  if (!plain || filterHeight !== filterWidth || !SIDES.includes(filterHeight)) return undefined;
  const { inChannels, outChannels, filterShape, padInfo: { top, left } } = info;
  const saved = info.batchSize * info.outHeight * info.outWidth * winograd.savedPerPosition(filterHeight);
  if (Math.min(inChannels, outChannels) < LEAST_CHANNELS || saved < LEAST_SAVED) return undefined;
  return { inShape, outShape, kernelShape: filterShape, top, left };
}

/** Computes the geometry from the shapes of image and kernel. */
type InfoOf = (x: number[], filter: number[]) => Info;
/** A faster kernel, which returns undefined where it does not apply. */
type Fast = (inputs: Partial<tf.NamedTensorMap>, info: InfoOf, attributes: tf.NamedAttrMap) => tf.Tensor | undefined;

function infoOf({ strides, pad, dataFormat, dilations = 1, dimRoundingMode }: tf.NamedAttrMap): InfoOf {
  type Shape = [number, number, number, number];
  const format = tf.backend_util.convertConv2DDataFormat(dataFormat as "NHWC");
  return (x, filter) =>
    tf.backend_util.computeConv2DInfo(
      x as Shape,
      filter as Shape,
      strides as number,
      dilations as number,
      pad as "same",
      dimRoundingMode as "floor",
      false,
      format,
    );
}

/** Replaces tfjs-node's kernel by `fast` where that applies. */
function replaceWhereFast(kernelName: string, fast: Fast): void {
  replaceKernel(kernelName, (plain) => (call) => {
    const { inputs, attrs = {} } = call;
    return tf.tidy(() => fast(inputs as tf.NamedTensorMap, infoOf(attrs), attrs)) ?? plain(call);
  });
}

/** Computes y by one of the faster algorithms, if one applies. */
function forward(x: tf.Tensor, filter: tf.Tensor, about: Info): tf.Tensor | undefined {
  const tiles = tiled(about);
  if (tiles) return winograd.forward(tiles, x, filter);
  if (isSingleChannel(about)) return singleChannelForward(x, filter, about);
  return small.isLast(about) ? small.lastForward(x, filter) : undefined;
}

/** Registers the faster kernels, on a CPU. Call once. */
export function registerConvolutions(): void {
  replaceWhereFast("Conv2D", ({ x, filter }, info) => forward(x!, filter!, info(x!.shape, filter!.shape)));
  // tfjs's layers call this kernel, also during training, if the activation is a separate layer.
  replaceWhereFast("FusedConv2D", ({ x, filter, bias }, info, { activation }) => {
    const y = activation === "linear" ? forward(x!, filter!, info(x!.shape, filter!.shape)) : undefined;
    return y && bias ? tf.add(y, bias) : y;
  });
  replaceWhereFast("Conv2DBackpropFilter", ({ x, dy }, info, { filterShape }) => {
    const about = info(x!.shape, filterShape as number[]);
    const tiles = tiled(about);
    if (tiles) return winograd.kernelGradient(tiles, x!, dy!);
    if (isSingleChannel(about)) return singleChannelKernelGradient(x!, dy!, about);
    return small.isSmall(about) ? small.kernelGradient(x!, dy!, about) : undefined;
  });
  replaceWhereFast("Conv2DBackpropInput", ({ dy, filter }, info, { inputShape }) => {
    const about = info(inputShape as number[], filter!.shape);
    const tiles = tiled(about);
    if (tiles) return winograd.imageGradient(tiles, dy!, filter!);
    return small.isSmall(about) || small.isThin(about) ? small.imageGradient(dy!, filter!, about) : undefined;
  });
}

/** Returns whether this is an unpadded stride-1 convolution to a single channel, as in the last layer of every patch
 * discriminator, where tf.layers.zeroPadding2d pads the input beforehand.
 *
 * oneDNN fills a vector register with output channels, so that a single one reaches a tenth of the machine's speed. Matrix
 * products are faster. With x as a matrix X `[positions, channels]` and the kernel as W `[taps, channels]`:
 *
 *     Z = X Wᵀ       products of each pixel with each tap; y is the sum over the taps of an output
 *     dW = Pᵀ X      row r of P holds, for each tap, the dy of the output that sees pixel r through this tap
 *
 * The gradient with respect to the image is left to oneDNN, which is as fast. */
function isSingleChannel(info: Info): boolean {
  const { outChannels, strideHeight, strideWidth, dilationHeight, dilationWidth, filterHeight, filterWidth, padInfo } = info;
  const plain = strideHeight * strideWidth * dilationHeight * dilationWidth === 1 && info.dataFormat === "channelsLast";
  return plain && padInfo.type === "VALID" && outChannels === 1 && filterHeight * filterWidth > 1;
}

/** Computes y. */
function singleChannelForward(
  x: tf.Tensor,
  kernel: tf.Tensor,
  { filterHeight, filterWidth, inChannels, inShape }: Info,
): tf.Tensor {
  const taps = filterHeight * filterWidth;
  const z = tf.matMul(tf.reshape(x, [-1, inChannels]), tf.reshape(kernel, [taps, inChannels]), false, true);
  // The sum over taps is also a convolution, which takes the channel of tap (i, j) from the pixel at (i, j).
  const selection = constantTensor(
    [filterHeight, filterWidth, taps, 1],
    Float32Array.from({ length: taps * taps }, (_, i) => i % (taps + 1) === 0 ? 1 : 0),
  );
  const attributes = [
    FLOAT,
    attribute.int("strides", [1, 1, 1, 1]),
    attribute.text("padding", "VALID"),
    attribute.text("data_format", "NHWC"),
    attribute.int("dilations", [1, 1, 1, 1]),
  ];
  return runOp("Conv2D", attributes, [tf.reshape(z, [...inShape.slice(0, 3), taps]), selection])[0]!;
}

/** Computes dW. The output that sees pixel r through tap (i, j) lies (i, j) before r: P has the taps in reverse order. */
function singleChannelKernelGradient(
  x: tf.Tensor,
  dy: tf.Tensor,
  { filterHeight, filterWidth, filterShape, inChannels }: Info,
): tf.Tensor {
  const [top, left] = [filterHeight - 1, filterWidth - 1];
  const attributes = [
    FLOAT,
    attribute.int("ksizes", [1, filterHeight, filterWidth, 1]),
    attribute.int("strides", [1, 1, 1, 1]),
    attribute.int("rates", [1, 1, 1, 1]),
    attribute.text("padding", "VALID"),
  ];
  const padded = tf.pad(dy as tf.Tensor4D, [[0, 0], [top, top], [left, left], [0, 0]]);
  const patches = tf.reshape(runOp("ExtractImagePatches", attributes, [padded])[0]!, [-1, filterHeight * filterWidth]);
  const reversed = tf.matMul(patches, tf.reshape(x, [-1, inChannels]), true, false);
  return tf.reverse(tf.reshape(reversed, filterShape), [0, 1]);
}
