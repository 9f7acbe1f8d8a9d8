/** Resize-convolution: Odena, Dumoulin and Olah (2016), "Deconvolution and Checkerboard Artifacts", Distill, doi:10.23915/distill.00003.
 *
 * A transposed convolution whose kernel the stride does not divide covers some pixels more often than their neighbours, and paints a
 * checkerboard. Enlarging by repeating pixels and then convolving at stride 1 treats all alike. Both are layers of tfjs, so a saved
 * model loads anywhere.
 * @module */
import * as tf from "../tf.ts";
import { repairNearestGradient } from "../backend/cpu.ts";

/** What `tf.layers.conv2d` takes. */
export type ConvolutionSettings = Parameters<typeof tf.layers.conv2d>[0];

/** What to make: what `tf.layers.conv2d` takes but for stride and data format, and the factor. */
export interface ResizeConvolutionSettings extends Omit<ConvolutionSettings, "strides" | "dataFormat" | "kernelSize"> {
  /** How much larger height and width become, a whole number. Default 2. */
  scale?: number;
  /** Side of the filter in pixels. Default 3. */
  kernelSize?: number;
}

/** Enlarges by repeating each pixel, then convolves with padding "same".
 * @param x `[batch, height, width, channels]`, in a model under construction.
 * @returns `[batch, height * scale, width * scale, filters]`.
 * @throws {RangeError} if the scale is no whole number from 1. */
export function resizeConvolution(x: tf.SymbolicTensor, settings: ResizeConvolutionSettings): tf.SymbolicTensor {
  const { scale = 2, kernelSize = 3, name, ...rest } = settings;
  if (!Number.isInteger(scale) || scale < 1) {
    throw new RangeError(
      `Cannot resize and convolve: wanted a scale that is a whole number from 1, got ${scale}; repeat pixels whole`,
    );
  }
  repairNearestGradient();
  const named = (part: string) => (name === undefined ? {} : { name: `${name}_${part}` });
  const enlarge = tf.layers.upSampling2d({ size: [scale, scale], interpolation: "nearest", ...named("resize") });
  const convolve = tf.layers.conv2d({ padding: "same", ...rest, kernelSize, ...named("convolution") });
  return convolve.apply(enlarge.apply(x)) as tf.SymbolicTensor;
}
