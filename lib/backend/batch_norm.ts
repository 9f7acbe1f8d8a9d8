/** Batch normalisation by the batch's own statistics, with TensorFlow's fused op or WebGPU's shaders where they are at hand.
 * @module */
import * as tf from "../tf.ts";
import { activeTensorflow, FLOAT, runOp } from "./tensorflow/active.ts";
import { type Attribute, attribute } from "./tensorflow/attributes.ts";
import { DTYPE } from "./tensorflow/symbols.ts";
import { normalised, normGradients, statisticsOf } from "./webgpu/batch_norm.ts";
import { hasShaders } from "./webgpu/shader.ts";

/** What normalising gives. */
export interface Normalised {
  /** As the input: zero mean and unit variance in each channel, times gamma, plus beta. */
  output: tf.Tensor4D;
  /** Of each channel over batch, height and width: `[channels]`. */
  mean: tf.Tensor1D;
  /** The unbiased estimate, divided by n - 1, for running statistics; the normalisation itself divides by n. `[channels]`. */
  variance: tf.Tensor1D;
}

function fusedAttributes(epsilon: number): Attribute[] {
  return [
    FLOAT,
    attribute.type("U", DTYPE.float32),
    attribute.float("epsilon", epsilon),
    attribute.text("data_format", "NHWC"),
    attribute.bool("is_training", true),
  ];
}

/** One op forward, one backward (Ioffe and Szegedy 2015, arXiv:1502.03167, Sec. 3). No second derivative. */
function fused(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalised {
  const attributes = fusedAttributes(epsilon);
  let statistics: tf.Tensor1D[] = [];
  const normalise = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const none = tf.zeros([0]);
    // The last three are for the backward op alone, and differ between devices.
    const [y, mean, variance, ...kept] = runOp(
      "FusedBatchNormV3",
      [...attributes, attribute.float("exponential_avg_factor", 1)],
      [x, gamma, beta, none, none],
      6,
    );
    save([x, gamma, ...kept]);
    statistics = [mean, variance].map((tensor) => tf.keep(tensor!)) as tf.Tensor1D[]; // customGrad disposes all but its value
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      runOp("FusedBatchNormGradV3", attributes, [dy, ...saved], 5).slice(0, 3);
    return { value: y!, gradFunc };
  });
  const output = normalise(x, gamma, beta) as tf.Tensor4D;
  const [mean, variance] = statistics.map((kept) => tf.clone(kept)) as [tf.Tensor1D, tf.Tensor1D];
  tf.dispose(statistics);
  return { output, mean, variance };
}

/** Up to so many values, ops that run in one thread beat the fused one, which divides every pass among threads. Measured on 2 cores. */
export const FEW_VALUES: number = 2 ** 16;

/** With h = (x − mean) / √(variance + ε): dx = γ / √(variance + ε) · (dy − (Σ dy + h Σ dy h) / n). No second derivative. */
function composed(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalised {
  const [channels, n] = [x.shape[3], x.size / x.shape[3]];
  const meanOf = (values: tf.Tensor) => tf.mul(tf.sum(values, 0), 1 / n) as tf.Tensor1D;
  let statistics: tf.Tensor1D[] = [];
  const normalise = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as unknown as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const flat = tf.reshape(x, [n, channels]);
    const mean = meanOf(flat);
    const centred = tf.sub(flat, mean);
    const variance = meanOf(tf.square(centred));
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const h = tf.mul(centred, inverse);
    save([h, tf.mul(gamma, inverse)]);
    statistics = [mean, variance].map((tensor) => tf.keep(tensor)); // customGrad disposes all but its value
    const gradFunc = (dy: tf.Tensor, [h, scale]: tf.Tensor[]) => {
      const given = tf.reshape(dy, [n, channels]);
      const [dBeta, dGamma] = [tf.sum(given, 0), tf.sum(tf.mul(given, h!), 0)];
      const common = tf.mul(tf.add(tf.mul(h!, dGamma), dBeta), 1 / n);
      return [tf.reshape(tf.mul(tf.sub(given, common), scale!), dy.shape), dGamma, dBeta];
    };
    return { value: tf.reshape(tf.add(tf.mul(h, gamma), beta), x.shape), gradFunc };
  });
  const output = normalise(x, gamma, beta) as tf.Tensor4D;
  const [mean, variance] = [tf.clone(statistics[0]!), tf.mul(statistics[1]!, unbiased(x)) as tf.Tensor1D];
  tf.dispose(statistics);
  return { output, mean, variance };
}

/** Four shaders, two forward, two backward. No second derivative. */
function shaded(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalised {
  let statistics: tf.Tensor | undefined;
  const normalise = tf.customGrad((...args) => {
    const [x, gamma, beta, save] = args as unknown as [tf.Tensor4D, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const both = statisticsOf(x);
    save([x, both, gamma]);
    statistics = tf.keep(both); // customGrad disposes all but its value
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      normGradients(dy, saved as [tf.Tensor4D, tf.Tensor, tf.Tensor], epsilon);
    return { value: normalised(x, both, gamma, beta, epsilon), gradFunc };
  });
  const output = normalise(x, gamma, beta) as tf.Tensor4D;
  const [mean, variance] = tf.unstack(statistics!) as [tf.Tensor1D, tf.Tensor1D];
  statistics!.dispose();
  return { output, mean, variance: tf.mul(variance, unbiased(x)) };
}

/** n / (n − 1), of the values in a channel. */
function unbiased(x: tf.Tensor4D): number {
  const n = x.size / x.shape[3];
  return n / Math.max(1, n - 1);
}

/** Normalises each channel of a batch, then scales and shifts it.
 * @param x `[batch, height, width, channels]`.
 * @param gamma `[channels]`, the scale.
 * @param beta `[channels]`, the shift.
 * @param epsilon added to the variance. */
export function normaliseBatch(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalised {
  // Depth above one means a derivative of a derivative, which only what tfjs itself composes has.
  if (tf.engine().state.gradientDepth > 1) return differentiableTwice(x, gamma, beta, epsilon);
  if (hasShaders()) return shaded(x, gamma, beta, epsilon);
  const tensorflow = activeTensorflow();
  const hasFused = tensorflow && (x.size > FEW_VALUES || tensorflow.tensors.context.hasGpu);
  return (hasFused ? fused : composed)(x, gamma, beta, epsilon);
}

/** Of many small ops, whose gradients tfjs knows: slow, on a GPU above all. */
function differentiableTwice(x: tf.Tensor4D, gamma: tf.Tensor1D, beta: tf.Tensor1D, epsilon: number): Normalised {
  const { mean, variance } = tf.moments(x, [0, 1, 2]) as { mean: tf.Tensor1D; variance: tf.Tensor1D };
  const output = tf.batchNorm(x, mean, variance, beta, gamma, epsilon) as tf.Tensor4D;
  return { output, mean, variance: tf.mul(variance, unbiased(x)) };
}
