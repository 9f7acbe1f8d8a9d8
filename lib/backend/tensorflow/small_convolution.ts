/** Small convolutions as matrix products.
 *
 * In the middle of a U-Net a picture of 32x32 pixels or fewer meets kernels of up to 8 million weights. oneDNN first copies such a kernel into
 * a layout of its own, at every call, which takes longer than the arithmetic. As a product of matrices the kernel is read once, where it is.
 *
 * With x cut into patches X `[positions, 4·4·in]`, the kernel as a matrix W `[4·4·in, out]` and dy as a matrix `[positions, out]`:
 *
 *     y = X W        dW = Xᵀ dy        dX = dy Wᵀ, and dx adds up the patches where they overlap
 *
 * dX alone is also the faster way to the picture's gradient where the picture has few channels, as the one that a U-Net makes.
 *
 * Where a picture of 2x2 pixels becomes a single one, three quarters of the kernel meet nothing but padding: the product needs the four weights
 * in its middle only, and is then used for y too.
 * @module */
import * as tf from "../../tf.ts";
import { FLOAT, runOp } from "./active.ts";
import { attribute } from "./attributes.ts";

/** Up to so many positions (batch times height times width of the smaller picture) the product is faster, if the kernel has so many weights. Measured on
 * 2 cores with AVX-512. */
export const LIMITS: readonly { positions: number; weights: number }[] = [
  { positions: 64, weights: 2 ** 18 },
  { positions: 256, weights: 2 ** 21 },
];
/** Up to so many, the transposed kernel is read no slower than the kernel. */
const FEW_POSITIONS = 4;
/** Channels of a picture, at most. */
const FEW_CHANNELS = 4;
/** The convolutions of all U-Nets here: 4x4, stride 2, one pixel of padding. */
const KERNEL = 4;
const STRIDE = 2;

/** Sizes, strides and padding of a convolution, as tfjs computes them. */
export type Info = tf.backend_util.Conv2DInfo;

/** Whether a convolution is one of those. */
export function isSmall(info: Info): boolean {
  const positions = info.batchSize * info.outHeight * info.outWidth;
  const weights = tf.util.sizeFromShape(info.filterShape);
  return halves(info) && LIMITS.some((limit) => positions <= limit.positions && weights >= limit.weights);
}

/** Whether it is of a picture itself, of few channels, in which a vector register of oneDNN's would be mostly empty. */
export function isThin(info: Info): boolean {
  return halves(info) && info.inChannels <= FEW_CHANNELS;
}

/** Whether, besides being small, a single pixel is left. */
export function isLast(info: Info): boolean {
  return isSmall(info) && info.outHeight * info.outWidth === 1;
}

function halves({ filterHeight, filterWidth, strideHeight, strideWidth, inHeight, inWidth, padInfo, dataFormat }: Info): boolean {
  const sides = filterHeight === KERNEL && filterWidth === KERNEL && strideHeight === STRIDE && strideWidth === STRIDE;
  return sides && padInfo.type === "SAME" && inHeight % 2 === 0 && inWidth % 2 === 0 && dataFormat === "channelsLast";
}

/** The middle of a kernel as a matrix `[2·2·in, out]`. */
function middle(kernel: tf.Tensor): tf.Tensor2D {
  const [, , channels, filters] = kernel.shape as [number, number, number, number];
  return tf.reshape(tf.slice(kernel, [1, 1, 0, 0], [2, 2, channels, filters]), [-1, filters]);
}

/** y, where a single pixel is left. */
export function lastForward(picture: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  const [batch, filters] = [picture.shape[0]!, kernel.shape[3]!];
  return tf.reshape(tf.matMul(tf.reshape(picture, [batch, -1]), middle(kernel)), [batch, 1, 1, filters]);
}

/** X: the patches of a picture, `[positions, 4·4·channels]`, in the order of the kernel's own first three dimensions. */
function patchesOf(picture: tf.TensorInfo): tf.Tensor2D {
  const [, , , channels] = picture.shape as [number, number, number, number];
  const attributes = [
    FLOAT,
    attribute.int("ksizes", [1, KERNEL, KERNEL, 1]),
    attribute.int("strides", [1, STRIDE, STRIDE, 1]),
    attribute.int("rates", [1, 1, 1, 1]),
    attribute.text("padding", "SAME"),
  ];
  return tf.reshape(runOp("ExtractImagePatches", attributes, [picture])[0]!, [-1, KERNEL * KERNEL * channels]);
}

/** dW = Xᵀ dy. */
export function kernelGradient(picture: tf.Tensor, dy: tf.Tensor, info: Info): tf.Tensor {
  const { filterShape: [, , channels, filters] } = info;
  const given = tf.reshape(dy, [-1, filters]);
  if (!isLast(info)) return tf.reshape(tf.matMul(patchesOf(picture), given, true, false), info.filterShape);
  const inner = tf.matMul(tf.reshape(picture, [info.batchSize, -1]), given, true, false);
  return tf.pad(tf.reshape(inner, [2, 2, channels, filters]) as tf.Tensor4D, [[1, 1], [1, 1], [0, 0], [0, 0]]);
}

/** Adds patches up where they overlap: the reverse of {@linkcode patchesOf}.
 *
 * Row k of the patch at position o lies on row 2o + k − 1 of the picture. With k = 2i + p that is row 2(o + i) + p of the padded
 * picture: patches in four groups (i, j), each moved by (i, j) blocks of 2x2 pixels, are added, and the padding is cut off. */
function addPatches(patches: tf.Tensor, [batch, height, width, channels]: number[]): tf.Tensor {
  const [h, w, c] = [height! / 2, width! / 2, channels!];
  const blocks = tf.reshape(patches, [batch! * h, w, 2, 2, 2, 2 * c]); // [., w, i, p, j, q·c]
  const groups = [0, 1].flatMap((i) =>
    [0, 1].map((j) => {
      const group = tf.reshape(tf.slice(blocks, [0, 0, i, 0, j, 0], [-1, -1, 1, -1, 1, -1]), [batch!, h, w, 4 * c]);
      return tf.pad(group as tf.Tensor4D, [[0, 0], [i, 1 - i], [j, 1 - j], [0, 0]]);
    })
  );
  const padded = tf.depthToSpace(tf.addN(groups) as tf.Tensor4D, STRIDE); // (p, q, c) to pixels
  return tf.slice(padded, [0, 1, 1, 0], [-1, height!, width!, -1]);
}

/** The same of patches that lie as `[4·4·channels, positions]`: what is moved are whole planes, each of one weight's. Faster where there are few channels
 * and many positions. */
function addPlanes(planes: tf.Tensor, [batch, height, width, channels]: number[]): tf.Tensor {
  const [h, w, c] = [height! / 2, width! / 2, channels!];
  const blocks = tf.reshape(planes, [2, 2, 2, 2 * c * batch!, h, w]); // [i, p, j, q·c·batch, h, w]
  const groups = [0, 1].flatMap((i) =>
    [0, 1].map((j) => {
      const group = tf.reshape(tf.slice(blocks, [i, 0, j, 0, 0, 0], [1, -1, 1, -1, -1, -1]), [-1, h, w]);
      return tf.pad(group as tf.Tensor3D, [[0, 0], [i, 1 - i], [j, 1 - j]]);
    })
  );
  const sum = tf.reshape(tf.addN(groups), [2, 2, c, batch!, h + 1, w + 1]);
  const padded = tf.reshape(tf.transpose(sum, [3, 4, 0, 5, 1, 2]), [batch!, height! + 2, width! + 2, c]);
  return tf.slice(padded, [0, 1, 1, 0], [-1, height!, width!, -1]);
}

/** dx, from dX = dy Wᵀ. It is also the transposed convolution of dy. */
export function imageGradient(dy: tf.Tensor, kernel: tf.Tensor, info: Info): tf.Tensor {
  const given = tf.reshape(dy, [-1, kernel.shape[3]!]);
  if (isLast(info)) return tf.reshape(timesTransposed(given, middle(kernel)), info.inShape);
  const weights = tf.reshape(kernel, [-1, kernel.shape[3]!]);
  if (isThin(info)) return addPlanes(tf.matMul(weights, given, false, true), info.inShape);
  return addPatches(timesTransposed(given, weights), info.inShape);
}

/** dy Wᵀ. oneDNN is slow at reading a matrix as its transpose, unless for next to nothing: (W dyᵀ)ᵀ reads it as it is. */
function timesTransposed(dy: tf.Tensor, matrix: tf.Tensor): tf.Tensor {
  if (dy.shape[0]! <= FEW_POSITIONS) return tf.matMul(dy, matrix, false, true);
  return tf.transpose(tf.matMul(matrix, dy, false, true));
}
