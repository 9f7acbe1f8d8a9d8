/** Translation of images of any height and width with a trained generator.
 * @module */
import { compile, type Compiled } from "../backend/compile.ts";
import type { Mode } from "../layers/batch_norm.ts";
import * as tf from "../tf.ts";
import { yieldToEventLoop } from "./stop.ts";

/** Maximum number of image sizes whose compiled graphs are kept; the photographs in a folder may all have different sizes. */
const MOST_SIZES = 8;

/** Indices that pad a row on both sides by reflection, repeatedly if necessary; border pixels are not duplicated.
 * @param length length of the row, at least 1.
 * @param longer length of the padded row, which has the original row at its centre. */
export function mirroredIndices(length: number, longer: number): number[] {
  const before = (longer - length) >> 1;
  const period = Math.max(1, 2 * (length - 1));
  return Array.from({ length: longer }, (_, i) => {
    const at = (((i - before) % period) + period) % period;
    return at < length ? at : period - at;
  });
}

function reflectTo(images: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  const along = (x: tf.Tensor4D, axis: 1 | 2, length: number) => {
    if (x.shape[axis] === length) return x;
    return tf.gather(x, tf.tensor1d(mirroredIndices(x.shape[axis], length), "int32"), axis);
  };
  return along(along(images, 1, height), 2, width);
}

/** @throws {RangeError} if the tensor is not a batch of images with the given number of channels. */
export function checkImages(images: tf.Tensor4D, channels: number): void {
  if (images.isDisposed) {
    throw new RangeError("Cannot translate: expected images, got a disposed tensor; dispose of it only after the translation");
  }
  if (images.rank === 4 && images.size > 0 && images.shape[3] === channels) return;
  throw new RangeError(
    `Cannot translate: expected images [count, height, width, ${channels}], got [${images.shape}]; read them with ${channels} ` +
      (channels === 1 ? "channel" : "channels"),
  );
}

/** Applies a function to a large batch in parts, which limits memory use, and concatenates the results.
 * @param count total number of elements.
 * @param size number of elements per part.
 * @param apply computes `length` elements, beginning with element `start`. */
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

/** Translates images with one generator. The generator is fully convolutional and accepts any size divisible by its total
 * downsampling factor; other images are reflection-padded to the next such size, and the result is cropped. */
export class Translator {
  readonly #generator: tf.LayersModel;
  readonly #multiple: number;
  readonly #modes = new Map<string, Compiled<[tf.Tensor], tf.Tensor>>();
  readonly #sizes = new Set<string>();

  /** @param generator the generator, which is not disposed of here.
   * @param multiple number by which the height and width of the generator's input must be divisible. */
  constructor(generator: tf.LayersModel, multiple: number) {
    this.#generator = generator;
    this.#multiple = multiple;
  }

  /** Translates images.
   * @param images `[count, height, width, inputChannels]` in [-1, 1]. Not disposed.
   * @param batch number of images per part.
   * @returns `[count, height, width, outputChannels]` in [-1, 1].
   * @throws {RangeError} if there are no images, if the images have the wrong number of channels, or if `batch` is not an
   * integer ≥ 1. */
  async translate(images: tf.Tensor4D, mode: Mode, batch: number): Promise<tf.Tensor4D> {
    checkImages(images, this.#generator.inputs[0]!.shape[3]!);
    if (!Number.isInteger(batch) || batch < 1) {
      throw new RangeError(`Cannot translate: the batch must be an integer ≥ 1, got ${batch}; change the model's batch`);
    }
    const apply = this.#compiled(mode);
    return await inParts(images.shape[0], batch, (start, length) => {
      return this.#translatePart(apply, tf.slice(images, [start, 0, 0, 0], [length, -1, -1, -1]));
    });
  }

  #translatePart(apply: (images: tf.Tensor) => tf.Tensor, images: tf.Tensor4D): tf.Tensor4D {
    const [count, height, width] = images.shape;
    const padded = (length: number) => Math.ceil(length / this.#multiple) * this.#multiple;
    const [fullHeight, fullWidth] = [padded(height), padded(width)];
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
      compiled = compile((images: tf.Tensor) => tf.tidy(() => this.#generator.apply(images, { ...mode }) as tf.Tensor));
      this.#modes.set(key, compiled);
    }
    return compiled;
  }

  /** Frees the compiled functions. */
  dispose(): void {
    for (const compiled of this.#modes.values()) compiled.dispose();
  }
}
