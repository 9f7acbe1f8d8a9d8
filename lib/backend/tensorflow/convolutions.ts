/** Convolutions and their gradients by the way that is fastest on a CPU: as products of matrices (patches.ts, logits.ts), by transformed tiles
 * (winograd.ts), or by oneDNN, which TensorFlow's own ops call.
 * @module */
import * as tf from "../../tf.ts";
import * as patches from "./small_convolution.ts";
import * as winograd from "./winograd.ts";
import type { Info } from "./small_convolution.ts";
import { fixedTensor, FLOAT, runOp } from "./active.ts";
import { attribute } from "./attributes.ts";

/** Multiplications that the tiles must save for each weight's pair of channels, or they do not pay for transforming the kernel: the more positions a
 * kernel meets, the more it saves. Measured on 2 cores with AVX-512. */
export const LEAST_SAVED = 2600;
/** Fewer channels or filters make the products too thin. */
export const LEAST_CHANNELS = 64;
/** Sides of a kernel that a tile of 6x6 serves well. */
const SIDES = [3, 4];

/** The convolution as winograd.ts wants it, if that is the faster way. */
function tiled(info: Info): winograd.Convolution | undefined {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, inShape, outShape } = info;
  const plain = strideHeight * strideWidth * dilationHeight * dilationWidth === 1 && info.dataFormat === "channelsLast";
  if (!plain || filterHeight !== filterWidth || !SIDES.includes(filterHeight)) return undefined;
  const { inChannels, outChannels, filterShape, padInfo: { top, left } } = info;
  const saved = info.batchSize * info.outHeight * info.outWidth * winograd.savedPerPosition(filterHeight);
  if (Math.min(inChannels, outChannels) < LEAST_CHANNELS || saved < LEAST_SAVED) return undefined;
  return { inShape, outShape, kernelShape: filterShape, top, left };
}

/** Makes the sizes of the shapes of picture and kernel. */
type InfoOf = (x: number[], filter: number[]) => Info;
/** A faster kernel; undefined where it does not apply. */
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

/** Puts `fast` in place of tfjs-node's kernel where it gives something. */
function replaceKernel(kernelName: string, fast: Fast): void {
  const plain = tf.getKernel(kernelName, "tensorflow");
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({
    ...plain,
    kernelFunc: (call) => {
      const { inputs, attrs = {} } = call;
      return tf.tidy(() => fast(inputs as tf.NamedTensorMap, infoOf(attrs), attrs)) ?? plain.kernelFunc(call);
    },
  });
}

/** y by one of the faster ways, if one applies. */
function forward(x: tf.Tensor, filter: tf.Tensor, about: Info): tf.Tensor | undefined {
  const tiles = tiled(about);
  if (tiles) return winograd.forward(tiles, x, filter);
  if (isSingleChannel(about)) return singleChannelForward(x, filter, about);
  return patches.isLast(about) ? patches.lastForward(x, filter) : undefined;
}

/** Registers them all, once; for a CPU. */
export function registerConvolutions(): void {
  replaceKernel("Conv2D", ({ x, filter }, info) => forward(x!, filter!, info(x!.shape, filter!.shape)));
  // What tfjs's layers call, also in training, as long as the activation is a layer of its own.
  replaceKernel("FusedConv2D", ({ x, filter, bias }, info, { activation }) => {
    const y = activation === "linear" ? forward(x!, filter!, info(x!.shape, filter!.shape)) : undefined;
    return y && bias ? tf.add(y, bias) : y;
  });
  replaceKernel("Conv2DBackpropFilter", ({ x, dy }, info, { filterShape }) => {
    const about = info(x!.shape, filterShape as number[]);
    const tiles = tiled(about);
    if (tiles) return winograd.kernelGradient(tiles, x!, dy!);
    if (isSingleChannel(about)) return singleChannelKernelGradient(x!, dy!, about);
    return patches.isSmall(about) ? patches.kernelGradient(x!, dy!, about) : undefined;
  });
  replaceKernel("Conv2DBackpropInput", ({ dy, filter }, info, { inputShape }) => {
    const about = info(inputShape as number[], filter!.shape);
    const tiles = tiled(about);
    if (tiles) return winograd.imageGradient(tiles, dy!, filter!);
    return patches.isSmall(about) || patches.isThin(about) ? patches.imageGradient(dy!, filter!, about) : undefined;
  });
}

/** Convolutions of stride 1 to a single channel, the last layer of every patch discriminator, as matrix products.
 *
 * oneDNN fills a vector register with channels of the result; of one channel it makes a tenth of the machine's rate. With x as a matrix X
 * `[positions, channels]` and the kernel as W `[taps, channels]`, a tap being a place of the kernel:
 *
 *     Z = X Wᵀ       what each pixel gives to the results that it is part of; y adds up those of its own taps
 *     dW = Pᵀ X      where row r of P has the dy of the results that pixel r is part of, tap by tap
 *
 * The gradient by the picture is left to oneDNN, which is as fast.
 * (merged) */

/** Whether a convolution is one of those: not padded, as tf.layers.zeroPadding2d does that before it. */
function isSingleChannel(info: Info): boolean {
  const { outChannels, strideHeight, strideWidth, dilationHeight, dilationWidth, filterHeight, filterWidth, padInfo } = info;
  const plain = strideHeight * strideWidth * dilationHeight * dilationWidth === 1 && info.dataFormat === "channelsLast";
  return plain && padInfo.type === "VALID" && outChannels === 1 && filterHeight * filterWidth > 1;
}

/** y. */
function singleChannelForward(
  x: tf.Tensor,
  kernel: tf.Tensor,
  { filterHeight, filterWidth, inChannels, inShape }: Info,
): tf.Tensor {
  const taps = filterHeight * filterWidth;
  const z = tf.matMul(tf.reshape(x, [-1, inChannels]), tf.reshape(kernel, [taps, inChannels]), false, true);
  // Adding up is a convolution too, which takes tap (i, j)'s own channel from the pixel at (i, j).
  const own = fixedTensor(
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
  return runOp("Conv2D", attributes, [tf.reshape(z, [...inShape.slice(0, 3), taps]), own])[0]!;
}

/** dW. The result that has pixel r at tap (i, j) lies (i, j) before r: P has the taps in reverse. */
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
  const around = tf.pad(dy as tf.Tensor4D, [[0, 0], [top, top], [left, left], [0, 0]]);
  const patches = tf.reshape(runOp("ExtractImagePatches", attributes, [around])[0]!, [-1, filterHeight * filterWidth]);
  const reversed = tf.matMul(patches, tf.reshape(x, [-1, inChannels]), true, false);
  return tf.reverse(tf.reshape(reversed, filterShape), [0, 1]);
}
