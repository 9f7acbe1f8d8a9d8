/** Convolutions with fewer multiplications, for the backend "wasm" of pages. The convolutions have a 4x4 kernel and a stride of
 * 2, like most layers of the generators, and need 9/16 of the multiplications.
 *
 * Two neighbouring outputs of a filter with two taps, y0 = p0 a + p1 b and y1 = p1 a + p2 b, need four products. With the product
 * m = p1 (a + b), three are enough (Winograd 1980; Lavin and Gray 2016, arXiv:1509.09308):
 *
 * ```text
 * y0 = m + (p0 − p1) a
 * y1 = m + (p2 − p1) b
 * ```
 *
 * A convolution of stride 2 with four taps is the sum of two convolutions with two taps, one over the inputs with even indices
 * and one over the others. A transposed convolution consists of two filters with two taps, one for even and one for odd outputs.
 * Along two axes, the savings multiply. XNNPACK computes all products of one kind at once, as a convolution whose kernel covers
 * one input of a tile.
 * @module */
import * as tf from "../tf.ts";
import type { Info } from "../backend/wasm/convolution.ts";
import type { BackendWasm } from "../packages.ts";
import { keptFilter } from "./kept_filters.ts";
import { filterOf, type Product, productsOf, type Sizes, STRIDED, TRANSPOSED } from "./winograd_plan.ts";

/** Minimum number of weights per tap. Otherwise, the additions take longer than the multiplications that they replace. */
const LEAST_WEIGHTS = 2 ** 12;
/** Minimum number of multiplications. Otherwise, the additional calls take longer. */
const LEAST_PRODUCTS = 2 ** 25;
/** Minimum number of inputs per side. Otherwise, reading the additional filters takes longer. */
const LEAST_SIDE = 16;

/** Returns whether a convolution is of the kind in this file, and large enough to be faster with fewer multiplications.
 * @param info Geometry of the convolution; that of a transposed convolution describes its gradient. */
function isWorth({ axis: { step }, height, width, channels, filters }: Sizes, info: Info): boolean {
  const { padInfo: { top, left }, filterHeight, filterWidth, strideHeight, strideWidth, outHeight, outWidth } = info;
  const isSame = top === 1 && left === 1 && info.inHeight === 2 * outHeight && info.inWidth === 2 * outWidth;
  if (!isSame || [filterHeight, filterWidth, 2 * strideHeight, 2 * strideWidth].some((n) => n !== 4)) return false;
  const weights = channels * filters;
  if (weights < LEAST_WEIGHTS || weights * 16 * outHeight * outWidth < LEAST_PRODUCTS) return false;
  return [height, width].every((side) => side >= LEAST_SIDE && side % step === 0);
}

/** Copies an image into a border of zeros.
 * @param from Position of the image in the heap; `to` is the position of the result. */
function padInto(heap: Float32Array, from: number, to: number, { height, width, channels }: Sizes): void {
  const [length, pitch] = [width * channels, (width + 2) * channels];
  heap.fill(0, to, to + pitch + channels);
  for (let row = 1; row <= height; row++, from += length) {
    const at = to + row * pitch + channels;
    heap.copyWithin(at, from, from + length);
    heap.fill(0, at + length, at + length + 2 * channels);
  }
  heap.fill(0, to + (height + 1) * pitch, to + paddedSize({ height, width, channels }));
}

/** Returns the number of values of a padded image, including extra values that are read but not used. */
function paddedSize({ height, width, channels }: Pick<Sizes, "height" | "width" | "channels">): number {
  return ((height + 2) * (width + 2) + 4) * channels;
}

/** Returns a tensor that shares the memory of another one. Free it with {@linkcode forget}.
 * @param start Number of values before its first one. */
function share(backend: BackendWasm, { dataId }: tf.TensorInfo, shape: number[], start: number): tf.TensorInfo {
  return backend.makeOutput(shape, "float32", backend.getMemoryOffset(dataId) + 4 * start);
}

function forget(backend: BackendWasm, { dataId }: tf.TensorInfo): void {
  const { dataIdMap } = backend as unknown as { dataIdMap: { get(id: object): { memoryOffset: number } } };
  dataIdMap.get(dataId).memoryOffset = 0; // freeing it does nothing
  backend.disposeData(dataId);
}

/** Subtracts each value of `x` from the value that is `distance` places after it. */
function differences(backend: BackendWasm, subtract: tf.KernelConfig, x: tf.TensorInfo, distance: number): tf.TensorInfo {
  const length = tf.util.sizeFromShape(x.shape) - distance;
  const [a, b] = [share(backend, x, [length], distance), share(backend, x, [length], 0)];
  const result = subtract.kernelFunc({ inputs: { a, b }, backend, attrs: {} }) as tf.TensorInfo;
  forget(backend, a);
  forget(backend, b);
  return result;
}

/** Values in the heap, one block per tile: the position of the first block, and the distance between blocks. */
type Place = readonly [at: number, step: number];

/** Adds the four terms of each output.
 * @param from Positions of the products in the heap; `to` is the position of the output. */
function addTerms(heap: Float32Array, from: number[], to: number, sizes: Sizes, products: Product[]): void {
  const { axis: { factors, outputs, step }, height, width, filters } = sizes;
  const [tiles, per] = [width / step, outputs.length];
  for (let y = 0; y < height / step * per; y++) {
    const row = Math.floor(y / per);
    outputs.forEach((over, x) => {
      const terms = outputs[y % per]!.flatMap(([f, i, later]) =>
        over.map(([g, j, after]): Place => {
          const { over: { blocks }, outer } = products[f * factors.length + g]!;
          const tile = (row + later) * (tiles + 1) + after;
          return [from[f * factors.length + g]! + tile * outer + (i * blocks.length + j) * filters, outer];
        })
      );
      sumOfFour(heap, terms, [to + (y * tiles * per + x) * filters, per * filters], tiles, filters);
    });
  }
}

/** Adds four terms of `count` outputs with `length` filters. */
function sumOfFour(heap: Float32Array, terms: Place[], [to, step]: Place, count: number, length: number): void {
  let [[a, as], [b, bs], [c, cs], [d, ds]] = terms as [Place, Place, Place, Place];
  for (let n = 0; n < count; n++, a += as, b += bs, c += cs, d += ds, to += step) {
    for (let k = 0; k < length; k++) heap[to + k] = heap[a + k]! + heap[b + k]! + heap[c + k]! + heap[d + k]!;
  }
}

/** Kernels of tfjs. */
interface Kernels {
  conv2d: tf.KernelConfig;
  subtract: tf.KernelConfig;
}

/** Inputs of a convolution. */
interface Inputs {
  x: tf.TensorInfo;
  filter: tf.TensorInfo;
  bias?: tf.TensorInfo;
}

/** Convolves. */
function convolve(backend: BackendWasm, kernels: Kernels, inputs: Inputs, sizes: Sizes): tf.TensorInfo {
  const { axis: { outputs, step }, batch, height, width, channels, filters } = sizes;
  const products = productsOf(sizes);
  const [rows, columns] = [height, width].map((side) => side / step * outputs.length) as [number, number];
  const output = backend.makeOutput([batch, rows, columns, filters], "float32");
  const padded = backend.makeOutput([paddedSize(sizes)], "float32");
  const offsetOf = ({ dataId }: tf.TensorInfo) => backend.getMemoryOffset(dataId) / 4;
  const heapOf = () => new Float32Array(backend.typedArrayFromHeap(output).buffer); // again each time, since it may have moved
  for (let n = 0; n < batch; n++) {
    padInto(heapOf(), offsetOf(inputs.x) + n * height * width * channels, offsetOf(padded), sizes);
    const results = multiply(backend, kernels, { ...inputs, x: padded }, sizes, products);
    addTerms(heapOf(), results.map(offsetOf), offsetOf(output) + n * rows * columns * filters, sizes, products);
    for (const { dataId } of results) backend.disposeData(dataId);
  }
  backend.disposeData(padded.dataId);
  return output;
}

/** Computes all products of one padded image. */
function multiply(
  backend: BackendWasm,
  { conv2d, subtract }: Kernels,
  { x, filter, bias }: Inputs,
  sizes: Sizes,
  products: Product[],
): tf.TensorInfo[] {
  const { axis: { name, step, run }, width, channels } = sizes;
  const pitch = (width + 2) * channels;
  const over = differences(backend, subtract, x, run * channels);
  const [down, both] = [x, over].map((x) => differences(backend, subtract, x, run * pitch)) as [tf.TensorInfo, tf.TensorInfo];
  const attrs = { strides: [step, step / run], dilations: 1, dataFormat: "NHWC", pad: "valid", activation: "linear" };
  const results = products.map((product, i) => {
    const [isDown, isOver] = [product.down.isDifference, product.over.isDifference];
    const start = (product.down.at + 1) * pitch + (product.over.at + 1) * channels;
    const shape = [1, (product.rows - 1) * step + run, (width + 2) / run, run * channels];
    const part = share(backend, isDown ? isOver ? both : down : isOver ? over : x, shape, start);
    const inputs: tf.NamedTensorInfoMap = {
      x: part,
      filter: keptFilter(backend, filter, `${name} ${i}`, () => filterOf(backend, filter, sizes, product)),
      ...bias && !isDown && !isOver && { bias }, // each output has exactly one term without differences
    };
    const result = conv2d.kernelFunc({ inputs, attrs: attrs as unknown as tf.NamedAttrMap, backend }) as tf.TensorInfo;
    forget(backend, part);
    return result;
  });
  for (const { dataId } of [over, down, both]) backend.disposeData(dataId);
  return results;
}

/** Convolves with stride 2. Returns `undefined` if XNNPACK alone is faster.
 * @param kernels XNNPACK's `FusedConv2D` and `Sub` kernels. */
export function stridedWinograd(
  backend: BackendWasm,
  kernels: Kernels,
  inputs: Inputs,
  info: Info,
): tf.TensorInfo | undefined {
  const { batchSize: batch, inHeight: height, inWidth: width, inChannels: channels, outChannels: filters } = info;
  const sizes = { axis: STRIDED, batch, height, width, channels, filters };
  return isWorth(sizes, info) ? convolve(backend, kernels, inputs, sizes) : undefined;
}

/** Computes a transposed convolution. Returns `undefined` if its phases are faster.
 * @param kernels XNNPACK's `Conv2D` and `Sub` kernels.
 * @param info Geometry of the convolution whose gradient the transposed convolution is. */
export function transposedWinograd(
  backend: BackendWasm,
  kernels: Kernels,
  inputs: Inputs,
  info: Info,
): tf.TensorInfo | undefined {
  const { batchSize: batch, outHeight: height, outWidth: width, outChannels: channels, inChannels: filters } = info;
  const sizes = { axis: TRANSPOSED, batch, height, width, channels, filters };
  return isWorth(sizes, info) ? convolve(backend, kernels, inputs, sizes) : undefined;
}
