/** Translates images of any height and width with a trained generator.
 * @module */
import { compile, type Compiled } from "../backend/compile.ts";
import type { Region } from "../data/preprocess.ts";
import type { Mode } from "../layers/batch_norm.ts";
import * as tf from "../tf.ts";
import { gathered, mirroredIndices, type Place, regionOf, spanOf } from "./regions.ts";
import { yieldToEventLoop } from "./stop.ts";
import { LEAST_TILE, TILE, TiledNetwork, type TileOptions, type TileSink, type TileSource } from "./tiles.ts";

/** Maximum number of image sizes whose compiled graphs are kept; the photographs in a folder may all have different sizes. */
const MOST_SIZES = 8;

function reflectTo(images: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  const along = (x: tf.Tensor4D, axis: 1 | 2, length: number) => {
    if (x.shape[axis] === length) return x;
    return tf.gather(x, tf.tensor1d(mirroredIndices(x.shape[axis], length), "int32"), axis);
  };
  return along(along(images, 1, height), 2, width);
}

/** @throws {RangeError} If the tensor is not a batch of images with the given number of channels. */
export function checkImages(images: tf.Tensor4D, channels: number): void {
  if (images.isDisposed) {
    throw new RangeError("Cannot translate: expected images, got a disposed tensor; dispose of images after the translation");
  }
  if (images.rank === 4 && images.size > 0 && images.shape[3] === channels) return;
  throw new RangeError(
    `Cannot translate: expected images [count, height, width, ${channels}], got [${images.shape}]; read them with ${channels} ` +
      (channels === 1 ? "channel" : "channels"),
  );
}

/** Applies a function to a large batch in parts, which limits memory use, and concatenates the results.
 * @param count Total number of elements.
 * @param size Number of elements per part.
 * @param apply Function that computes `length` elements, beginning with element `start`. */
export async function inParts<T extends tf.Tensor>(
  count: number,
  size: number,
  apply: (start: number, length: number) => T,
): Promise<T> {
  const parts: T[] = [];
  try {
    for (let start = 0; start < count; start += size) {
      parts.push(tf.tidy(() => apply(start, Math.min(size, count - start))));
      await yieldToEventLoop();
    }
    return tf.concat(parts, 0);
  } finally {
    tf.dispose(parts);
  }
}

function checkTile(tile: number): number {
  if (Number.isInteger(tile) && tile >= LEAST_TILE) return tile;
  throw new RangeError(`Cannot translate: the tile size must be an integer ≥ ${LEAST_TILE}, got ${tile}; change the tile size`);
}

/** Translates images with one generator. The generator is fully convolutional and accepts any size that is divisible by its total
 * downsampling factor. Images of other sizes are padded by reflection to the next larger divisible size, and the results are
 * cropped. */
export class Translator {
  readonly #generator: tf.LayersModel;
  readonly #multiple: number;
  readonly #least: number;
  readonly #modes = new Map<string, Compiled<[tf.Tensor], tf.Tensor>>();
  readonly #sizes = new Set<string>();

  /** @param generator The generator, which the translator does not dispose of.
   * @param multiple Number by which the height and width of the generator's input must be divisible.
   * @param least Minimum height and width of the generator's input. */
  constructor(generator: tf.LayersModel, multiple: number, least: number = multiple) {
    this.#generator = generator;
    this.#multiple = multiple;
    this.#least = least;
  }

  /** Translates images.
   * @param images `[count, height, width, inputChannels]` in [-1, 1]. Not disposed.
   * @param batch Number of images per part.
   * @param tile Maximum tile size in pixels; if given, images that are taller or wider are translated in tiles.
   * @returns `[count, height, width, outputChannels]` in [-1, 1].
   * @throws {RangeError} If there are no images, if the images have the wrong number of channels, or if `batch` is not an
   * integer ≥ 1. */
  async translate(images: tf.Tensor4D, mode: Mode, batch: number, tile?: number): Promise<tf.Tensor4D> {
    checkImages(images, this.#generator.inputs[0]!.shape[3]!);
    if (!Number.isInteger(batch) || batch < 1) {
      throw new RangeError(`Cannot translate: the batch size must be an integer ≥ 1, got ${batch}; change the batch size`);
    }
    const [count, height, width] = images.shape;
    if (tile !== undefined && Math.max(height, width) > checkTile(tile)) {
      return await this.#inTiles(images, mode, batch, tile);
    }
    const apply = this.#compiled(mode);
    return await inParts(count, batch, (start, length) => {
      return this.#translatePart(apply, tf.slice(images, [start, 0, 0, 0], [length, -1, -1, -1]));
    });
  }

  /** Translates images that need not fit in memory, with the same result as {@linkcode Translator.translate}. Dropout masks
   * differ from those of a translation in one piece, but do not depend on the tile size.
   * @param source Images of equal size, from which regions are read.
   * @param sink Receives the parts of the result.
   * @param count Number of images that `source` reads at once; these images share batch statistics.
   * @throws {RangeError} If the tile size is not an integer ≥ 16, or the network has a layer that cannot be applied to a part
   * of an image. */
  async translateTiles(source: TileSource, sink: TileSink, mode: Mode, options: TileOptions, count = 1): Promise<void> {
    const { height, width } = source;
    if (Math.max(height, width) <= checkTile(options.tile ?? TILE)) return await this.#whole(source, sink, mode, count);
    const positionsOf = (length: number) => mirroredIndices(length, this.#padded(length));
    const [rows, columns] = [positionsOf(height), positionsOf(width)];
    const read = async ({ left, top, height, width }: Region): Promise<tf.Tensor4D> => {
      const positions = [rows.slice(top, top + height), columns.slice(left, left + width)];
      const at = positions.map(spanOf) as unknown as Place;
      const part = await source.read(regionOf(at));
      try {
        checkImages(part, this.#generator.inputs[0]!.shape[3]!);
        return tf.tidy(() => gathered(part, at, positions));
      } finally {
        part.dispose();
      }
    };
    const [above, before] = [(rows.length - height) >> 1, (columns.length - width) >> 1];
    const padded = { height: rows.length, width: columns.length, read };
    const cropped: TileSink = (tile, { left, top, ...size }) => sink(tile, { left: left - before, top: top - above, ...size });
    const network = new TiledNetwork(this.#generator, padded, count, mode, options);
    await network.run(cropped, { left: before, top: above, height, width });
  }

  async #whole(source: TileSource, sink: TileSink, mode: Mode, count: number): Promise<void> {
    const { height, width } = source;
    const region = { left: 0, top: 0, height, width };
    const images = await source.read(region);
    const translated = await this.translate(images, mode, count).finally(() => images.dispose());
    try {
      await sink(translated, region);
    } finally {
      translated.dispose();
    }
  }

  async #inTiles(images: tf.Tensor4D, mode: Mode, batch: number, tile: number): Promise<tf.Tensor4D> {
    const [all, height, width] = images.shape;
    const channels = this.#generator.outputs[0]!.shape[3]!;
    const values = new Float32Array(all * height * width * channels);
    for (let start = 0; start < all; start += batch) {
      const count = Math.min(batch, all - start);
      const source: TileSource = {
        ...{ height, width },
        read: ({ left, top, height, width }) => tf.slice(images, [start, top, left, 0], [count, height, width, -1]),
      };
      const sink: TileSink = async (tile, region) => {
        const [from, length] = [await tile.data(), region.width * channels];
        for (let row = 0; row < count * region.height; row++) {
          const [n, y] = [Math.floor(row / region.height), row % region.height];
          const at = (((start + n) * height + region.top + y) * width + region.left) * channels;
          values.set(from.subarray(row * length, (row + 1) * length), at);
        }
      };
      await this.translateTiles(source, sink, mode, { tile }, count);
    }
    return tf.tensor4d(values, [all, height, width, channels]);
  }

  #padded(length: number): number {
    return Math.max(this.#least, Math.ceil(length / this.#multiple) * this.#multiple);
  }

  #translatePart(apply: (images: tf.Tensor) => tf.Tensor, images: tf.Tensor4D): tf.Tensor4D {
    const [count, height, width] = images.shape;
    const [fullHeight, fullWidth] = [this.#padded(height), this.#padded(width)];
    this.#makeRoom(`${fullHeight}x${fullWidth}`);
    const translated = apply(reflectTo(images, fullHeight, fullWidth)) as tf.Tensor4D;
    if (fullHeight === height && fullWidth === width) return translated;
    return tf.slice(translated, [0, (fullHeight - height) >> 1, (fullWidth - width) >> 1, 0], [count, height, width, -1]);
  }

  #makeRoom(size: string): void {
    if (this.#sizes.size >= MOST_SIZES && !this.#sizes.has(size)) {
      for (const compiled of this.#modes.values()) compiled.dispose();
      this.#sizes.clear();
    }
    this.#sizes.add(size);
  }

  #compiled(mode: Mode): Compiled<[tf.Tensor], tf.Tensor> {
    const key = JSON.stringify(mode);
    let compiled = this.#modes.get(key);
    if (!compiled) {
      compiled = compile((images: tf.Tensor) => tf.tidy(() => this.#generator.apply(images, { ...mode }) as tf.Tensor), {
        forUse: true,
      });
      this.#modes.set(key, compiled);
    }
    return compiled;
  }

  /** Frees the compiled functions. */
  dispose(): void {
    for (const compiled of this.#modes.values()) compiled.dispose();
  }
}
