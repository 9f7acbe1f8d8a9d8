/** Convolutions of stride 1 to a single channel, the last layer of every patch discriminator, as matrix products.
 *
 * oneDNN fills a vector register with channels of the result; of one channel it makes a tenth of the machine's rate. With x as a matrix X
 * `[positions, channels]` and the kernel as W `[taps, channels]`, a tap being a place of the kernel:
 *
 *     Z = X Wᵀ       what each pixel gives to the results that it is part of; y adds up those of its own taps
 *     dW = Pᵀ X      where row r of P has the dy of the results that pixel r is part of, tap by tap
 *
 * The gradient by the picture is left to oneDNN, which is as fast.
 * @module */
import * as tf from "../../tf.ts";
import { fixedTensor, FLOAT, runOp } from "./active.ts";
import { attribute } from "./attributes.ts";
import type { Info } from "./patches.ts";

/** Whether a convolution is one of those: not padded, as tf.layers.zeroPadding2d does that before it. */
export function isLogits(info: Info): boolean {
  const { outChannels, strideHeight, strideWidth, dilationHeight, dilationWidth, filterHeight, filterWidth, padInfo } = info;
  const plain = strideHeight * strideWidth * dilationHeight * dilationWidth === 1 && info.dataFormat === "channelsLast";
  return plain && padInfo.type === "VALID" && outChannels === 1 && filterHeight * filterWidth > 1;
}

/** y. */
export function forward(x: tf.Tensor, kernel: tf.Tensor, { filterHeight, filterWidth, inChannels, inShape }: Info): tf.Tensor {
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
export function kernelGradient(
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
