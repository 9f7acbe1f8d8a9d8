/** The gradient penalty, which keeps a critic nearly 1-Lipschitz: Gulrajani et al. (2017), arXiv:1704.00028, Eq. 3, Algorithm 1.
 *
 *     λ E[(‖∇_x̂ D(x̂)‖₂ − 1)²],   x̂ = ε x + (1 − ε) x̃,   ε uniform in [0, 1]        (3, second term)
 *
 * Symbols: x → `real`, x̃ = G(z) → `fake`, ε → `mixing`, one per sample; λ → {@linkcode gradientPenaltyWeight}.
 *
 * The gradient of the penalty with respect to the critic's weights is a second derivative, and some of tfjs's second derivatives
 * are wrong. The gradients of tanh, sigmoid, exp, elu and leakyRelu are therefore replaced during the critic's forward pass. The
 * second derivatives of conv2d, matMul, add, relu, leakyRelu, elu, tanh, sigmoid, softplus and exp are tested against central
 * differences. The operations selu, prelu, maximum and clipByValue throw "gradient function not found", and softmax is rejected.
 * The critic must not use batch norm (Sec. 4), which makes the samples of a batch depend on each other, whereas the penalty is
 * defined per sample.
 *
 * Departure from the paper: the norm is √(‖∇‖² + 10⁻¹²). Since the slope of √ is infinite at 0, a critic whose gradient is 0 at a
 * single x̂ would otherwise turn all weights into NaN.
 *
 * Taught in: notebooks/04_when_training_fails.ipynb, Eq. (4.8)
 * @module */
import * as tf from "../tf.ts";
import type { Logits } from "./adversarial.ts";
import { checkSameShape } from "./distance.ts";

/** λ, the weight of the penalty relative to the Wasserstein loss: 10 in all experiments of the paper (Sec. 4). */
export const gradientPenaltyWeight = 10;

/** Added to ‖∇‖² under the square root. It is negligible for norms near 1; if the norm is 0, it makes the slope 0, not NaN. */
const leastSquaredNorm = 1e-12;

/** Computes the mean of (‖∇D(x̂)‖ − 1)² over the batch, without the weight λ. The function is pure: ε is an input, so that a
 * compiled step can draw new values on each call. If the critic outputs one logit per patch, the gradient of the sum of its
 * logits is used.
 * @param critic D, which maps samples to logits; its output must depend on the samples.
 * @param real real samples, `[batch, features]` or `[batch, height, width, channels]`.
 * @param fake generated samples of the same shape.
 * @param mixing ε, `[batch, 1]` or `[batch, 1, 1, 1]`, uniform in [0, 1]; 1 selects the real sample.
 * @returns scalar, ≥ 0.
 * @throws {RangeError} if the shapes do not match. */
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

/** dy/dx of each kernel as a function of x, built from operations that have correct gradients.
 *
 * tfjs's gradients of tanh, sigmoid and exp use the saved output y. The tape stores the copy of y from *before* the kernel is
 * recorded, so a second derivative misses the dependence of y on x: tfjs throws an error if the result
 * depends on x in no other way (tensorflow/tfjs#3252); otherwise, as in a network, the result is silently wrong. The
 * gradients of leakyRelu and elu run kernels that have no gradient themselves. */
const slopes: Record<string, Slope> = {
  Tanh: (x) => tf.sub(1, tf.square(tf.tanh(x))),
  Sigmoid: (x) => tf.mul(tf.sigmoid(x), tf.sigmoid(tf.neg(x))),
  Exp: (x) => tf.exp(x),
  Elu: (x) => tf.exp(tf.neg(tf.relu(tf.neg(x)))), // 1 above 0, eˣ below
  // 1 above 0, α elsewhere. relu(sign x) replaces tf.step, which on TensorFlow fills arrays in JavaScript.
  LeakyRelu: (x, { alpha }) => tf.add(tf.mul(tf.relu(tf.sign(x)), 1 - (alpha as number)), alpha as number),
};

/** Kernels that have the same bug as tanh but are not corrected here; differentiating them throws an error. */
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

/** Runs `forward` so that its result can be differentiated twice. The tape keeps the gradient that is registered when a
 * kernel runs, so the replacements can be undone once `forward` returns. */
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
