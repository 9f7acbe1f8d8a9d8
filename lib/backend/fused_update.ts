/** Fused optimizer updates: TensorFlow's in-place ops and WebGPU shaders, with one function per optimizer. Each function returns
 * undefined if the active backend has no fused version; the optimizer then computes the update with ordinary ops.
 * @module */
import * as tf from "../tf.ts";
import { eachCall } from "./compile.ts";
import { activeTensorflow, FLOAT } from "./tensorflow/active.ts";
import { attribute } from "./tensorflow/attributes.ts";
import { updateVariables } from "./tensorflow/variables.ts";
import { adamPass } from "./wasm/loops.ts";
import { elementwise, hasShaders } from "./webgpu/shader.ts";

/** A variable and the slot variables that an optimizer keeps for it. */
export interface Slot {
  /** The weights. */
  variable: tf.Variable;
  /** Slot variables of the same shape, such as Adam's moments. */
  memories: tf.Variable[];
}

/** Updates a variable and its slot variables in place. */
export type Update = (slot: Slot, gradient: tf.Tensor) => void;

/** A number that can change each time a step runs. The number is read once per run, whether or not the step is compiled. */
export type StepNumber = () => number;

/** Returns the number as a scalar tensor whose value is read once in each run of the step. */
export function stepScalar(read: StepNumber): tf.Tensor {
  return eachCall([], "float32", () => [read()]);
}

/** Numbers used in one Adam step, in the order in which they are read: β₁ᵗ, β₂ᵗ, the learning rate α, and ε √(1 − β₂ᵗ). Reading
 * β₁ᵗ increments the step count t. The number ε √(1 − β₂ᵗ), called "epsilon hat" in Section 2 of the Adam paper, is added to
 * √v. */
export type AdamNumbers = readonly [power1: StepNumber, power2: StepNumber, rate: StepNumber, epsilon: StepNumber];

const NO_LOCKING = attribute.bool("use_locking", false);

/** Returns the fused update for Adam: one op on TensorFlow, or three shaders instead of thirteen kernels on WebGPU. */
export function fusedAdam(beta1: number, beta2: number, numbers: AdamNumbers): Update | undefined {
  if (hasShaders()) return adamShaders(beta1, beta2, numbers);
  if (tf.getBackend() === "wasm") return adamOnePass(beta1, beta2, numbers);
  if (!activeTensorflow()) return undefined;
  const [power1, power2, rate, epsilon] = numbers.map(stepScalar) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
  const attributes = [FLOAT, NO_LOCKING, attribute.bool("use_nesterov", false)];
  return ({ variable, memories }, gradient) => {
    const inputs = [power1, power2, rate, tf.scalar(beta1), tf.scalar(beta2), epsilon, gradient];
    updateVariables("ResourceApplyAdam", attributes, [variable, ...memories], inputs);
  };
}

function adamOnePass(beta1: number, beta2: number, numbers: AdamNumbers): Update {
  const [power1, power2, rate, epsilon] = numbers.map((read) => read()) as [number, number, number, number];
  const scale = rate * Math.sqrt(1 - power2) / (1 - power1);
  return ({ variable, memories }, gradient) => adamPass(variable, memories, gradient, { beta1, beta2, scale, epsilon });
}

function adamShaders(beta1: number, beta2: number, numbers: AdamNumbers): Update {
  const [power1, power2, rate, epsilon] = numbers.map((read) => read()) as [number, number, number, number];
  const scale = rate * Math.sqrt(1 - power2) / (1 - power1);
  return ({ variable: theta, memories }, g) => {
    const [m, v] = memories as [tf.Variable, tf.Variable];
    const outputShape = theta.shape;
    // 1 − β is a separate uniform: 1 − β₂ computed in float32 would be accurate to only about four digits.
    const mean = { numbers: { beta1, rest: 1 - beta1 }, formula: "m[i] * uniforms.beta1 + g[i] * uniforms.rest" };
    m.assign(elementwise({ name: "adam_m", inputs: { m, g }, outputShape, ...mean }));
    const squares = { numbers: { beta2, rest: 1 - beta2 }, formula: "v[i] * uniforms.beta2 + g[i] * g[i] * uniforms.rest" };
    v.assign(elementwise({ name: "adam_v", inputs: { v, g }, outputShape, ...squares }));
    const formula = "theta[i] - uniforms.scale * m[i] / (sqrt(v[i]) + uniforms.epsilon)";
    theta.assign(elementwise({ name: "adam", inputs: { theta, m, v }, outputShape, numbers: { scale, epsilon }, formula }));
  };
}

/** Returns the fused update for RMSProp. The momentum is 0, so the second slot variable of TensorFlow's op only stores the last
 * update. */
export function fusedRmsProp(decay: number, epsilon: number, rate: tf.Tensor): Update | undefined {
  if (!activeTensorflow()) return undefined;
  return ({ variable, memories }, gradient) => {
    const inputs = [rate, tf.scalar(decay), tf.scalar(0), tf.scalar(epsilon), gradient];
    updateVariables("ResourceApplyRMSProp", [FLOAT, NO_LOCKING], [variable, ...memories], inputs);
  };
}

/** Returns the fused update for stochastic gradient descent. */
export function fusedSgd(rate: tf.Tensor): Update | undefined {
  if (!activeTensorflow()) return undefined;
  return ({ variable }, gradient) =>
    updateVariables("ResourceApplyGradientDescent", [FLOAT, NO_LOCKING], [variable], [rate, gradient]);
}
