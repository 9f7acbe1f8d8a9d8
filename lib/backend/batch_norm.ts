/** Batch normalization with batch statistics, using TensorFlow's fused op or WebGPU shaders where available.
 * @module */
import * as tf from "../tf.ts";
import { activeTensorflow, FLOAT, runOp } from "./tensorflow/active.ts";
import { attribute } from "./tensorflow/attributes.ts";
import { DTYPE } from "./tensorflow/symbols.ts";
import { batchMoments, normalize, normGradients } from "./webgpu/batch_norm.ts";
import { hasShaders } from "./webgpu/shader.ts";

/** Result of {@linkcode normalizeBatch}. */
export interface Normalized {
  /** Normalized input, scaled by gamma and shifted by beta. Same shape as the input. */
  output: tf.Tensor4D;
  /** Mean of each channel over batch, height and width: `[channels]`. */
  mean: tf.Tensor1D;
  /** Unbiased variance of each channel, used to update running statistics: `[channels]`. Normalization itself uses the biased
   * variance. */
  variance: tf.Tensor1D;
}

/** Implements batch normalization (Ioffe and Szegedy 2015, arXiv:1502.03167) with one forward and one backward op. Second
 * derivatives are not supported. */
function withFusedOp(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalized {
  const [type, mode] = [attribute.type("U", DTYPE.float32), attribute.bool("is_training", true)];
  const attributes = [FLOAT, type, attribute.float("epsilon", epsilon), attribute.text("data_format", "NHWC"), mode];
  let statistics: tf.Tensor1D[] = [];
  const differentiable = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const none = tf.zeros([0]);
    // The last three outputs are inputs of the backward op; their contents depend on the device.
    const forwardAttributes = [...attributes, attribute.float("exponential_avg_factor", 1)];
    const outputs = runOp("FusedBatchNormV3", forwardAttributes, [x, gamma, beta, none, none], 6);
    const [y, mean, variance, ...reserved] = outputs;
    save([x, gamma, ...reserved]);
    statistics = [mean, variance].map((tensor) => tf.keep(tensor!)) as tf.Tensor1D[]; // customGrad disposes of the rest
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      runOp("FusedBatchNormGradV3", attributes, [dy, ...saved], 5).slice(0, 3);
    return { value: y!, gradFunc };
  });
  const output = differentiable(x, gamma, beta) as tf.Tensor4D;
  const [mean, variance] = statistics.map((kept) => tf.clone(kept)) as [tf.Tensor1D, tf.Tensor1D];
  tf.dispose(statistics);
  return { output, mean, variance };
}

/** Maximum number of input values for which single-threaded ops are faster than the multithreaded fused op. Measured on 2
 * cores. */
export const FEW_VALUES: number = 2 ** 16;

/** Implements batch normalization with a few ordinary ops. Second derivatives are not supported.
 *
 * The backward pass computes the gradient dx from the normalized values h and the number of values per channel, n.
 *
 * ```text
 * h = (x − mean) / √(variance + ε)
 * dx = γ / √(variance + ε) · (dy − (Σ dy + h Σ dy h) / n)
 * ``` */
function withFewOps(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalized {
  const [channels, n] = [x.shape[3], x.size / x.shape[3]];
  const meanOf = (values: tf.Tensor) => tf.mul(tf.sum(values, 0), 1 / n) as tf.Tensor1D;
  let statistics: tf.Tensor1D[] = [];
  const differentiable = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const flat = tf.reshape(x, [n, channels]);
    const mean = meanOf(flat);
    const centered = tf.sub(flat, mean);
    const variance = meanOf(tf.square(centered));
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const h = tf.mul(centered, inverse);
    save([h, tf.mul(gamma, inverse)]);
    statistics = [mean, variance].map((tensor) => tf.keep(tensor)); // customGrad disposes of the rest
    const gradFunc = (dy: tf.Tensor, [h, scale]: tf.Tensor[]) => {
      const flatDy = tf.reshape(dy, [n, channels]);
      const [dBeta, dGamma] = [tf.sum(flatDy, 0), tf.sum(tf.mul(flatDy, h!), 0)];
      const common = tf.mul(tf.add(tf.mul(h!, dGamma), dBeta), 1 / n);
      return [tf.reshape(tf.mul(tf.sub(flatDy, common), scale!), dy.shape), dGamma, dBeta];
    };
    return { value: tf.reshape(tf.add(tf.mul(h, gamma), beta), x.shape), gradFunc };
  });
  const output = differentiable(x, gamma, beta) as tf.Tensor4D;
  const [mean, variance] = [tf.clone(statistics[0]!), tf.mul(statistics[1]!, unbiased(x)) as tf.Tensor1D];
  tf.dispose(statistics);
  return { output, mean, variance };
}

/** Implements batch normalization with two forward and two backward shaders. Second derivatives are not supported. */
function withShaders(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalized {
  let statistics: tf.Tensor | undefined;
  const differentiable = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as unknown as [tf.Tensor4D, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const moments = batchMoments(x);
    save([x, moments, gamma]);
    statistics = tf.keep(moments); // customGrad disposes of the rest
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => normGradients(dy, saved, epsilon);
    return { value: normalize(x, moments, gamma, beta, epsilon), gradFunc };
  });
  const output = differentiable(x, gamma, beta) as tf.Tensor4D;
  const [mean, variance] = tf.unstack(statistics!) as [tf.Tensor1D, tf.Tensor1D];
  statistics!.dispose();
  return { output, mean, variance: tf.mul(variance, unbiased(x)) };
}

/** Returns Bessel's correction, n / (n − 1), for a channel of n values. */
function unbiased(x: tf.Tensor4D): number {
  const n = x.size / x.shape[3];
  return n / Math.max(1, n - 1);
}

/** Normalizes each channel of a batch to zero mean and unit variance, then scales and shifts it.
 * @param x Values to normalize: `[batch, height, width, channels]`.
 * @param gamma Scale, `[channels]`.
 * @param beta Shift, `[channels]`.
 * @param epsilon Small number that is added to the variance for numerical stability. */
export function normalizeBatch(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalized {
  // A depth above one means a second derivative, which only tfjs's own ops support.
  if (tf.engine().state.gradientDepth > 1) return differentiableTwice(x, gamma, beta, epsilon);
  if (hasShaders()) return withShaders(x, gamma, beta, epsilon);
  const tensorflow = activeTensorflow();
  const hasFused = tensorflow && (x.size > FEW_VALUES || tensorflow.tensors.context.hasGpu);
  return (hasFused ? withFusedOp : withFewOps)(x, gamma, beta, epsilon);
}

/** Implements batch normalization with tfjs's own ops, which are twice differentiable but slow, especially on a GPU. */
function differentiableTwice(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalized {
  const { mean, variance } = tf.moments(x, [0, 1, 2]) as { mean: tf.Tensor1D; variance: tf.Tensor1D };
  const output = tf.batchNorm(x, mean, variance, beta, gamma, epsilon) as tf.Tensor4D;
  return { output, mean, variance: tf.mul(variance, unbiased(x)) };
}
