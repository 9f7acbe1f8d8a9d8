/** The gradient penalty, which keeps a critic nearly 1-Lipschitz (Gulrajani et al., 2017, arXiv:1704.00028, equation 3 and
 * Algorithm 1).
 *
 * ```text
 * λ E[(‖∇_x̂ D(x̂)‖₂ − 1)²],   x̂ = ε x + (1 − ε) x̃,   ε uniform in [0, 1]        (3, second term)
 * ```
 *
 * In the code, x is `real`, x̃ = G(z) is `fake`, ε is `mixing` (one number per sample), and λ is
 * {@linkcode gradientPenaltyWeight}.
 *
 * The gradient of the penalty with respect to the critic's weights is a second derivative, and some of tfjs's second derivatives
 * are wrong. The gradients of tanh, sigmoid, exp, elu and leakyRelu are therefore replaced during the critic's forward pass. The
 * second derivatives of conv2d, matMul, add, relu, leakyRelu, elu, tanh, sigmoid, softplus and exp are tested against central
 * differences. The operations selu, prelu, maximum and clipByValue throw "gradient function not found", and softmax is rejected.
 * The critic must not use batch norm, since the penalty is defined per sample and batch norm makes the samples of a batch depend
 * on each other (section 4).
 *
 * Departure from the paper: the norm of a gradient ∇ is computed as √(‖∇‖² + 10⁻¹²). Without the added constant, a gradient of 0
 * at a single x̂ would turn all weights into NaN, since the slope of the square root is infinite at 0.
 *
 * Taught in: notebooks/04_when_training_fails.ipynb, Eq. (4.11)
 * @module */
import * as tf from "../tf.ts";
import type { Logits } from "./adversarial.ts";
import { checkSameShape } from "./distance.ts";

/** Weight λ of the penalty relative to the Wasserstein loss; 10 in all experiments of the paper (section 4). */
export const gradientPenaltyWeight = 10;

/** Constant that is added to ‖∇‖² under the square root. The constant is negligible for norms near 1. For a norm of 0, the
 * constant makes the slope 0 instead of NaN. */
const leastSquaredNorm = 1e-12;

/** Computes the mean of (‖∇D(x̂)‖ − 1)² over the batch, without the weight λ. The function is pure: `mixing` is an input, so that
 * a compiled step can draw new values on each call. If the critic outputs one logit per patch, the gradient of the sum of its
 * logits is used.
 * @param critic Function D that maps samples to logits; its output must depend on the samples.
 * @param real Real samples, `[batch, features]` or `[batch, height, width, channels]`.
 * @param fake Generated samples of the same shape.
 * @param mixing Uniform random numbers ε in [0, 1], `[batch, 1]` or `[batch, 1, 1, 1]`; 1 selects the real sample.
 * @returns Scalar, ≥ 0.
 * @throws {RangeError} If the shapes do not match. */
export function gradientPenalty<T extends tf.Tensor2D | tf.Tensor4D>(
  critic: (samples: T) => Logits,
  real: T,
  fake: T,
  mixing: T,
): tf.Scalar {
  checkSameShape("the gradient penalty", real, fake);
  const shape = real.shape.map((dim, axis) => axis === 0 ? dim : 1);
  if (!tf.util.arraysEqual(mixing.shape, shape)) {
    const problem = `mixing must have the shape [${shape}], got [${mixing.shape}]; pass one number per sample`;
    throw new RangeError(`Cannot compute the gradient penalty: ${problem}`);
  }
  return tf.tidy(() => {
    const between = tf.add(fake, tf.mul(mixing, tf.sub(real, fake))); // x̃ + ε (x − x̃) = ε x + (1 − ε) x̃
    const slopes = tf.grad((samples) => tf.sum(withSecondDerivatives(() => critic(samples as T))))(between); // per sample
    const squaredNorms = tf.sum(tf.square(slopes), slopes.shape.map((_, axis) => axis).slice(1)); // [batch]
    const norms = tf.sqrt(tf.add(squaredNorms, leastSquaredNorm));
    return tf.mean<tf.Scalar>(tf.square(tf.sub(norms, 1)));
  });
}

type Slope = (x: tf.Tensor, attributes: tf.NamedAttrMap) => tf.Tensor;

/** Derivative dy/dx of each kernel as a function of x, built from operations that have correct gradients.
 *
 * tfjs's gradients of tanh, sigmoid and exp use the saved output y. The tape stores the copy of y from *before* the kernel is
 * recorded, so a second derivative misses the dependence of y on x: tfjs throws an error if the result
 * depends on x in no other way (tensorflow/tfjs#3252); otherwise, as in a network, the result is silently wrong. The
 * gradient functions of leakyRelu and elu call kernels that have no gradient of their own. */
const slopes: Record<string, Slope> = {
  Tanh: (x) => tf.sub(1, tf.square(tf.tanh(x))),
  Sigmoid: (x) => tf.mul(tf.sigmoid(x), tf.sigmoid(tf.neg(x))),
  Exp: (x) => tf.exp(x),
  Elu: (x) => tf.exp(tf.neg(tf.relu(tf.neg(x)))), // 1 above 0, eˣ below
  // 1 above 0, α elsewhere. relu(sign x) replaces tf.step, which on TensorFlow fills arrays in JavaScript.
  LeakyRelu: (x, { alpha }) => tf.add(tf.mul(tf.relu(tf.sign(x)), 1 - (alpha as number)), alpha as number),
};

/** Kernels whose gradients have the same bug as the gradient of tanh but are not corrected here. Differentiating these kernels
 * throws an error. */
const unsupported = ["Softmax", "LogSoftmax", "LRN"];

function correctedGradient(kernelName: string, slope: Slope): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attributes) => ({ x: () => tf.mul(dy as tf.Tensor, slope(x!, attributes)) }),
  };
}

function refusedGradient(kernelName: string): tf.GradConfig {
  return {
    kernelName,
    gradFunc: () => {
      const fail = `Cannot compute a gradient penalty through ${kernelName}`;
      throw new Error(`${fail}: tfjs computes its second derivative incorrectly; use another layer in the critic`);
    },
  };
}

/** Runs `forward` so that its result can be differentiated twice. When a kernel runs, the tape stores the gradient function that
 * is registered at that time, so tfjs's own gradients can be restored once `forward` returns. */
function withSecondDerivatives<T>(forward: () => T): T {
  const ours = [
    ...Object.entries(slopes).map(([kernelName, slope]) => correctedGradient(kernelName, slope)),
    ...unsupported.map(refusedGradient),
  ];
  const theirs = ours.map(({ kernelName }) => tf.getGradient(kernelName));
  ours.forEach((config) => tf.registerGradient(config));
  try {
    return forward();
  } finally {
    theirs.forEach((config) => tf.registerGradient(config));
  }
}
