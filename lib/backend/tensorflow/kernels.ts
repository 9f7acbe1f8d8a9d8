/** Gradients for which TensorFlow has one op, where tfjs composes several or fills arrays in JavaScript.
 *
 * Each is a kernel of its own with its own gradient, so that second derivatives (a gradient penalty) stay right.
 * @module */
import * as tf from "../../tf.ts";
import { activeTensorflow, FLOAT, runOp } from "./active.ts";
import { type Attribute, attribute } from "./attributes.ts";

/** Runs a kernel by its name, recorded on the gradient tape. */
function run(kernelName: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap = {}): tf.Tensor {
  return tf.engine().runKernel(kernelName, inputs, attributes) as tf.Tensor;
}

/** Registers the gradient of an activation as TensorFlow's op `name(dy, saved)`, which is linear in dy. The activations are piecewise
 * linear, so the derivative by `saved` is zero wherever there is one. */
function registerLinear(name: string, attributes: (given: tf.NamedAttrMap) => Attribute[]): void {
  tf.registerKernel({
    kernelName: name,
    backendName: "tensorflow",
    kernelFunc: ({ inputs, attrs }) => runOp(name, [FLOAT, ...attributes(attrs ?? {})], [inputs.dy!, inputs.saved!])[0]!,
  });
  tf.registerGradient({
    kernelName: name,
    inputsToSave: ["saved"],
    gradFunc: (ddy, [saved], attrs) => ({
      dy: () => run(name, { dy: ddy as tf.Tensor, saved: saved! }, attrs),
      saved: () => tf.zerosLike(saved!),
    }),
  });
}

/** y = tanh x gives dx = dy (1 − y²), for which TensorFlow has one op. The derivative of that goes by x: tfjs saves y beside its tape, where
 * no derivative passes. */
function registerTanhGrad(): void {
  tf.registerKernel({
    kernelName: "TanhGrad",
    backendName: "tensorflow",
    kernelFunc: ({ inputs }) => runOp("TanhGrad", [FLOAT], [inputs.y!, inputs.dy!])[0]!,
  });
  tf.registerGradient({
    kernelName: "TanhGrad",
    inputsToSave: ["dy", "y"],
    gradFunc: (ddy, [dy, y]) => ({
      dy: () => run("TanhGrad", { dy: ddy as tf.Tensor, y: y!, x: y! }),
      y: () => tf.zerosLike(y!),
      x: () => tf.mul(tf.mul(run("TanhGrad", { dy: dy!, y: y!, x: y! }), tf.mul(ddy as tf.Tensor, y!)), -2),
    }),
  });
  const plain = tf.getGradient("Tanh");
  tf.registerGradient({
    kernelName: "Tanh",
    inputsToSave: ["x"],
    outputsToSave: [true],
    gradFunc: (dy, [x, y], attributes) =>
      activeTensorflow()
        ? { x: () => run("TanhGrad", { dy: dy as tf.Tensor, y: y!, x: x! }) }
        : plain.gradFunc(dy, [y!], attributes),
  });
}

/** Puts `fast` in place of tfjs's gradient while TensorFlow computes; other backends keep tfjs's.
 * @param save what the forward pass keeps: the input, or the output, which is often kept by the next layer anyway. */
function replace(
  kernelName: string,
  save: "x" | "y",
  fast: (dy: tf.Tensor, saved: tf.Tensor, attributes: tf.NamedAttrMap) => tf.Tensor,
): void {
  const plain = tf.getGradient(kernelName);
  tf.registerGradient({
    kernelName,
    inputsToSave: plain.inputsToSave ?? [],
    outputsToSave: [save === "y"],
    gradFunc: (dy, saved, attributes) =>
      activeTensorflow()
        ? { x: () => fast(dy as tf.Tensor, save === "y" ? saved[saved.length - 1]! : saved[0]!, attributes) }
        : plain.gradFunc(dy, saved, attributes),
  });
}

/** d(mean x)/dx and d(sum x)/dx: dy over all that was reduced, times 1/n or 1. tfjs fills an array of ones for this in JavaScript. */
function replaceReduction(kernelName: "Mean" | "Sum"): void {
  replace(kernelName, "x", (dy, x, attributes) => {
    const axes = tf.util.parseAxisParam(attributes.axis as number | number[], x.shape);
    const reduced = x.shape.map((dim, i) => axes.includes(i) ? 1 : dim);
    const scale = kernelName === "Mean" ? 1 / axes.reduce((n, i) => n * x.shape[i]!, 1) : 1;
    return tf.mul(tf.reshape(dy, reduced), tf.fill(x.shape, scale));
  });
}

/** Registers them all, once. */
export function registerFastGradients(): void {
  registerLinear("LeakyReluGrad", ({ alpha }) => [attribute.float("alpha", alpha as number)]);
  registerLinear("ReluGrad", () => []);
  registerTanhGrad();
  replace("LeakyRelu", "x", (dy, saved, { alpha }) => run("LeakyReluGrad", { dy, saved }, { alpha: alpha! }));
  replace("Relu", "y", (dy, saved) => run("ReluGrad", { dy, saved }));
  replaceReduction("Mean");
  replaceReduction("Sum");
}

/** Kernels of tfjs-node that a graph cannot take as they are.
 * (merged) */

type Run = (call: Parameters<tf.KernelFunc>[0]) => tf.TensorInfo | tf.TensorInfo[];

/** Puts `run`, which is given tfjs-node's kernel, in place of that. */
function replaceKernel(kernelName: string, run: (plain: Run) => Run): void {
  const plain = tf.getKernel(kernelName, "tensorflow");
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({ ...plain, kernelFunc: run(plain.kernelFunc) });
}

/** Registers them all, once. */
export function registerGraphKernels(): void {
  // It casts x to float32 but names the dtype that x had, which TensorFlow minds in a graph.
  replaceKernel("Mean", (plain) => (call) => {
    const x = call.inputs.x as tf.Tensor;
    if (x.dtype === "float32") return plain(call);
    return tf.tidy(() => plain({ ...call, inputs: { x: tf.cast(x, "float32") } }) as tf.Tensor);
  });
  // It reads the indices to check them. A graph has no values yet, and checks them each time it runs.
  replaceKernel("GatherV2", (plain) => (call) => {
    if (!activeTensorflow()!.tensors.trace) return plain(call);
    return plain({ ...call, backend: Object.create(call.backend as object, { readSync: { value: () => [] } }) });
  });
}
