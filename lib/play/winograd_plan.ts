/** The products and filters of convolutions with fewer multiplications (see winograd.ts).
 * @module */
import type * as tf from "../tf.ts";
import type { BackendWasm } from "../packages.ts";

/** A factor of products along one axis: an input of each tile, or the difference between an input and the one before it. */
interface Factor {
  /** Position of the input relative to the first input of the tile. For a difference, that of its subtrahend. */
  at: number;
  isDifference?: boolean;
  /** Number of factors in addition to one per tile. */
  more?: number;
  /** Blocks of filters: sums of taps, for each of the inputs in a run. `~n` is tap n with a minus sign. */
  blocks: number[][][];
}

/** A term of an output: the index of a factor, the index of a block in its product, and how many tiles later it lies. */
type Term = [factor: number, block: number, later: number];

/** A way to convolve along one axis, in tiles. */
export interface Axis {
  name: string;
  /** Number of inputs per tile. */
  step: number;
  /** Number of consecutive values of which an input consists. */
  run: number;
  factors: Factor[];
  /** The two terms of each output of a tile. */
  outputs: [Term, Term][];
}

/** Convolution with stride 2: y[q] = Σ x[2q + n − 1] w[n]. The inputs are pairs of values. */
export const STRIDED: Axis = {
  ...{ name: "strided", step: 4, run: 2 },
  factors: [
    { at: 1, blocks: [[[0, 2], [1, 3]]] },
    { at: -1, isDifference: true, blocks: [[[~0], [~1]]] },
    { at: 1, isDifference: true, blocks: [[[2], [3]]] },
  ],
  outputs: [[[0, 0, 0], [1, 0, 0]], [[0, 0, 0], [2, 0, 0]]],
};

/** Transposed convolution with stride 2: y[2q] = x[q] w[1] + x[q − 1] w[3], and y[2q + 1] = x[q + 1] w[0] + x[q] w[2]. Even and
 * odd outputs share the differences. */
export const TRANSPOSED: Axis = {
  ...{ name: "transposed", step: 2, run: 1 },
  factors: [
    { at: 0, blocks: [[[1, 3]]] },
    { at: 1, blocks: [[[0, 2]]] },
    { at: 0, isDifference: true, blocks: [[[~2]], [[1]]] },
    { at: -1, isDifference: true, more: 1, blocks: [[[~3]], [[0]]] },
  ],
  outputs: [
    [[0, 0, 0], [3, 0, 0]],
    [[1, 0, 0], [2, 0, 0]],
    [[0, 0, 0], [2, 1, 0]],
    [[1, 0, 0], [3, 1, 1]],
  ],
};

/** One product: a factor along the rows times a factor along the columns. */
export interface Product {
  down: Factor;
  over: Factor;
  /** Number of rows of tiles, and of additional factors. */
  rows: number;
  /** Number of filters. */
  outer: number;
}

/** Sizes of a whole convolution. `channels` are those of its input, `filters` those of its output. */
export interface Sizes {
  axis: Axis;
  batch: number;
  height: number;
  width: number;
  channels: number;
  filters: number;
}

/** Returns all products. */
export function productsOf({ axis: { factors, step }, height, filters }: Sizes): Product[] {
  return factors.flatMap((down) =>
    factors.map((over): Product => ({
      ...{ down, over },
      rows: height / step + (down.more ?? 0),
      outer: down.blocks.length * over.blocks.length * filters,
    }))
  );
}

/** Returns the filter of a product: `[run, 1, run * channels, outer]`. */
export function filterOf(
  backend: BackendWasm,
  whole: tf.TensorInfo,
  { axis, channels, filters }: Sizes,
  { down, over, outer }: Product,
): tf.TensorInfo {
  const filter = backend.makeOutput([axis.run, 1, axis.run * channels, outer], "float32");
  const [to, from] = [filter, whole].map((info) => backend.typedArrayFromHeap(info)) as [Float32Array, Float32Array];
  to.fill(0);
  const [byChannel, byFilter] = axis === TRANSPOSED ? [1, channels] : [filters, 1];
  const layout = { channels, filters, outer, byChannel, byFilter };
  down.blocks.forEach((rows, i) =>
    over.blocks.forEach((columns, j) =>
      rows.forEach((above, y) =>
        columns.forEach((before, x) => {
          const start = (y * axis.run + x) * channels * outer + (i * over.blocks.length + j) * filters;
          for (const row of above) {
            for (const column of before) {
              const tap = from.subarray(((row < 0 ? ~row : row) * 4 + (column < 0 ? ~column : column)) * channels * filters);
              addTap(tap, to.subarray(start), layout, (row < 0) === (column < 0) ? 1 : -1);
            }
          }
        })
      )
    )
  );
  return filter;
}

/** Layout of a tap and of a filter in memory: distances between consecutive values. */
interface Layout {
  channels: number;
  filters: number;
  outer: number;
  byChannel: number;
  byFilter: number;
}

/** Number of channels that are read at once, so that their cache lines stay in the cache. */
const BLOCK = 16;

function addTap(tap: Float32Array, to: Float32Array, layout: Layout, sign: number): void {
  const { channels, filters, outer, byChannel, byFilter } = layout;
  for (let block = 0; block < channels; block += BLOCK) {
    const end = Math.min(channels, block + BLOCK);
    for (let filter = 0; filter < filters; filter++) {
      for (let channel = block; channel < end; channel++) {
        to[channel * outer + filter]! += sign * tap[channel * byChannel + filter * byFilter]!;
      }
    }
  }
}
