/** Shaders of our own, run by tfjs's backend "webgpu" between its own kernels.
 *
 * A shader costs the processor a fifth of a millisecond to start, however small its work is: a training step of a small model waits for
 * that and for nothing else. So what several of tfjs's kernels do one after the other to the same numbers is done here in one.
 * @module */
import * as tf from "../../tf.ts";
import type { WebGPUBackend } from "../../packages.ts";

/** What to run. */
export interface Shader {
  /** Unlike all others: a shader is compiled once by its name. */
  name: string;
  /** What it reads, each by its name in the code: an array of f32. */
  inputs: Record<string, tf.Tensor>;
  /** Numbers that it reads, as `uniforms.NAME`: f32. */
  numbers?: Record<string, number>;
  /** The same, i32. */
  integers?: Record<string, number>;
  /** Of what it writes, the array `result` in the code. */
  outputShape: number[];
  /** Workgroups of so many threads each. */
  groups: number;
  /** Threads in a workgroup. */
  threads: number;
  /** WGSL, with a function `main(index : i32)`; `localId.x` is a thread's place in its group. */
  code: string;
}

/** Whether shaders can run: WebGPU is what computes, and nobody asks for a derivative of a derivative. */
export function hasShaders(): boolean {
  return tf.getBackend() === "webgpu" && tf.engine().state.gradientDepth <= 1;
}

/** Runs it, to be finished when its result is read. No gradient. */
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

/** Threads in a workgroup of elementwise shaders. */
const THREADS = 128;

/** One value from each place of tensors of one size.
 * @param formula WGSL, in which `i` is the place: "m[i] + g[i]".
 * @param outputShape of the result. */
export function elementwise(
  { formula, outputShape, ...shader }: Omit<Shader, "groups" | "threads" | "code"> & { formula: string },
): tf.Tensor {
  const code = `fn main(i : i32) { if (i < uniforms.size) { result[i] = ${formula}; } }`;
  return runShader({
    ...shader,
    outputShape,
    groups: Math.ceil(tf.util.sizeFromShape(outputShape) / THREADS),
    threads: THREADS,
    code,
  });
}
