/** The resize-convolution of Odena, Dumoulin and Olah (2016), "Deconvolution and Checkerboard Artifacts", Distill,
 * doi:10.23915/distill.00003.
 *
 * A transposed convolution whose kernel size is not a multiple of the stride covers some pixels more often than their neighbours,
 * which produces a checkerboard pattern. Nearest-neighbour upsampling followed by a stride-1 convolution covers all pixels
 * equally. Both operations are tfjs layers, so a saved model can be loaded without Forger.
 * @module */
import * as tf from "../tf.ts";
import { repairNearestGradient } from "../backend/cpu.ts";

/** Settings of `tf.layers.conv2d`. */
export type ConvolutionSettings = Parameters<typeof tf.layers.conv2d>[0];

/** Settings of {@linkcode resizeConvolution}: those of `tf.layers.conv2d` except `strides` and `dataFormat`, plus `scale`. */
export interface ResizeConvolutionSettings extends Omit<ConvolutionSettings, "strides" | "dataFormat" | "kernelSize"> {
  /** Integer factor by which height and width are enlarged. Default 2. */
  scale?: number;
  /** Side length of the kernel, in pixels. Default 3. */
  kernelSize?: number;
}

/** Applies nearest-neighbour upsampling, then a convolution with padding "same".
 * @param x `[batch, height, width, channels]`.
 * @returns The output, `[batch, height * scale, width * scale, filters]`.
 * @throws {RangeError} If the scale is not an integer ≥ 1. */
export function resizeConvolution(x: tf.SymbolicTensor, settings: ResizeConvolutionSettings): tf.SymbolicTensor {
  const { scale = 2, kernelSize = 3, name, ...rest } = settings;
  if (!Number.isInteger(scale) || scale < 1) {
    throw new RangeError(`Cannot build the resize-convolution: the scale must be an integer ≥ 1, got ${scale}; use 2`);
  }
  repairNearestGradient();
  const named = (part: string) => (name === undefined ? {} : { name: `${name}_${part}` });
  const enlarge = tf.layers.upSampling2d({ size: [scale, scale], interpolation: "nearest", ...named("resize") });
  const convolve = tf.layers.conv2d({ padding: "same", ...rest, kernelSize, ...named("convolution") });
  return convolve.apply(enlarge.apply(x)) as tf.SymbolicTensor;
}
