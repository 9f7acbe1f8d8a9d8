/** Batch normalization with two forward and two backward shaders instead of the dozens of kernels that tfjs launches.
 *
 * The values are laid out as `[n, channels]`. Each channel is summed by one workgroup. Each thread sums rows with a stride of
 * {@linkcode THREADS}; a tree reduction then adds the sums of all threads.
 * @module */
import * as tf from "../../tf.ts";
import { elementwise, runShader, type Shader } from "./shader.ts";

const THREADS = 256;

/** WGSL function that returns, in every thread, the sum of `value` over all threads of the workgroup. */
const SUM_OVER_GROUP = `
  var<workgroup> parts : array<f32, ${THREADS}>;
  fn sumOverGroup(value : f32) -> f32 {
    parts[localId.x] = value;
    workgroupBarrier();
    for (var half = ${THREADS / 2}u; half > 0u; half = half / 2u) {
      if (localId.x < half) { parts[localId.x] = parts[localId.x] + parts[localId.x + half]; }
      workgroupBarrier();
    }
    let sum = parts[0];
    workgroupBarrier();
    return sum;
  }`;

/** WGSL loop over the rows assigned to a thread. */
const EACH_ROW = `for (var at = i32(localId.x) * channels + channel; at < uniforms.values; at = at + ${THREADS} * channels)`;

/** Computes two numbers for each channel, as a tensor of shape `[2, channels]`.
 * @param body WGSL code that computes `first` and `second` from the rows of the channel. */
function twoSums(
  { name, inputs, numbers = {}, body }: Pick<Shader, "name" | "inputs" | "numbers"> & { body: string },
  [values, channels]: [number, number],
): tf.Tensor {
  const code = `${SUM_OVER_GROUP}
    fn main(index : i32) {
      let channel = index / ${THREADS};
      let channels = uniforms.channels;
      ${body}
      if (localId.x == 0u) { result[channel] = first; result[channel + channels] = second; }
    }`;
  const size = { outputShape: [2, channels], groups: channels, threads: THREADS };
  return runShader({ name, inputs, numbers, integers: { values, channels }, ...size, code });
}

/** Computes the mean and the biased variance of each channel, as a tensor of shape `[2, channels]`. */
export function batchMoments(x: tf.Tensor4D): tf.Tensor {
  const body = `
      let n = f32(uniforms.values / channels);
      var total = 0.0;
      ${EACH_ROW} { total = total + x[at]; }
      let first = sumOverGroup(total) / n;
      var squares = 0.0;
      ${EACH_ROW} { squares = squares + (x[at] - first) * (x[at] - first); }
      let second = sumOverGroup(squares) / n;`;
  return twoSums({ name: "batch_statistics", inputs: { x }, body }, [x.size, x.shape[3]]);
}

/** WGSL expression for the normalized value h = (x − mean) / √(variance + ε). */
const NORMAL = (at: string, channel: string) =>
  `(x[${at}] - statistics[${channel}]) * inverseSqrt(statistics[${channel} + uniforms.channels] + uniforms.epsilon)`;

const CHANNEL = "(i % uniforms.channels)";

/** Computes γ h + β. */
export function normalize(x: tf.Tensor4D, statistics: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): tf.Tensor {
  return elementwise({
    name: "batch_norm",
    inputs: { x, statistics, gamma, beta },
    numbers: { epsilon },
    integers: { channels: x.shape[3] },
    outputShape: x.shape,
    formula: `${NORMAL("i", CHANNEL)} * gamma[${CHANNEL}] + beta[${CHANNEL}]`,
  });
}

/** Computes the gradients dβ = Σ dy and dγ = Σ dy h for each channel, as a tensor of shape `[2, channels]`. */
function gradientSums(dy: tf.Tensor, x: tf.Tensor4D, statistics: tf.Tensor, epsilon: number): tf.Tensor {
  const body = `
      var ofDy = 0.0;
      var ofDyH = 0.0;
      ${EACH_ROW} {
        ofDy = ofDy + dy[at];
        ofDyH = ofDyH + dy[at] * ${NORMAL("at", "channel")};
      }
      let first = sumOverGroup(ofDy);
      let second = sumOverGroup(ofDyH);`;
  return twoSums({ name: "batch_norm_sums", inputs: { dy, x, statistics }, numbers: { epsilon }, body }, [x.size, x.shape[3]]);
}

/** Computes the gradients with respect to x, γ and β. The formula gives the gradient with respect to x.
 *
 * ```text
 * dx = γ / √(variance + ε) · (dy − (dβ + h dγ) / n)
 * ```
 * @param saved Tensors from the forward pass: x, its statistics, and γ. */
export function normGradients(dy: tf.Tensor, saved: tf.Tensor[], epsilon: number): tf.Tensor[] {
  const [x, statistics, gamma] = saved as [tf.Tensor4D, tf.Tensor, tf.Tensor];
  const channels = x.shape[3];
  const both = gradientSums(dy, x, statistics, epsilon);
  const inverse = `inverseSqrt(statistics[${CHANNEL} + uniforms.channels] + uniforms.epsilon)`;
  const common = `(both[${CHANNEL}] + ${NORMAL("i", CHANNEL)} * both[${CHANNEL} + uniforms.channels]) / uniforms.n`;
  const dx = elementwise({
    name: "batch_norm_gradient",
    inputs: { dy, x, statistics, gamma, both },
    numbers: { epsilon, n: x.size / channels },
    integers: { channels },
    outputShape: x.shape,
    formula: `gamma[${CHANNEL}] * ${inverse} * (dy[i] - ${common})`,
  });
  const [dBeta, dGamma] = tf.unstack(both);
  return [dx, dGamma!, dBeta!];
}
