/** Convolutions and their gradients by the way that is fastest on a CPU: as products of matrices (patches.ts, logits.ts), by transformed tiles
 * (winograd.ts), or by oneDNN, which TensorFlow's own ops call.
 * @module */
import * as tf from "../../tf.ts";
import * as logits from "./logits.ts";
import * as patches from "./patches.ts";
import type { Info } from "./patches.ts";
import * as winograd from "./winograd.ts";

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
  if (logits.isLogits(about)) return logits.forward(x, filter, about);
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
    if (logits.isLogits(about)) return logits.kernelGradient(x!, dy!, about);
    return patches.isSmall(about) ? patches.kernelGradient(x!, dy!, about) : undefined;
  });
  replaceKernel("Conv2DBackpropInput", ({ dy, filter }, info, { inputShape }) => {
    const about = info(inputShape as number[], filter!.shape);
    const tiles = tiled(about);
    if (tiles) return winograd.imageGradient(tiles, dy!, filter!);
    return patches.isSmall(about) || patches.isThin(about) ? patches.imageGradient(dy!, filter!, about) : undefined;
  });
}
