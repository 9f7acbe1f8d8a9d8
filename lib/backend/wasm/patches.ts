/** Pictures cut into the patches that a filter sees, and put together again: a convolution is then one matrix product.
 * ("im2col" and "col2im" elsewhere.)
 * @module */
import * as tf from "../../tf.ts";
import { type ConvolutionInfo, interleave, tapsOf, visited } from "./convolution.ts";

/** Every s-th pixel from (r, c) on, for all remainders r and c by the stride; the inverse of {@linkcode interleave}. */
function phasesOf(x: tf.Tensor4D, info: ConvolutionInfo): tf.Tensor4D[][] {
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

/** @param x `[batch, inHeight, inWidth, inChannels]`.
 * @returns one row for each output position: `[batch * outHeight * outWidth, filterHeight * filterWidth * inChannels]`. */
export function patches(x: tf.Tensor4D, info: ConvolutionInfo): tf.Tensor2D {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels, strideHeight, strideWidth } = info;
  const phases = phasesOf(visited(x, info), info);
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

/** Adds up patches where they overlap; what {@linkcode patches} does, transposed.
 * @param columns one column for each output position: `[filterHeight * filterWidth * inChannels, batch * outHeight * outWidth]`.
 * @returns `[batch, inHeight, inWidth, inChannels]`. */
export function sumPatches(columns: tf.Tensor2D, info: ConvolutionInfo): tf.Tensor4D {
  const { batchSize, outHeight, outWidth, filterHeight, filterWidth, inChannels, inHeight, inWidth } = info;
  const { strideHeight, strideWidth, padInfo: { top, left } } = info;
  const height = Math.max(Math.ceil((inHeight + top) / strideHeight), outHeight + Math.ceil(filterHeight / strideHeight) - 1);
  const width = Math.max(Math.ceil((inWidth + left) / strideWidth), outWidth + Math.ceil(filterWidth / strideWidth) - 1);
  const taps = tf.split(
    tf.transpose(columns.reshape([filterHeight * filterWidth, inChannels, -1]), [0, 2, 1]),
    filterHeight * filterWidth,
  );
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
