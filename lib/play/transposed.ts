/** Transposed convolutions on the backend "wasm" for pages, on which weights never change. Each filter is therefore split only
 * once.
 *
 * A transposed convolution with stride s consists of s·s phases. Each phase is an ordinary convolution with some of the filter's
 * taps (see lib/backend/wasm/conv2d.ts). Splitting a filter takes longer than many convolutions do, and XNNPACK packs each new
 * filter. If the split filters are kept, both happen only once.
 * @module */
import type * as tf from "../tf.ts";
import { convolutionInfo, type Info } from "../backend/wasm/convolution.ts";
import type { BackendWasm } from "../packages.ts";
import { keptFilter } from "./kept_filters.ts";
import { transposedWinograd } from "./winograd.ts";

/** Number of output channels that XNNPACK computes at once. */
const LANES = 8;
/** Number of input channels that are transposed at once, so that their cache lines stay in the cache. */
const BLOCK = 16;

/** A phase: every s-th position along one axis of the output, beginning at `start`. */
interface Phase {
  /** First tap of the filter. The other taps are at multiples of s after it. */
  tap: number;
  start: number;
  count: number;
  /** Number of positions that the group computes before the first position of the phase. */
  skip: number;
}

/** Phases along one axis that a single convolution computes. The phases share a window of the input. The taps are `tap + j * s`,
 * where `j` runs from `farthest` down to `nearest`. */
interface Group {
  phases: Phase[];
  farthest: number;
  nearest: number;
  /** Number of zeros before the input; `after` is the number of zeros after the input. */
  before: number;
  after: number;
  /** Number of positions to compute. */
  count: number;
}

/** A convolution that computes some of the phases. The output channels are the concatenated channels of the phases of `rows` ×
 * `columns`. */
interface Job {
  rows: Group;
  columns: Group;
  /** Name of its filter. */
  key: string;
}

/** Groups the phases of a transposed convolution along one axis. Returns `undefined` if splitting is not useful, for example if
 * the filter is shorter than the stride.
 *
 * With padding p, output i is the sum over j of x[q − j] · w[r + j · s], where i + p = q · s + r. Taps that are only multiplied
 * by zeros are omitted: three quarters of the taps if the input is one pixel.
 * @param size Number of outputs along the axis; `inputs` is the number of inputs.
 * @param merged Whether a single convolution computes all phases, instead of one convolution per phase. */
function groupsOf(
  size: number,
  inputs: number,
  taps: number,
  stride: number,
  padding: number,
  merged: boolean,
): Group[] | undefined {
  const ranges = Array.from({ length: Math.min(stride, size) }, (_, i) => {
    const tap = (i + padding) % stride;
    const [first, last] = [Math.ceil((padding - tap) / stride), Math.floor((size - 1 + padding - tap) / stride)];
    return { tap, first, last, start: first * stride + tap - padding, own: Math.ceil((taps - tap) / stride) - 1 };
  });
  const groups = (merged ? [ranges] : ranges.map((range) => [range])).map((members): Group => {
    const [first, last] = [Math.min(...members.map(({ first }) => first)), Math.max(...members.map(({ last }) => last))];
    const nearest = Math.max(0, first - inputs + 1);
    const farthest = Math.min(Math.max(...members.map(({ own }) => own)), last);
    const phases = members.map((range) => ({ ...range, count: range.last - range.first + 1, skip: range.first - first }));
    return { phases, farthest, nearest, before: farthest - first, after: last - nearest - inputs + 1, count: last - first + 1 };
  });
  const fits = groups.every(({ farthest, nearest, before, after }) => farthest >= nearest && before >= 0 && after >= 0);
  return fits ? groups : undefined;
}

/** Returns the convolutions that make up a transposed convolution. If there are few output channels, a single convolution for all
 * phases is faster, since XNNPACK always computes {@linkcode LANES} channels at once. */
function jobsOf(info: Info): Job[] | undefined {
  const { inHeight, outHeight, filterHeight, strideHeight, inWidth, outWidth, filterWidth, strideWidth, padInfo } = info;
  const ways = [false, true].flatMap((merged) => {
    const rows = groupsOf(inHeight, outHeight, filterHeight, strideHeight, padInfo.top, merged);
    const columns = groupsOf(inWidth, outWidth, filterWidth, strideWidth, padInfo.left, merged);
    return rows && columns
      ? [rows.flatMap((rows) => columns.map((columns) => ({ rows, columns, key: keyOf(info, rows, columns) })))]
      : [];
  });
  const cost = (jobs: Job[]) => {
    const costs = jobs.map(({ rows, columns }) => {
      const channels = rows.phases.length * columns.phases.length * info.inChannels;
      const window = (rows.farthest - rows.nearest + 1) * (columns.farthest - columns.nearest + 1);
      return window * rows.count * columns.count * Math.ceil(channels / LANES);
    });
    return costs.reduce((sum, cost) => sum + cost);
  };
  const [separate, merged] = ways;
  return separate && merged && cost(merged) < cost(separate) ? merged : separate;
}

/** Returns the name of a convolution's filter. */
function keyOf({ strideHeight, strideWidth }: Info, ...groups: Group[]): string {
  const windows = groups.map(({ phases, farthest, nearest }) => [phases.map(({ tap }) => tap), farthest, nearest]);
  return JSON.stringify([strideHeight, strideWidth, windows]);
}

/** Computes the filter of one convolution: `[rows, columns, outChannels, phases * inChannels]`. */
function splitFilter(backend: BackendWasm, filter: tf.TensorInfo, info: Info, { rows, columns }: Job): tf.TensorInfo {
  const { filterHeight, filterWidth, inChannels, outChannels, strideHeight, strideWidth } = info;
  const [height, width] = [rows, columns].map(({ farthest, nearest }) => farthest - nearest + 1) as [number, number];
  const channels = rows.phases.length * columns.phases.length * inChannels;
  const split = backend.makeOutput([height, width, outChannels, channels], "float32");
  const [to, from] = [split, filter].map((info) => backend.typedArrayFromHeap(info)) as [Float32Array, Float32Array];
  to.fill(0);
  rows.phases.forEach(({ tap: firstRow }, i) =>
    columns.phases.forEach(({ tap: firstColumn }, j) => {
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const row = firstRow + (rows.farthest - y) * strideHeight;
          const column = firstColumn + (columns.farthest - x) * strideWidth;
          if (row >= filterHeight || column >= filterWidth) continue;
          const source = from.subarray((row * filterWidth + column) * inChannels * outChannels);
          const target = to.subarray((y * width + x) * outChannels * channels + (i * columns.phases.length + j) * inChannels);
          transposeMatrix(source, target, inChannels, outChannels, channels);
        }
      }
    })
  );
  return split;
}

/** Transposes a matrix.
 * @param stride Length of a row in the output. */
function transposeMatrix(source: Float32Array, target: Float32Array, rows: number, columns: number, stride: number): void {
  for (let block = 0; block < columns; block += BLOCK) {
    const end = Math.min(columns, block + BLOCK);
    for (let row = 0; row < rows; row++) {
      for (let column = block; column < end; column++) target[column * stride + row] = source[row * columns + column]!;
    }
  }
}

/** Copies the phases that a convolution has computed to their positions in the output. */
function place(part: Float32Array, output: Float32Array, info: Info, { rows, columns }: Job): void {
  const { batchSize, inHeight, inWidth, inChannels: channels, strideHeight, strideWidth } = info;
  const [across, phases] = [columns.phases.length, rows.phases.length * columns.phases.length];
  const [sourceStep, targetStep] = [phases * channels, strideWidth * channels];
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < phases; i++) {
      const [down, over] = [rows.phases[Math.floor(i / across)]!, columns.phases[i % across]!];
      for (let row = 0; row < down.count; row++) {
        let from = ((n * rows.count + down.skip + row) * columns.count + over.skip) * sourceStep + i * channels;
        let to = ((n * inHeight + down.start + row * strideHeight) * inWidth + over.start) * channels;
        for (let column = 0; column < over.count; column++) {
          for (let channel = 0; channel < channels; channel++) output[to + channel] = part[from + channel]!;
          from += sourceStep;
          to += targetStep;
        }
      }
    }
  }
}

/** Returns a `Conv2DBackpropInput` kernel that keeps split filters.
 * @param conv2d XNNPACK's `Conv2D` kernel.
 * @param other The kernel for convolutions that cannot be split. */
export function transposedConvolution(
  conv2d: tf.KernelConfig,
  subtract: tf.KernelConfig,
  other: tf.KernelConfig,
): tf.KernelConfig {
  const known = new Map<string, Job[] | undefined>(); // finding the convolutions takes longer than small convolutions do
  const kernelFunc: tf.KernelFunc = (call) => {
    const { dy, filter } = call.inputs as { dy: tf.TensorInfo; filter: tf.TensorInfo };
    const backend = call.backend as BackendWasm;
    const info = convolutionInfo(call.attrs?.["inputShape"] as number[], filter.shape, call.attrs);
    const quick = transposedWinograd(backend, { conv2d, subtract }, { x: dy, filter }, info);
    if (quick) return quick;
    const key = `${[dy.shape, filter.shape, info.inShape]} ${JSON.stringify(call.attrs)}`;
    if (!known.has(key)) known.set(key, jobsOf(info));
    const jobs = known.get(key);
    if (!jobs) return other.kernelFunc(call);
    const parts = jobs.map((job) => {
      const pad = [[0, 0], [job.rows.before, job.rows.after], [job.columns.before, job.columns.after], [0, 0]];
      const inputs = { x: dy, filter: keptFilter(backend, filter, job.key, () => splitFilter(backend, filter, info, job)) };
      const attrs = { strides: 1, dilations: 1, dataFormat: "NHWC", pad };
      return conv2d.kernelFunc({ inputs, attrs: attrs as unknown as tf.NamedAttrMap, backend }) as tf.TensorInfo;
    });
    if (info.strideHeight === 1 && info.strideWidth === 1) return parts[0]!;
    const output = backend.makeOutput(info.inShape, "float32");
    const view = backend.typedArrayFromHeap(output) as Float32Array; // only now, since the heap may have moved
    parts.forEach((part, i) => {
      place(backend.typedArrayFromHeap(part) as Float32Array, view, info, jobs[i]!);
      backend.disposeData(part.dataId);
    });
    return output;
  };
  return { ...other, kernelFunc };
}
