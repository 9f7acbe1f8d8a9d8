/** Translates images that do not fit in memory. The images are translated in tiles, with the same result as in one piece.
 *
 * If each tile passed through the whole network separately, even overlapping tiles would give a different result: normalization
 * layers use statistics of the whole image, and an output pixel of a deep U-Net depends on nearly all input pixels. Therefore,
 * the whole image passes through the network stage by stage. Each stage computes one feature map, tile by tile, from the image or
 * from stored feature maps, so each tile needs only a narrow margin of pixels around it. The normalization statistics are
 * measured on the complete feature map and used in the next stages. There are no seams to blend.
 *
 * Feature maps that take a long time to compute are stored in temporary files (tile_plan.ts). The temporary files of a ResNet
 * with 64 filters therefore contain at most three feature maps, each of which takes 64 bytes per image pixel. The temporary
 * files of a U-Net are smaller.
 * @module */
import { GridFile, TEMPORARY } from "../data/grid_file.ts";
import type { Region } from "../data/preprocess.ts";
import type { Mode } from "../layers/batch_norm.ts";
import * as tf from "../tf.ts";
import { area, cut, type Place, placeOf, regionOf } from "./regions.ts";
import { yieldToEventLoop } from "./stop.ts";
import { Measurement } from "./tile_norms.ts";
import { type FeatureMap, isRead, planOf, regionsFor } from "./tile_plan.ts";

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

/** Maximum number of values in one tile of a feature map. A tile of the maximum size takes 16 MB, and a network needs about
 * twenty tiles at a time. */
const MOST_VALUES = 2 ** 22;
const FLOAT_BYTES = 4;

/** A network prepared for images of one size. */
export class TiledNetwork {
  readonly #maps: FeatureMap[];
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
    this.#maps = planOf(network, [source.height, source.width], mode);
    const widest = Math.max(
      ...this.#maps.map(({ channels, size }) => count * channels * area(size) / area(this.#maps[0]!.size)),
    );
    this.#side = Math.max(LEAST_TILE, Math.min(options.tile ?? TILE, Math.floor(Math.sqrt(MOST_VALUES / widest))));
  }

  /** Translates the images.
   * @param wanted Region of the output to compute. */
  async run(sink: TileSink, wanted: Region): Promise<void> {
    const maps = this.#maps;
    const last = maps.length - 1;
    const stages = maps.flatMap((map, i) => i === last || map.kept || map.norms.length > 0 ? [i] : []);
    const workOf = ({ work, size }: FeatureMap) => work * area(size);
    const total = stages.reduce((sum, i) => sum + workOf(maps[i]!), 0);
    let done = 0;
    try {
      for (const i of stages) {
        const { size: [height, width] } = maps[i]!;
        const region = i === last ? wanted : { left: 0, top: 0, height, width };
        for await (const share of this.#computeMap(i, region, i === last ? sink : undefined)) {
          this.#options.report?.((done += workOf(maps[i]!) * share) / total);
          await yieldToEventLoop();
          this.#options.signal?.throwIfAborted();
        }
        for (const { lastUse, file } of maps) if (lastUse <= i) file?.close();
      }
    } finally {
      for (const { file, norms } of maps) {
        file?.close();
        for (const { statistics } of norms) tf.dispose(statistics ?? []);
      }
    }
  }

  /** Computes a region of a feature map, tile by tile. Stores the tiles if later stages read them, and measures the statistics
   * for the normalization layers that follow.
   * @returns For each finished tile, its share of the work, as a fraction. */
  async *#computeMap(i: number, region: Region, sink?: TileSink): AsyncGenerator<number> {
    const map = this.#maps[i]!;
    const tiles = this.#tilesOf(map, region);
    const measured = map.norms.map((norm) => new Measurement(norm));
    if (map.kept) map.file = this.#createFile(map);
    for (const tile of tiles) {
      const output = await this.#compute(i, placeOf(tile));
      try {
        for (const measurement of measured) measurement.add(output);
        if (map.file) this.#store(map.file, tile, await output.data() as Float32Array<ArrayBuffer>);
        await sink?.(output, tile);
      } finally {
        output.dispose();
      }
      yield 1 / tiles.length;
    }
    for (const measurement of measured) measurement.finish();
  }

  /** Divides a region of a feature map into tiles. */
  #tilesOf({ size }: FeatureMap, { left, top, height, width }: Region): Region[] {
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

  /** Computes a region of a feature map from the image and the stored feature maps. */
  async #compute(target: number, place: Place): Promise<tf.Tensor4D> {
    const { places, needs } = regionsFor(this.#maps, target, place);
    const last = new Map([...needs.keys()].reverse().flatMap((i) => this.#maps[i]!.inputs.map((input) => [input, i] as const)));
    const values = new Map<number, tf.Tensor4D>();
    try {
      for (const i of [...places.keys()].sort((a, b) => a - b)) {
        const { rule, inputs } = this.#maps[i]!;
        const at = places.get(i)!;
        if (isRead(this.#maps, i, target)) {
          values.set(i, await this.#read(this.#maps[i]!, at));
          continue;
        }
        const parts = () =>
          inputs.map((input) => {
            const [[top], [left]] = places.get(input)!;
            return cut(values.get(input)!, top, left, needs.get(i)!);
          });
        values.set(i, tf.tidy(() => rule.apply(parts(), needs.get(i)!, at, this.#maps[inputs[0]!]!.size)));
        for (const input of inputs) if (last.get(input) === i) values.get(input)!.dispose();
      }
    } catch (error) {
      for (const value of values.values()) value.dispose();
      throw error;
    }
    return values.get(target)!;
  }

  #createFile({ size: [height, width], channels }: FeatureMap): GridFile {
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

  async #read({ file, channels }: FeatureMap, place: Place): Promise<tf.Tensor4D> {
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
