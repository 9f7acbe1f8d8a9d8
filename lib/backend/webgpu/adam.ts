/** Adam's step in three shaders for each variable, where tfjs's kernels take thirteen. See train/adam.ts for the equations.
 * @module */
import type * as tf from "../../tf.ts";
import { elementwise } from "./shader.ts";

/** The numbers of one step. */
export interface AdamNumbers {
  /** β₁. */
  beta1: number;
  /** β₂. */
  beta2: number;
  /** α √(1 − β₂ᵗ) / (1 − β₁ᵗ). */
  scale: number;
  /** ε √(1 − β₂ᵗ). */
  epsilon: number;
}

/** Moves a variable, and its moments m and v before it. */
export function adamStep(
  theta: tf.Variable,
  [m, v]: [tf.Variable, tf.Variable],
  g: tf.Tensor,
  { beta1, beta2, scale, epsilon }: AdamNumbers,
): void {
  const outputShape = theta.shape;
  // The rests are numbers of their own: 1 − β₂ in 32 bits would be wrong in its fifth digit.
  const first = {
    inputs: { m, g },
    numbers: { beta1, rest: 1 - beta1 },
    formula: "m[i] * uniforms.beta1 + g[i] * uniforms.rest",
  };
  m.assign(elementwise({ name: "adam_m", outputShape, ...first }));
  const second = {
    inputs: { v, g },
    numbers: { beta2, rest: 1 - beta2 },
    formula: "v[i] * uniforms.beta2 + g[i] * g[i] * uniforms.rest",
  };
  v.assign(elementwise({ name: "adam_v", outputShape, ...second }));
  const move = "theta[i] - uniforms.scale * m[i] / (sqrt(v[i]) + uniforms.epsilon)";
  theta.assign(elementwise({ name: "adam", outputShape, inputs: { theta, m, v }, numbers: { scale, epsilon }, formula: move }));
}
