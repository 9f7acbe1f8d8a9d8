/** Geometry of convolutions, and their patch matrices (im2col and col2im), for the kernels of the backend "wasm".
 *
 * tfjs's convolution kernel, from XNNPACK, is very fast once its filter is packed. A training step changes every filter, however,
 * and packing takes about 13 ns per weight. Packing dominates the run time if a large filter is applied at few positions, as in
 * the middle of a U-Net. In such cases, multiplying by the patch matrix is faster, because packing takes at most a quarter of the
 * time.
 * @module */
import * as tf from "../../tf.ts";

/** Sizes, strides and padding of a convolution, in pixels. */
export type Info = tf.backend_util.Conv2DInfo;

/** Computes the geometry of an undilated convolution from a kernel's attributes.
 * @param attributes Object passed by tfjs, with the properties `strides`, `pad`, `dataFormat` and `dimRoundingMode`.
 * @throws {RangeError} If the data format is "NCHW". */
export function convolutionInfo(inputShape: number[], filterShape: number[], attributes?: tf.NamedAttrMap): Info {
  const { strides, pad, dataFormat, dimRoundingMode } = attributes as unknown as tf.Conv2DBackpropInputAttrs;
  if (dataFormat === "NCHW") {
    throw new RangeError('Cannot convolve on wasm: expected the data format "NHWC", got "NCHW"; transpose the input');
  }
  type Shape4D = [number, number, number, number];
  return tf.backend_util.computeConv2DInfo(inputShape as Shape4D, filterShape as Shape4D, strides, 1, pad, dimRoundingMode);
}

/** Returns whether multiplying by the patch matrix is faster than convolving directly. The time to pack the filter is
 * proportional to the number of output channels, and the time to extract patches is proportional to the number of positions. The
 * threshold was determined by measurement. */
export function hasFewPositions(info: Info): boolean {
  return info.batchSize * info.outHeight * info.outWidth < 2 * info.outChannels;
}

/** Pads x with zeros, and crops trailing rows and columns that the filter does not reach.
 * @param x Input of the convolution: `[batch, inHeight, inWidth, inChannels]`. */
export function paddedInput(x: tf.Tensor4D, info: Info): tf.Tensor4D {
  const height = (info.outHeight - 1) * info.strideHeight + info.filterHeight;
  const width = (info.outWidth - 1) * info.strideWidth + info.filterWidth;
  const { top, left } = info.padInfo;
  const bottom = Math.max(0, height - top - info.inHeight);
  const right = Math.max(0, width - left - info.inWidth);
  const padded = top + bottom + left + right > 0 ? tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]) : x;
  if (padded.shape[1] === height && padded.shape[2] === width) return padded;
  return tf.slice(padded, 0, [info.batchSize, height, width, info.inChannels]);
}

/** Returns the indices of a filter's taps for stride s and phase r: r, r + s, r + 2s and so on. */
export function tapsOf(size: number, stride: number, phase: number): number[] {
  return Array.from({ length: Math.ceil((size - phase) / stride) }, (_, i) => phase + i * stride);
}

/** Interleaves `strideHeight` × `strideWidth` images into one image. With stride s, pixel (q, p) of image (r, c) becomes pixel
 * (q·s + r, p·s + c).
 * @param phases The images to interleave, as an array of rows; each image is `[batch, height, width, channels]`.
 * @returns The interleaved image: `[batch, height * strideHeight, width * strideWidth, channels]`. */
export function interleave(phases: tf.Tensor4D[][]): tf.Tensor4D {
  const [batch, height, width, channels] = phases[0]![0]!.shape;
  // Concatenation along channels interleaves columns; concatenation of whole rows interleaves rows.
  const rows = phases.map((row) => tf.concat(row, 3).reshape([batch, height, 1, width * row.length * channels]));
  return tf.concat(rows, 2).reshape([batch, height * phases.length, width * phases[0]!.length, channels]);
}

/** Splits x into its phases. Phase (r, c) consists of every s-th pixel along each axis, starting at pixel (r, c). Inverse of
 * {@linkcode interleave}. */
function phasesOf(x: tf.Tensor4D, info: Info): tf.Tensor4D[][] {
  const { strideHeight, strideWidth } = info;
  if (strideHeight === 1 && strideWidth === 1) return [[x]];
  const [batch, fullHeight, fullWidth, channels] = x.shape;
  const [height, width] = [Math.ceil(fullHeight / strideHeight), Math.ceil(fullWidth / strideWidth)];
  const missing = [[0, 0], [0, height * strideHeight - fullHeight], [0, width * strideWidth - fullWidth], [0, 0]];
  const padded = tf.pad(x, missing as [number, number][]).reshape([batch * height, strideHeight, width * strideWidth * channels]);
  return tf.split(padded, strideHeight, 1).map((row) => {
    const columns = tf.split(row.reshape([batch * height * width, strideWidth * channels]), strideWidth, 1);
    return columns.map((column) => column.reshape([batch, height, width, channels]) as tf.Tensor4D);
  });
}

/** Extracts the patches to which the filter is applied.
 * @param x Input of the convolution: `[batch, inHeight, inWidth, inChannels]`.
 * @returns A patch matrix with one row per output position:
 * `[batch * outHeight * outWidth, filterHeight * filterWidth * inChannels]`. */
export function im2col(x: tf.Tensor4D, info: Info): tf.Tensor2D {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels, strideHeight, strideWidth } = info;
  const phases = phasesOf(paddedInput(x, info), info);
  const taps: tf.Tensor4D[] = [];
  for (let row = 0; row < filterHeight; row++) {
    for (let column = 0; column < filterWidth; column++) {
      const from = [0, Math.floor(row / strideHeight), Math.floor(column / strideWidth), 0];
      const phase = phases[row % strideHeight]![column % strideWidth]!;
      taps.push(tf.slice(phase, from as [number, number, number, number], [batchSize, outHeight, outWidth, inChannels]));
    }
  }
  return tf.concat(taps, 3).reshape([batchSize * outHeight * outWidth, filterHeight * filterWidth * inChannels]);
}

/** Sums overlapping patches into an image. This operation is the transpose of {@linkcode im2col}.
 * @param columns Patch matrix with one column per output position:
 * `[filterHeight * filterWidth * inChannels, batch * outHeight * outWidth]`.
 * @returns The image: `[batch, inHeight, inWidth, inChannels]`. */
export function col2im(columns: tf.Tensor2D, info: Info): tf.Tensor4D {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels, inHeight, inWidth } = info;
  const { strideHeight, strideWidth, padInfo: { top, left } } = info;
  const height = Math.max(Math.ceil((inHeight + top) / strideHeight), outHeight + Math.ceil(filterHeight / strideHeight) - 1);
  const width = Math.max(Math.ceil((inWidth + left) / strideWidth), outWidth + Math.ceil(filterWidth / strideWidth) - 1);
  const patches = tf.transpose(columns.reshape([filterHeight * filterWidth, inChannels, -1]), [0, 2, 1]);
  const taps = tf.split(patches, filterHeight * filterWidth);
  const phases = Array.from({ length: strideHeight }, (_, r) =>
    Array.from({ length: strideWidth }, (_, c) => {
      const shifted = tapsOf(filterHeight, strideHeight, r).flatMap((row, down) =>
        tapsOf(filterWidth, strideWidth, c).map((column, over) => {
          const tap = taps[row * filterWidth + column]!.reshape([batchSize, outHeight, outWidth, inChannels]) as tf.Tensor4D;
          return tf.pad(tap, [[0, 0], [down, height - outHeight - down], [over, width - outWidth - over], [0, 0]]);
        })
      );
      return shifted.length ? tf.addN(shifted) : tf.zeros<tf.Rank.R4>([batchSize, height, width, inChannels]);
    }));
  return tf.slice(interleave(phases), [0, top, left, 0], [batchSize, inHeight, inWidth, inChannels]);
}
