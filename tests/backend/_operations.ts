/** The operations that GAN training needs, to compare the values and gradients of backends.
 * @module */
import * as tf from "../../lib/tf.ts";

/** A function of tensors of the given shapes. */
export interface Operation {
  name: string;
  shapes: number[][];
  of: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Values in (0.1, 1.1) instead of (-1, 1). */
  positive?: boolean;
  /** Compares values only: there is no gradient, or tfjs's is known to be wrong. */
  forward?: boolean;
}

/** Returns pseudorandom values that are the same on every backend. */
export function values(shape: number[], seed: number, positive = false): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const at = (i: number) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 43758.5453 % 1;
  return tf.tensor(Float32Array.from({ length: size }, (_, i) => positive ? Math.abs(at(i)) + 0.1 : at(i)), shape);
}

/** Computes the value, then the gradient of a weighted sum of it with respect to each input. */
export function evaluate({ shapes, of, positive, forward }: Operation): Float32Array[] {
  return tf.tidy(() => {
    const inputs = shapes.map((shape, seed) => values(shape, seed, positive));
    const y = of(...inputs);
    const results = [y];
    if (!forward) results.push(...tf.grads((...x) => tf.sum(tf.mul(of(...x), values(y.shape, 99))))(inputs));
    return results.map((tensor) => Float32Array.from(tensor.dataSync()));
  });
}

const four = (x: tf.Tensor) => x as tf.Tensor4D;

/** Convolutions of various sizes, filters, strides, paddings and batches, with odd sizes and filters below the stride. */
function convolutions(): Operation[] {
  const found: Operation[] = [];
  const paddings: ["same" | "valid" | number | tf.backend_util.ExplicitPadding, string][] = [
    ["same", "same"],
    ["valid", "valid"],
    [1, "1"],
    [[[0, 0], [1, 2], [2, 0], [0, 0]], "explicit"],
    [[[0, 0], [3, 3], [3, 3], [0, 0]], "wide"],
  ];
  for (
    const [batch, height, width, filter, stride] of [[1, 8, 8, 4, 2], [3, 7, 9, 3, 2], [2, 5, 6, 4, 1], [2, 8, 7, 1, 1], [
      2,
      7,
      7,
      2,
      3,
    ]]
  ) {
    for (const [padding, label] of paddings) {
      // Compared with two output channels there are many positions, compared with 64 few: wasm has an algorithm for each.
      for (const channels of [2, 64]) {
        found.push({
          name: `conv2d [${batch}, ${height}, ${width}] filter ${filter} stride ${stride} padding ${label} to ${channels}`,
          shapes: [[batch!, height!, width!, 3], [filter!, filter!, 3, channels]],
          of: (x, w) => tf.conv2d(four(x), four(w), stride!, padding, "NHWC", 1, padding === 1 ? "floor" : undefined),
        });
      }
    }
  }
  for (const [batch, size, filter, stride, channels] of [[1, 4, 4, 2, 3], [2, 5, 3, 2, 3], [2, 3, 5, 3, 2], [1, 2, 4, 2, 40]]) {
    const big = size! * stride!;
    found.push({
      name: `conv2dTranspose [${batch}, ${size}, ${size}, ${channels}] filter ${filter} stride ${stride}`,
      shapes: [[batch!, size!, size!, channels!], [filter!, filter!, 2, channels!]],
      of: (x, w) => tf.conv2dTranspose(four(x), four(w), [batch!, big, big, 2], stride!, "same"),
    });
  }
  return [
    ...found,
    {
      name: "conv2d dilated",
      shapes: [[1, 9, 9, 2], [3, 3, 2, 40]],
      of: (x, w) => tf.conv2d(four(x), four(w), 1, "valid", "NHWC", 2),
      forward: true,
    },
    {
      name: "fused.conv2d with bias",
      shapes: [[1, 4, 4, 3], [4, 4, 3, 32], [32]],
      of: (x, w, bias) => tf.fused.conv2d({ x: four(x), filter: four(w), strides: 2, pad: "same", bias: bias! }),
    },
    {
      name: "fused.conv2d with bias and relu",
      shapes: [[1, 4, 4, 3], [4, 4, 3, 32], [32]],
      of: (x, w, bias) =>
        tf.fused.conv2d({ x: four(x), filter: four(w), strides: 2, pad: "same", bias: bias!, activation: "relu" }),
    },
    {
      name: "depthwiseConv2d",
      shapes: [[2, 6, 5, 3], [3, 3, 3, 2]],
      of: (x, w) => tf.depthwiseConv2d(four(x), four(w), 2, "same"),
    },
  ];
}

/** Matrix products and other operations with weights. */
function products(): Operation[] {
  const product = (name: string, a: number[], b: number[], transposeA: boolean, transposeB: boolean): Operation => ({
    name: `matMul ${name}`,
    shapes: [a, b],
    of: (x, y) => tf.matMul(x, y, transposeA, transposeB),
  });
  return [
    product("plain", [3, 4], [4, 5], false, false),
    product("transposed left", [4, 3], [4, 5], true, false),
    product("transposed right", [3, 4], [5, 4], false, true),
    product("both transposed", [4, 3], [5, 4], true, true),
    product("in batches", [2, 3, 4], [2, 5, 4], false, true),
    { name: "gather of rows", shapes: [[5, 3]], of: (x) => tf.gather(x, tf.tensor1d([4, 0, 0, 2], "int32")) },
    {
      name: "gather of columns",
      shapes: [[2, 5, 3]],
      of: (x) => tf.gather(x, tf.tensor2d([[1, 1], [0, 4]], [2, 2], "int32"), 1),
    },
    {
      name: "unsortedSegmentSum",
      shapes: [[5, 2, 2]],
      of: (x) => tf.unsortedSegmentSum(x, tf.tensor1d([2, 0, 2, -1, 1], "int32"), 4),
      forward: true,
    },
    { name: "prelu", shapes: [[2, 3, 4], [4]], of: (x, alpha) => tf.prelu(x, alpha!) },
  ];
}

/** Normalization and reductions. */
function reductions(): Operation[] {
  const of = (name: string, f: (x: tf.Tensor) => tf.Tensor, options: Partial<Operation> = {}): Operation => ({
    name,
    shapes: [[2, 3, 5, 4]],
    of: (x) => f(x!),
    ...options,
  });
  return [
    {
      name: "batchNorm",
      shapes: [[2, 3, 5, 4], [4], [4], [4], [4]],
      positive: true,
      of: (x, mean, variance, offset, scale) =>
        tf.batchNorm(x!, mean as tf.Tensor1D, variance as tf.Tensor1D, offset as tf.Tensor1D, scale as tf.Tensor1D, 1e-3),
    },
    of("moments' mean", (x) => tf.moments(x, [0, 1, 2]).mean),
    of("moments' variance", (x) => tf.moments(x, [1, 2], true).variance),
    of("mean of all", (x) => tf.mean(x)),
    of("sum over the last axis", (x) => tf.sum(x, -1)),
    of("max", (x) => tf.max(x, [1, 2])),
    of("min", (x) => tf.min(x, -1)),
    of("norm", (x) => tf.norm(x, "euclidean", [1, 2])),
    of("logSumExp", (x) => tf.logSumExp(x, -1)),
    of("cumsum", (x) => tf.cumsum(x, 3)), // tfjs's gradient for any other axis is wrong on every backend
    of("softmax", (x) => tf.softmax(x)),
    of("logSoftmax", (x) => tf.logSoftmax(x)),
    of("argMax", (x) => tf.argMax(x, -1), { forward: true }),
    of("maxPool", (x) => tf.maxPool(four(x), 2, 2, "same")),
    of("avgPool", (x) => tf.avgPool(four(x), 2, 2, "valid")),
    {
      name: "softmaxCrossEntropy",
      shapes: [[3, 4]],
      of: (x) => tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d([1, 3, 0], "int32"), 4), x!),
    },
    { name: "sigmoidCrossEntropy", shapes: [[3, 4]], of: (x) => tf.losses.sigmoidCrossEntropy(tf.onesLike(x!), x!) },
  ];
}

/** Elementwise operations. */
function elements(): Operation[] {
  const signed: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    abs: tf.abs,
    sign: tf.sign,
    square: tf.square,
    exp: tf.exp,
    expm1: tf.expm1,
    relu: tf.relu,
    elu: tf.elu,
    selu: tf.selu,
    tanh: tf.tanh,
    sigmoid: tf.sigmoid,
    softplus: tf.softplus,
    step: tf.step,
    neg: tf.neg,
    leakyRelu: (x) => tf.leakyRelu(x, 0.2),
    clipByValue: (x) => tf.clipByValue(x, -0.5, 0.5),
    "tanh of large values": (x) => tf.tanh(tf.mul(x, 100)),
    "softplus of large values": (x) => tf.softplus(tf.mul(x, 100)),
    "sigmoid of large values": (x) => tf.sigmoid(tf.mul(x, 100)),
    where: (x) => tf.where(tf.greater(values(x.shape, 5), 0), x, tf.mul(x, 0.2)),
    greater: (x) => tf.greater(x, 0.1),
    "floor and cast": (x) => tf.cast(tf.floor(tf.mul(x, 9)), "int32"),
    "mod and round": (x) => tf.mod(tf.round(tf.mul(x, 9)), 4),
  };
  const noGradient = ["floor and cast", "mod and round", "greater"];
  const positive: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    sqrt: tf.sqrt,
    rsqrt: tf.rsqrt,
    log: tf.log,
    log1p: tf.log1p,
    reciprocal: tf.reciprocal,
    pow: (x) => tf.pow(x, 1.5),
  };
  const two: Record<string, (x: tf.Tensor, y: tf.Tensor) => tf.Tensor> = {
    add: tf.add,
    sub: tf.sub,
    mul: tf.mul,
    div: tf.div,
  };
  // Without broadcasting: tfjs does not reduce these gradients to the shape of the broadcast input.
  const alike = { maximum: tf.maximum, minimum: tf.minimum, squaredDifference: tf.squaredDifference };
  return [
    ...Object.entries(signed).map(([name, of]) => ({
      name,
      of: of as Operation["of"],
      shapes: [[3, 7]],
      forward: noGradient.includes(name),
    })),
    ...Object.entries(positive).map(([name, of]) => ({ name, of: of as Operation["of"], shapes: [[3, 7]], positive: true })),
    ...Object.entries(two).map(([name, of]) => ({
      name: `${name} broadcast`,
      of: of as Operation["of"],
      shapes: [[2, 3, 4], [3, 1]],
      positive: true,
    })),
    ...Object.entries(alike).map(([name, of]) => ({ name, of: of as Operation["of"], shapes: [[2, 3, 4], [2, 3, 4]] })),
    { name: "addN", shapes: [[2, 3], [2, 3], [2, 3]], of: (...x) => tf.addN(x) },
  ];
}

/** Operations that move elements. */
function moves(): Operation[] {
  const of = (name: string, f: (x: tf.Tensor) => tf.Tensor, options: Partial<Operation> = {}): Operation => ({
    name,
    shapes: [[2, 4, 6, 3]],
    of: (x) => f(x!),
    ...options,
  });
  return [
    { name: "concat of channels", shapes: [[2, 3, 2, 1], [2, 3, 2, 4]], of: (a, b) => tf.concat([a!, b!], 3) },
    { name: "stack", shapes: [[2, 3], [2, 3]], of: (a, b) => tf.stack([a!, b!], 1) },
    of("slice", (x) => tf.slice(x, [0, 1, 2, 1], [2, 2, 3, 2])),
    of("stridedSlice", (x) => tf.stridedSlice(x, [0, 1, 0, 0], [2, 4, 6, 3], [1, 2, 2, 1]), { forward: true }),
    of("split", (x) => tf.split(x, 3, 2)[1]!),
    of("unstack", (x) => tf.unstack(x, 3)[2]!),
    of("pad", (x) => tf.pad(x, [[0, 0], [1, 2], [0, 3], [0, 0]], 0.5)),
    of("mirrorPad", (x) => tf.mirrorPad(x, [[0, 0], [2, 2], [1, 1], [0, 0]], "reflect"), { forward: true }),
    of("transpose", (x) => tf.transpose(x, [3, 1, 2, 0])),
    of("reverse", (x) => tf.reverse(x, [1, 2])),
    of("tile", (x) => tf.tile(x, [1, 2, 1, 2])),
    of("broadcastTo", (x) => tf.broadcastTo(tf.slice(x, 0, [2, 1, 6, 1]), [2, 4, 6, 3])),
    of("reshape", (x) => tf.reshape(x, [6, -1])),
    of("resizeNearestNeighbor", (x) => tf.image.resizeNearestNeighbor(four(x), [8, 12])),
    of("resizeNearestNeighbor to fewer", (x) => tf.image.resizeNearestNeighbor(four(x), [3, 4])),
    of("resizeBilinear", (x) => tf.image.resizeBilinear(four(x), [7, 9]), { forward: true }), // the gradient of "cpu" is flipped
    of("depthToSpace", (x) => tf.depthToSpace(tf.concat([four(x), four(x), four(x), four(x)], 3) as tf.Tensor4D, 2), {
      forward: true,
    }),
    { name: "oneHot", shapes: [[4]], of: (x) => tf.oneHot(tf.cast(tf.mul(tf.abs(x!), 5), "int32"), 5), forward: true },
    {
      name: "embedding by oneHot",
      shapes: [[5, 3]],
      of: (x) => tf.matMul(tf.oneHot(tf.tensor1d([0, 4, 2], "int32"), 5).toFloat(), x!),
    },
  ];
}

/** All operations. */
export const OPERATIONS: Operation[] = [...convolutions(), ...products(), ...reductions(), ...elements(), ...moves()];

/** Returns the largest difference, relative to the largest expected value. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let [most, scale] = [0, 1e-3];
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(actual[i]! - expected[i]!);
    if (!(apart <= most)) most = apart; // also true for NaN
    scale = Math.max(scale, Math.abs(expected[i]!));
  }
  return most / scale;
}
