/** Gradients of activations that can themselves be differentiated, which a gradient penalty needs and tfjs 4.22 has not.
 *
 * tfjs's gradients of tanh, sigmoid and exp use the saved output y. The tape holds the copy that is saved *before* the kernel
 * that made y, so a second derivative does not see that y depends on x, and leaves that part out: it throws if there is no other
 * path (tensorflow/tfjs#3252), and is silently wrong if there is one, as in a network. Those of leakyRelu and elu run kernels
 * that have no gradient. The gradients below start from x, and all they use has a right gradient.
 * @module */
import * as tf from "../tf.ts";

type Slope = (x: tf.Tensor, attributes: tf.NamedAttrMap) => tf.Tensor;

/** dy/dx from x, for each kernel. */
const slopes: Record<string, Slope> = {
  Tanh: (x) => tf.sub(1, tf.square(tf.tanh(x))),
  Sigmoid: (x) => tf.mul(tf.sigmoid(x), tf.sigmoid(tf.neg(x))),
  Exp: (x) => tf.exp(x),
  Elu: (x) => tf.exp(tf.neg(tf.relu(tf.neg(x)))), // 1 above 0, eˣ below
  // 1 above 0, α at and below it. relu(sign x) in place of tf.step, which fills arrays in JavaScript on TensorFlow.
  LeakyRelu: (x, { alpha }) => tf.add(tf.mul(tf.relu(tf.sign(x)), 1 - (alpha as number)), alpha as number),
};

/** Kernels with the same fault as tanh, for which nobody has needed a right gradient: better an error than a wrong number. */
const unsupported = ["Softmax", "LogSoftmax", "LRN"];

function configOf(kernelName: string, slope: Slope): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ["x"],
    gradFunc: (dy, [x], attributes) => ({ x: () => tf.mul(dy as tf.Tensor, slope(x!, attributes)) }),
  };
}

function refusalOf(kernelName: string): tf.GradConfig {
  return {
    kernelName,
    gradFunc: () => {
      throw new Error(
        `Cannot compute a gradient penalty through ${kernelName}: tfjs's second derivative of it is wrong; ` +
          `give the critic another layer`,
      );
    },
  };
}

/** Runs `forward` so that what it computes can be differentiated twice. The tape keeps the gradient that a kernel has when it
 * runs, so they are exchanged only meanwhile, and nothing else notices. */
export function withSecondDerivatives<T>(forward: () => T): T {
  const ours = [
    ...Object.entries(slopes).map(([kernelName, slope]) => configOf(kernelName, slope)),
    ...unsupported.map(refusalOf),
  ];
  const theirs = ours.map(({ kernelName }) => tf.getGradient(kernelName));
  ours.forEach((config) => tf.registerGradient(config));
  try {
    return forward();
  } finally {
    theirs.forEach((config) => tf.registerGradient(config));
  }
}
