/** Custom shaders that tfjs's "webgpu" backend runs between its own kernels.
 *
 * Launching a shader takes 0.2 ms of CPU time, regardless of how much it computes. For a small model, launches therefore take
 * up most of a training step. A custom shader replaces several tfjs kernels that would process the same values one after another.
 * @module */
import * as tf from "../../tf.ts";
import type { WebGPUBackend } from "../../packages.ts";

/** A compute shader with its inputs. */
export interface Shader {
  /** Unique name, under which the compiled shader is cached. */
  name: string;
  /** Input tensors, keyed by name. The code accesses each tensor as an array of f32 with this name. */
  inputs: Record<string, tf.Tensor>;
  /** Uniforms of type f32, available as `uniforms.NAME` in the code. */
  numbers?: Record<string, number>;
  /** Uniforms of type i32, available as `uniforms.NAME` in the code. */
  integers?: Record<string, number>;
  /** Shape of the output. The code writes the output to the array `result`. */
  outputShape: number[];
  /** Number of workgroups. */
  groups: number;
  /** Number of threads in a workgroup. */
  threads: number;
  /** WGSL code with a function `main(index : i32)`; `localId.x` is the index of a thread in its workgroup. */
  code: string;
}

/** Returns whether custom shaders can run, that is, whether WebGPU is active and no second derivative is being computed. */
export function hasShaders(): boolean {
  return tf.getBackend() === "webgpu" && tf.engine().state.gradientDepth <= 1;
}

/** Submits a shader without waiting for it to finish; the program waits only when it reads the result. Not differentiable. */
export function runShader({ name, inputs, numbers = {}, integers = {}, outputShape, groups, threads, code }: Shader): tf.Tensor {
  const uniforms = [
    ...Object.entries(numbers).map(([name, value]) => ({ name, wgsl: "f32", type: "float32", data: [value] })),
    ...Object.entries(integers).map(([name, value]) => ({ name, wgsl: "i32", type: "int32", data: [value] })),
  ];
  const program = {
    shaderKey: `forger_${name}`,
    variableNames: Object.keys(inputs),
    uniforms: uniforms.map(({ name, wgsl }) => `${name} : ${wgsl},`).join(" "),
    outputShape,
    size: true,
    dispatchLayout: { x: outputShape.map((_, axis) => axis) },
    dispatch: [groups, 1, 1] as [number, number, number],
    workgroupSize: [threads, 1, 1] as [number, number, number],
    getUserCode: () => code,
  };
  const backend = tf.backend() as WebGPUBackend;
  return tf.engine().makeTensorFromTensorInfo(backend.runWebGPUProgram(program, Object.values(inputs), "float32", uniforms));
}

/** Number of threads in a workgroup of an element-wise shader. */
const THREADS = 128;

/** A shader that computes each element of the output with the same formula. */
export interface Elementwise extends Omit<Shader, "groups" | "threads" | "code"> {
  /** WGSL expression in which `i` is the index of the element, such as "m[i] + g[i]". */
  formula: string;
}

/** Runs a shader that computes each element of the output from a formula. Not differentiable. */
export function elementwise({ formula, outputShape, ...shader }: Elementwise): tf.Tensor {
  const code = `fn main(i : i32) { if (i < uniforms.size) { result[i] = ${formula}; } }`;
  const groups = Math.ceil(tf.util.sizeFromShape(outputShape) / THREADS);
  return runShader({ ...shader, outputShape, groups, threads: THREADS, code });
}
