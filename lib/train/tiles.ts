/** Translates images that do not fit in memory. The images are translated in tiles, with the same result as in one piece.
 *
 * If each tile passed through the whole network separately, even overlapping tiles would give a different result: normalization
 * layers use statistics of the whole image, and an output pixel of a deep U-Net depends on nearly all input pixels. Therefore,
 * the whole image passes through the network stage by stage. Each stage computes one feature map, tile by tile, from the image or
 * from stored feature maps, so each tile needs only a narrow margin of pixels around it. The normalization statistics are
 * measured on the complete feature map and used in the next stages. There are no seams to blend.
 *
 * A feature map that takes much longer to compute than to read is stored in a temporary file; other feature maps are
 * recomputed when they are needed. The largest feature maps, which have the highest resolution, take little time to compute.
 * The temporary files of a ResNet with 64 filters therefore contain at most three feature maps, each of which takes 64 bytes
 * per image pixel. The temporary files of a U-Net are smaller.
 * @module */
import { GridFile, TEMPORARY } from "../data/grid_file.ts";
import type { Region } from "../data/preprocess.ts";
import type { Mode } from "../layers/batch_norm.ts";
import * as tf from "../tf.ts";
import { ruleOf } from "./layer_rules.ts";
import { area, cut, hull, type Norm, type Place, placeOf, regionOf, type Rule, type Size } from "./regions.ts";
import { yieldToEventLoop } from "./stop.ts";
import { Measurement } from "./tile_norms.ts";

/** Images that are read region by region. */
export interface TileSource {
  /** In pixels. */
  readonly height: number;
  /** In pixels. */
  readonly width: number;
  /** Reads a region of every image as a tensor `[count, height, width, channels]`, with values in [-1, 1]. The caller disposes of
   * the tensor. */
  read(region: Region): tf.Tensor4D | Promise<tf.Tensor4D>;
}

/** Receives a finished tile of the result.
 * @param tile Tensor `[count, height, width, channels]` with values in [-1, 1], which is disposed of after the call. */
export type TileSink = (tile: tf.Tensor4D, region: Region) => void | Promise<void>;

/** Minimum height and width of a tile. */
export const LEAST_TILE = 16;
/** Default of {@linkcode TileOptions.tile}. */
export const TILE = 512;

/** Options for translating images in tiles. */
export interface TileOptions {
  /** Maximum height and width of a tile in pixels, at least 16. Images up to the tile size are translated in one piece, and
   * larger images in tiles. For networks with many channels, the tiles are smaller, which limits memory use. Default
   * {@linkcode TILE}. */
  tile?: number | undefined;
  /** Folder for temporary files, which take up to 200 bytes per pixel in a network with 64 filters. Default: the system's. */
  scratch?: string | undefined;
  /** Called after each tile with the fraction of the work that is done. */
  report?: ((done: number) => void) | undefined;
  /** Signal that stops the translation after the current tile. */
  signal?: AbortSignal | undefined;
}

/** Number of multiplications that take as long as writing a value to a file and reading it back. Measured on 2 cores. */
const KEPT = 1000;
/** Number of multiplications that take as long as reading a value from a file. */
const READ = 250;
/** Maximum number of values in one tile of a feature map. A tile of the maximum size takes 16 MB, and a network needs about
 * twenty tiles at a time. */
const MOST_VALUES = 2 ** 22;
const FLOAT_BYTES = 4;

/** A layer of the network and its output. */
interface Node {
  rule: Rule;
  inputs: number[];
  size: Size;
  channels: number;
  /** Normalization layers that use statistics of this layer's output. */
  norms: Norm[];
  /** Number of multiplications per output position, including those for recomputing inputs that are not stored. */
  work: number;
  /** Whether the output is stored. */
  kept: boolean;
  /** Index of the last stage that reads the stored output. */
  lastUse: number;
  file?: GridFile;
}

/** A network prepared for images of one size. */
export class TiledNetwork {
  readonly #nodes: Node[] = [];
  readonly #source: TileSource;
  readonly #options: TileOptions;
  readonly #count: number;
  readonly #side: number;

  /** @param network Fully convolutional network with one input and one output.
   * @param source Images whose size the network accepts.
   * @param count Number of images.
   * @throws {RangeError} If the network contains a layer that cannot be applied to a part of an image. */
  constructor(network: tf.LayersModel, source: TileSource, count: number, mode: Mode, options: TileOptions) {
    [this.#source, this.#count, this.#options] = [source, count, options];
    if (network.inputs.length !== 1 || network.outputs[0]!.sourceLayer !== network.layers.at(-1)) {
      throw new RangeError(
        "Cannot translate in tiles: expected a network with one input and one output; translate the image in one piece",
      );
    }
    for (const layer of network.layers) this.#nodes.push(this.#nodeOf(layer, network.layers, mode));
    const widest = Math.max(
      ...this.#nodes.map(({ channels, size }) => count * channels * area(size) / area(this.#nodes[0]!.size)),
    );
    this.#side = Math.max(LEAST_TILE, Math.min(options.tile ?? TILE, Math.floor(Math.sqrt(MOST_VALUES / widest))));
    this.#nodes.forEach((node, i) => {
      for (const input of this.#leaves(i)) this.#nodes[input]!.lastUse = i;
      node.lastUse = i;
    });
  }

  #nodeOf(layer: tf.layers.Layer, layers: tf.layers.Layer[], mode: Mode): Node {
    const channels = (layer.outputShape as tf.Shape)[3]!;
    const common = { channels, norms: [], kept: false, lastUse: 0 };
    const [{ inboundLayers: sources } = { inboundLayers: [] }, ...others] = layer.inboundNodes;
    if (others.length > 0) {
      throw new RangeError(
        `Cannot translate in tiles: the network uses the layer ${layer.name} twice; translate the image in one piece`,
      );
    }
    if (sources.length === 0) {
      const rule = { work: 0 } as Rule; // its region is read from the source
      return { ...common, rule, inputs: [], size: [this.#source.height, this.#source.width], work: READ * channels };
    }
    const rule = ruleOf(layer, mode);
    const inputs = sources.map((source) => layers.indexOf(source));
    const before = inputs.map((i) => this.#nodes[i]!);
    const size = before[0]!.size.map((length, axis) => rule.length(length, axis as 0 | 1)) as [number, number];
    if (rule.norm) before[0]!.norms.push(rule.norm);
    const costOf = (node: Node) => (node.kept ? READ * node.channels : node.work) * area(node.size) / area(size);
    const work = rule.work + before.reduce((sum, node) => sum + costOf(node), 0);
    // Without storing sums, the last block of a ResNet would read the outputs of all blocks.
    const joins = inputs.length > 1 && rule.work === 0 && channels === before[0]!.channels;
    const final = layers.slice(-2).includes(layer); // the last convolution, whose output nothing but the tanh uses, or the tanh
    const kept = !final && (joins || rule.work > 0) && work > (joins ? 1.5 * READ : KEPT) * channels;
    return { ...common, rule, inputs, size, work, kept };
  }

  /** Returns the stored feature maps from which a feature map is computed. */
  #leaves(target: number): Set<number> {
    const found = new Set<number>();
    const visit = (i: number): void => {
      if (i !== target && this.#nodes[i]!.kept) found.add(i);
      else this.#nodes[i]!.inputs.forEach(visit);
    };
    visit(target);
    return found;
  }

  /** Translates the images.
   * @param wanted Region of the output to compute. */
  async run(sink: TileSink, wanted: Region): Promise<void> {
    const nodes = this.#nodes;
    const last = nodes.length - 1;
    const stages = nodes.flatMap((node, i) => i === last || node.kept || node.norms.length > 0 ? [i] : []);
    const workOf = ({ work, size }: Node) => work * area(size);
    const total = stages.reduce((sum, i) => sum + workOf(nodes[i]!), 0);
    let done = 0;
    try {
      for (const i of stages) {
        const { size: [height, width] } = nodes[i]!;
        const region = i === last ? wanted : { left: 0, top: 0, height, width };
        for await (const share of this.#computeMap(i, region, i === last ? sink : undefined)) {
          this.#options.report?.((done += workOf(nodes[i]!) * share) / total);
          await yieldToEventLoop();
          this.#options.signal?.throwIfAborted();
        }
        for (const { lastUse, file } of nodes) if (lastUse <= i) file?.close();
      }
    } finally {
      for (const { file, norms } of nodes) {
        file?.close();
        for (const { statistics } of norms) tf.dispose(statistics ?? []);
      }
    }
  }

  /** Computes a region of a feature map, tile by tile. Stores the tiles if later stages read them, and measures the statistics
   * for the normalization layers that follow.
   * @returns For each finished tile, its share of the work, as a fraction. */
  async *#computeMap(i: number, region: Region, sink?: TileSink): AsyncGenerator<number> {
    const node = this.#nodes[i]!;
    const tiles = this.#tilesOf(node, region);
    const measured = node.norms.map((norm) => new Measurement(norm));
    if (node.kept) node.file = this.#createFile(node);
    for (const tile of tiles) {
      const output = await this.#compute(i, placeOf(tile));
      try {
        for (const measurement of measured) measurement.add(output);
        if (node.file) this.#store(node.file, tile, await output.data() as Float32Array<ArrayBuffer>);
        await sink?.(output, tile);
      } finally {
        output.dispose();
      }
      yield 1 / tiles.length;
    }
    for (const measurement of measured) measurement.finish();
  }

  /** Divides a region of a feature map into tiles. */
  #tilesOf({ size }: Node, { left, top, height, width }: Region): Region[] {
    const sides = [this.#source.height / size[0], this.#source.width / size[1]].map((scale) =>
      Math.max(1, Math.round(this.#side / scale))
    );
    const starts = (length: number, side: number) => Array.from({ length: Math.ceil(length / side) }, (_, i) => i * side);
    return starts(height, sides[0]!).flatMap((y) =>
      starts(width, sides[1]!).map((x) => ({
        ...{ top: top + y, left: left + x },
        ...{ height: Math.min(sides[0]!, height - y), width: Math.min(sides[1]!, width - x) },
      }))
    );
  }

  /** Whether a feature map is read rather than computed. */
  #isRead(i: number, target: number): boolean {
    return this.#nodes[i]!.inputs.length === 0 || (i !== target && this.#nodes[i]!.kept);
  }

  /** Finds the regions of all other feature maps on which a region of one feature map depends. */
  #regionsFor(target: number, place: Place): { places: Map<number, Place>; needs: Map<number, Place> } {
    const places = new Map([[target, place]]);
    const needs = new Map<number, Place>(); // regions of the inputs, which several maps may share
    for (let i = target; i >= 0; i--) {
      const at = places.get(i);
      if (!at || this.#isRead(i, target)) continue;
      const { rule, inputs } = this.#nodes[i]!;
      const { size } = this.#nodes[inputs[0]!]!;
      const need: Place = [rule.needs(at[0], size[0], 0), rule.needs(at[1], size[1], 1)];
      needs.set(i, need);
      for (const input of inputs) {
        const other = places.get(input) ?? need;
        places.set(input, [hull(other[0], need[0]), hull(other[1], need[1])]);
      }
    }
    return { places, needs };
  }

  /** Computes a region of a feature map from the image and the stored feature maps. */
  async #compute(target: number, place: Place): Promise<tf.Tensor4D> {
    const { places, needs } = this.#regionsFor(target, place);
    const last = new Map([...needs.keys()].reverse().flatMap((i) => this.#nodes[i]!.inputs.map((input) => [input, i] as const)));
    const values = new Map<number, tf.Tensor4D>();
    try {
      for (const i of [...places.keys()].sort((a, b) => a - b)) {
        const { rule, inputs } = this.#nodes[i]!;
        const at = places.get(i)!;
        if (this.#isRead(i, target)) {
          values.set(i, await this.#read(this.#nodes[i]!, at));
          continue;
        }
        const parts = () =>
          inputs.map((input) => {
            const [[top], [left]] = places.get(input)!;
            return cut(values.get(input)!, top, left, needs.get(i)!);
          });
        values.set(i, tf.tidy(() => rule.apply(parts(), needs.get(i)!, at, this.#nodes[inputs[0]!]!.size)));
        for (const input of inputs) if (last.get(input) === i) values.get(input)!.dispose();
      }
    } catch (error) {
      for (const value of values.values()) value.dispose();
      throw error;
    }
    return values.get(target)!;
  }

  #createFile({ size: [height, width], channels }: Node): GridFile {
    const { scratch } = this.#options;
    const path = Deno.makeTempFileSync({
      ...(scratch === undefined ? {} : { dir: scratch }),
      prefix: TEMPORARY,
      suffix: ".part",
    });
    return new GridFile(path, { height: height * this.#count, width, cell: channels * FLOAT_BYTES });
  }

  #store(file: GridFile, region: Region, values: Float32Array<ArrayBuffer>): void {
    const size = values.length / this.#count;
    for (let n = 0; n < this.#count; n++) {
      const top = region.top + n * file.height / this.#count;
      const part = values.subarray(n * size, (n + 1) * size);
      file.write({ ...region, top }, new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    }
  }

  async #read({ file, channels }: Node, place: Place): Promise<tf.Tensor4D> {
    const region = regionOf(place);
    if (!file) return await this.#source.read(region);
    const images = Array.from({ length: this.#count }, (_, n) => {
      const bytes = file.read({ ...region, top: region.top + n * file.height / this.#count });
      return tf.tensor4d(new Float32Array(bytes.buffer), [1, region.height, region.width, channels]);
    });
    if (images.length === 1) return images[0]!;
    const joined = tf.concat(images);
    tf.dispose(images);
    return joined;
  }
}
