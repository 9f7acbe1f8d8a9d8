/** Gradients of small convolutions as matrix products.
 *
 * In the middle of a U-Net a picture of 16x16 pixels or fewer meets kernels of up to 8 million weights. oneDNN first copies such a kernel into
 * a layout of its own, at every call, which takes longer than the arithmetic. As a product of matrices the kernel is read once, where it is.
 *
 * With x cut into patches X `[positions, 4·4·in]`, the kernel as a matrix W `[4·4·in, out]` and dy as a matrix `[positions, out]`:
 *
 *     y = X W        dW = Xᵀ dy        dX = dy Wᵀ, and dx adds up the patches where they overlap
 * @module */
import * as tf from "@tensorflow/tfjs";
import { FLOAT, runOp } from "./active.ts";
import { attribute } from "./attributes.ts";

/** Up to so many positions (batch times height times width of the smaller picture) the product is faster. Measured on 2 cores with AVX-512. */
export const MOST_POSITIONS = 64;
/** Kernels smaller than this are not worth it, in weights. */
export const LEAST_WEIGHTS = 2 ** 18;

/** The convolutions of all U-Nets here: 4x4, stride 2, one pixel of padding. */
const KERNEL = 4;
const STRIDE = 2;

interface ConvolutionAttributes {
  strides: number | [number, number];
  pad: string | number;
  dataFormat: string;
}

/** Whether a convolution of a picture `[batch, height, width, in]` is one of those. */
function isSmall(picture: number[], kernel: number[], { strides, pad, dataFormat }: ConvolutionAttributes): boolean {
  const [batch, height, width] = picture as [number, number, number];
  const halved = [strides].flat().every((stride) => stride === STRIDE) && pad === "same" && dataFormat === "NHWC";
  if (!halved || kernel[0] !== KERNEL || kernel[1] !== KERNEL || height % 2 || width % 2) return false;
  return batch * height * width / 4 <= MOST_POSITIONS && kernel.reduce((size, dim) => size * dim, 1) >= LEAST_WEIGHTS;
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
function kernelGradient(picture: tf.TensorInfo, dy: tf.Tensor, shape: number[]): tf.Tensor {
  return tf.reshape(tf.matMul(patchesOf(picture), tf.reshape(dy, [-1, shape[3]!]), true, false), shape);
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

/** dx, from dX = dy Wᵀ. It is also the transposed convolution of dy. */
function pictureGradient(dy: tf.Tensor, kernel: tf.Tensor, shape: number[]): tf.Tensor {
  const matrix = tf.reshape(kernel, [-1, kernel.shape[3]!]);
  return addPatches(tf.matMul(tf.reshape(dy, [-1, kernel.shape[3]!]), matrix, false, true), shape);
}

/** Puts `fast` in place of tfjs-node's kernel where it says that it applies. */
function replaceKernel(
  kernelName: string,
  fast: (inputs: tf.NamedTensorInfoMap, attributes: tf.NamedAttrMap) => tf.Tensor | undefined,
) {
  const plain = tf.getKernel(kernelName, "tensorflow");
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({
    ...plain,
    kernelFunc: (call) => fast(call.inputs, call.attrs ?? {}) ?? plain.kernelFunc(call),
  });
}

/** Registers both gradients. */
export function registerSmallConvolutions(): void {
  replaceKernel("Conv2DBackpropFilter", ({ x, dy }, attributes) => {
    const shape = attributes.filterShape as number[];
    if (!isSmall(x!.shape, shape, attributes as unknown as ConvolutionAttributes)) return undefined;
    return tf.tidy(() => kernelGradient(x!, dy as tf.Tensor, shape));
  });
  replaceKernel("Conv2DBackpropInput", ({ dy, filter }, attributes) => {
    const shape = attributes.inputShape as number[];
    if (!isSmall(shape, filter!.shape, attributes as unknown as ConvolutionAttributes)) return undefined;
    return tf.tidy(() => pictureGradient(dy as tf.Tensor, filter as tf.Tensor, shape));
  });
}
