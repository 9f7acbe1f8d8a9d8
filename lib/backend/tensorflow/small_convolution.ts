/** Convolutions of small images, computed as matrix products.
 *
 * In the middle of a U-Net, kernels with up to 8 million weights are applied to images of at most 32x32 pixels. oneDNN copies
 * such a kernel to its own layout on every call, which takes longer than the arithmetic. A matrix product does not need this
 * copy.
 *
 * The formulas use the patch matrix X `[positions, 4·4·in]` of the image x, the kernel as a matrix W `[4·4·in, out]`, and dy as a
 * matrix `[positions, out]`.
 *
 * ```text
 * y = X W        dW = Xᵀ dy        dX = dy Wᵀ
 * ```
 *
 * The image gradient dx is the sum of the overlapping patches in dX. Computing dx as a matrix product is also faster if the image
 * has few channels, as the output of a U-Net does.
 *
 * If a convolution reduces a 2x2 image to one pixel, three quarters of the kernel cover only padding, so the matrix product needs
 * only the 2x2 weights in the kernel's centre. The output y is computed as a matrix product only for such a convolution, and for
 * the largest kernels.
 * @module */
import * as tf from "../../tf.ts";
import { FLOAT, runOp } from "./active.ts";
import { attribute } from "./attributes.ts";

/** Limits within which a matrix product is faster than the kernel of oneDNN. Each limit consists of a maximum number of positions
 * and a minimum number of weights. The number of positions is batch · height · width of the smaller image. The limits were
 * measured on 2 cores with AVX-512. */
export const LIMITS: readonly { positions: number; weights: number }[] = [
  { positions: 64, weights: 2 ** 18 },
  { positions: 256, weights: 2 ** 21 },
];
/** Minimum number of weights for which a matrix product is faster than oneDNN for the output y as well. Measured on 2 cores of an
 * Intel Xeon with AMX, where oneDNN took 1.2 to 2.4 times as long, mostly to copy the kernel. */
export const HEAVY: number = 2 ** 21;
/** Maximum number of positions for which oneDNN reads a transposed kernel as fast as a kernel that is not transposed. */
const FEW_POSITIONS = 4;
/** Maximum number of image channels for which oneDNN's vector registers are mostly empty. */
const FEW_CHANNELS = 4;
/** The convolution used in all of Forger's U-Nets: 4x4 kernel, stride 2, one pixel of padding. */
const KERNEL = 4;
const STRIDE = 2;

/** Sizes, strides and padding of a convolution, as tfjs computes them. */
export type Info = tf.backend_util.Conv2DInfo;

/** Returns whether the convolution is within one of the {@linkcode LIMITS}. */
export function isSmall(info: Info): boolean {
  const positions = info.batchSize * info.outHeight * info.outWidth;
  const weights = tf.util.sizeFromShape(info.filterShape);
  return halves(info) && LIMITS.some((limit) => positions <= limit.positions && weights >= limit.weights);
}

/** Returns whether the image has so few channels that oneDNN's vector registers would be mostly empty. */
export function isThin(info: Info): boolean {
  return halves(info) && info.inChannels <= FEW_CHANNELS;
}

/** Returns whether the convolution is within {@linkcode LIMITS} and reduces the image to a single pixel. */
export function isLast(info: Info): boolean {
  return isSmall(info) && info.outHeight * info.outWidth === 1;
}

/** Returns whether the convolution is within {@linkcode LIMITS} and its kernel has at least {@linkcode HEAVY} weights. */
export function isHeavy(info: Info): boolean {
  return isSmall(info) && tf.util.sizeFromShape(info.filterShape) >= HEAVY;
}

/** Returns whether the convolution halves the height and width of an image, as the convolutions of a U-Net do. */
function halves({ filterHeight, filterWidth, strideHeight, strideWidth, inHeight, inWidth, padInfo, dataFormat }: Info): boolean {
  const sides = filterHeight === KERNEL && filterWidth === KERNEL && strideHeight === STRIDE && strideWidth === STRIDE;
  return sides && padInfo.type === "SAME" && inHeight % 2 === 0 && inWidth % 2 === 0 && dataFormat === "channelsLast";
}

/** Returns the centre of a kernel as a matrix `[2·2·in, out]`. */
function center(kernel: tf.Tensor): tf.Tensor2D {
  const [, , channels, filters] = kernel.shape as [number, number, number, number];
  return tf.reshape(tf.slice(kernel, [1, 1, 0, 0], [2, 2, channels, filters]), [-1, filters]);
}

/** Computes the output y of a convolution that reduces the image to a single pixel. */
export function lastForward(image: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  const [batch, filters] = [image.shape[0]!, kernel.shape[3]!];
  return tf.reshape(tf.matMul(tf.reshape(image, [batch, -1]), center(kernel)), [batch, 1, 1, filters]);
}

/** Extracts an image's patch matrix `[positions, height·width·channels]`, with columns in the order of the kernel's axes. */
export function patchesOf(image: tf.Tensor, [height, width]: [number, number], stride: number, padding: string): tf.Tensor2D {
  const attributes = [
    FLOAT,
    attribute.int("ksizes", [1, height, width, 1]),
    attribute.int("strides", [1, stride, stride, 1]),
    attribute.int("rates", [1, 1, 1, 1]),
    attribute.text("padding", padding),
  ];
  return tf.reshape(runOp("ExtractImagePatches", attributes, [image])[0]!, [-1, height * width * image.shape[3]!]);
}

/** Computes y = X W. */
export function forward(image: tf.Tensor, kernel: tf.Tensor, info: Info): tf.Tensor {
  const patches = patchesOf(image, [KERNEL, KERNEL], STRIDE, "SAME");
  return tf.reshape(tf.matMul(patches, tf.reshape(kernel, [-1, info.outChannels])), info.outShape);
}

/** Computes dW = Xᵀ dy. */
export function kernelGradient(image: tf.Tensor, dy: tf.Tensor, info: Info): tf.Tensor {
  const { filterShape: [, , channels, filters] } = info;
  const flatDy = tf.reshape(dy, [-1, filters]);
  if (!isLast(info)) {
    const patches = patchesOf(image, [KERNEL, KERNEL], STRIDE, "SAME");
    return tf.reshape(tf.matMul(patches, flatDy, true, false), info.filterShape);
  }
  const inner = tf.matMul(tf.reshape(image, [info.batchSize, -1]), flatDy, true, false);
  return tf.pad(tf.reshape(inner, [2, 2, channels, filters]) as tf.Tensor4D, [[1, 1], [1, 1], [0, 0], [0, 0]]);
}

const sumGroups = (group: (i: number, j: number) => tf.Tensor) => tf.addN([group(0, 0), group(0, 1), group(1, 0), group(1, 1)]);

/** Sums overlapping patches into an image. This operation is the transpose of {@linkcode patchesOf}, which extracts the patches.
 *
 * Row k of the patch at output row o lies in row 2o + k of the padded image. For k = 2i + p, row 2o + k is row p of the 2x2 block
 * of pixels at o + i. The same holds for columns. Each patch therefore consists of four 2x2 blocks. Block (i, j) is shifted by i
 * blocks along the height and by j blocks along the width. */
function sumPatches(patches: tf.Tensor, [batch, height, width, channels]: number[]): tf.Tensor {
  const [h, w, c] = [height! / 2, width! / 2, channels!];
  const blocks = tf.reshape(patches, [batch! * h, w, 2, 2, 2, 2 * c]); // [., w, i, p, j, q·c]
  const sum = sumGroups((i, j) => {
    const group = tf.reshape(tf.slice(blocks, [0, 0, i, 0, j, 0], [-1, -1, 1, -1, 1, -1]), [batch!, h, w, 4 * c]);
    return tf.pad(group as tf.Tensor4D, [[0, 0], [i, 1 - i], [j, 1 - j], [0, 0]]);
  });
  const padded = tf.depthToSpace(sum as tf.Tensor4D, STRIDE); // (p, q, c) to pixels
  return tf.slice(padded, [0, 1, 1, 0], [-1, height!, width!, -1]);
}

/** Sums overlapping patches that are stored as `[4·4·channels, positions]`, with one plane for each tap and channel. Shifting
 * whole planes is faster if there are few channels and many positions. */
function sumPlanes(planes: tf.Tensor, [batch, height, width, channels]: number[]): tf.Tensor {
  const [h, w, c] = [height! / 2, width! / 2, channels!];
  const blocks = tf.reshape(planes, [2, 2, 2, 2 * c * batch!, h, w]); // [i, p, j, q·c·batch, h, w]
  const sum = sumGroups((i, j) => {
    const group = tf.reshape(tf.slice(blocks, [i, 0, j, 0, 0, 0], [1, -1, 1, -1, -1, -1]), [-1, h, w]);
    return tf.pad(group as tf.Tensor3D, [[0, 0], [i, 1 - i], [j, 1 - j]]);
  });
  const pixels = tf.transpose(tf.reshape(sum, [2, 2, c, batch!, h + 1, w + 1]), [3, 4, 0, 5, 1, 2]);
  const padded = tf.reshape(pixels, [batch!, height! + 2, width! + 2, c]);
  return tf.slice(padded, [0, 1, 1, 0], [-1, height!, width!, -1]);
}

/** Computes the image gradient dx from dX = dy Wᵀ. The result is also the transposed convolution of dy. */
export function imageGradient(dy: tf.Tensor, kernel: tf.Tensor, info: Info): tf.Tensor {
  const flatDy = tf.reshape(dy, [-1, kernel.shape[3]!]);
  if (isLast(info)) return tf.reshape(timesTransposed(flatDy, center(kernel)), info.inShape);
  const weights = tf.reshape(kernel, [-1, kernel.shape[3]!]);
  if (isThin(info)) return sumPlanes(tf.matMul(weights, flatDy, false, true), info.inShape);
  return sumPatches(timesTransposed(flatDy, weights), info.inShape);
}

/** Computes dy Wᵀ. oneDNN reads a transposed matrix slowly unless dy has few rows. If dy has many rows, the equivalent product (W
 * dyᵀ)ᵀ is computed, which does not require transposing W. */
function timesTransposed(dy: tf.Tensor, matrix: tf.Tensor): tf.Tensor {
  if (dy.shape[0]! <= FEW_POSITIONS) return tf.matMul(dy, matrix, false, true);
  return tf.transpose(tf.matMul(matrix, dy, false, true));
}
