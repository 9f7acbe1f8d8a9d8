/** Fast gradients on TensorFlow, and fixes that make tfjs-node's kernels work in graphs.
 *
 * TensorFlow computes some gradients with one op where tfjs uses several ops or fills arrays in JavaScript. Such an op is
 * registered as a kernel with its own gradient, so that second derivatives, as in a gradient penalty, remain correct.
 * @module */
import * as tf from "../../tf.ts";
import { activeTensorflow, FLOAT, runOp } from "./active.ts";
import { type Attribute, attribute } from "./attributes.ts";

/** Runs a kernel and records it on the gradient tape. */
function run(kernelName: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap = {}): tf.Tensor {
  return tf.engine().runKernel(kernelName, inputs, attributes) as tf.Tensor;
}

/** Registers a kernel for the TensorFlow op `name(dy, saved)`, which computes the gradient of a piecewise linear activation. The
 * op is linear in `dy`. The derivative of the op with respect to `saved` is zero wherever it exists. */
function registerLinear(name: string, attributes: (attributes: tf.NamedAttrMap) => Attribute[]): void {
  tf.registerKernel({
    kernelName: name,
    backendName: "tensorflow",
    kernelFunc: ({ inputs, attrs }) => runOp(name, [FLOAT, ...attributes(attrs ?? {})], [inputs["dy"]!, inputs["saved"]!])[0]!,
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

/** Registers the gradient of tanh, dx = dy (1 − y²), which TensorFlow computes in a single op. The derivative of this gradient is
 * taken with respect to x instead of y, because tfjs saves y outside the tape, where derivatives do not propagate. */
function registerTanhGrad(): void {
  tf.registerKernel({
    kernelName: "TanhGrad",
    backendName: "tensorflow",
    kernelFunc: ({ inputs }) => runOp("TanhGrad", [FLOAT], [inputs["y"]!, inputs["dy"]!])[0]!,
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

type FastGradient = (dy: tf.Tensor, saved: tf.Tensor, attributes: tf.NamedAttrMap) => tf.Tensor;

/** Replaces tfjs's gradient of a kernel with `fast` while TensorFlow is active. Other backends continue to use tfjs's gradient.
 * @param save "x" to save the input of the kernel, or "y" to save its output, which the next layer often saves anyway. */
function replaceGradient(kernelName: string, save: "x" | "y", fast: FastGradient): void {
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

/** Replaces the gradient of a sum or a mean. The gradient of a sum is dy, broadcast over the reduced axes. The gradient of a mean
 * is also divided by the number of averaged values. */
function replaceReduction(kernelName: "Mean" | "Sum"): void {
  replaceGradient(kernelName, "x", (dy, x, attributes) => {
    const axes = tf.util.parseAxisParam(attributes["axis"] as number | number[], x.shape);
    const reduced = x.shape.map((dim, i) => axes.includes(i) ? 1 : dim);
    const scale = kernelName === "Mean" ? 1 / axes.reduce((n, i) => n * x.shape[i]!, 1) : 1;
    return tf.mul(tf.reshape(dy, reduced), tf.fill(x.shape, scale));
  });
}

/** Registers the fast gradients. Call this function only once. */
export function registerFastGradients(): void {
  registerLinear("LeakyReluGrad", ({ alpha }) => [attribute.float("alpha", alpha as number)]);
  registerLinear("ReluGrad", () => []);
  registerTanhGrad();
  replaceGradient("LeakyRelu", "x", (dy, saved, { alpha }) => run("LeakyReluGrad", { dy, saved }, { alpha: alpha! }));
  replaceGradient("Relu", "y", (dy, saved) => run("ReluGrad", { dy, saved }));
  replaceReduction("Mean");
  replaceReduction("Sum");
}

type Run = (call: Parameters<tf.KernelFunc>[0]) => tf.TensorInfo | tf.TensorInfo[];

/** Replaces a tfjs-node kernel with `run(kernel)`. */
export function replaceKernel(kernelName: string, run: (plain: Run) => Run): void {
  const plain = tf.getKernel(kernelName, "tensorflow");
  tf.unregisterKernel(kernelName, "tensorflow");
  tf.registerKernel({ ...plain, kernelFunc: run(plain.kernelFunc) });
}

/** Replaces kernels of tfjs-node that do not work in a graph. Call this function only once. */
export function registerGraphKernels(): void {
  // tfjs-node casts x to float32 but passes x's original dtype to the op, which is an error in a graph.
  replaceKernel("Mean", (plain) => (call) => {
    const x = call.inputs["x"] as tf.Tensor;
    if (x.dtype === "float32") return plain(call);
    return tf.tidy(() => plain({ ...call, inputs: { x: tf.cast(x, "float32") } }) as tf.Tensor);
  });
  // tfjs-node reads the indices to check them. During tracing, they have no values; the graph checks them in each run.
  replaceKernel("GatherV2", (plain) => (call) => {
    if (!activeTensorflow()!.tensors.trace) return plain(call);
    return plain({ ...call, backend: Object.create(call.backend as object, { readSync: { value: () => [] } }) });
  });
}
