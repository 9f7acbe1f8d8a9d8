/** A trained generator, used on pictures of any height and width.
 * @module */
import * as tf from "../tf.ts";
import { compile, type Compiled } from "../backend/compile.ts";
import type { Mode } from "../layers/batch_norm.ts";
import { yieldToEventLoop } from "./yield_to_event_loop.ts";

/** Sizes whose graphs are kept. A folder of photographs may have as many sizes as pictures. */
const MOST_SIZES = 8;

/** Where the pixels of a longer row come from: the row stands in the middle and goes on as in mirrors on both sides, as often as need be.
 * @param length of the row, at least 1.
 * @param longer its length afterwards. */
export function mirroredIndices(length: number, longer: number): number[] {
  const before = (longer - length) >> 1;
  const period = Math.max(1, 2 * (length - 1)); // the border pixels are not repeated
  return Array.from({ length: longer }, (_, i) => {
    const at = (((i - before) % period) + period) % period;
    return at < length ? at : period - at;
  });
}

function padded(images: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  const along = (x: tf.Tensor4D, axis: 1 | 2, wanted: number) => {
    if (x.shape[axis] === wanted) return x;
    return tf.gather(x, tf.tensor1d(mirroredIndices(x.shape[axis], wanted), "int32"), axis);
  };
  return along(along(images, 1, height), 2, width);
}

/** @throws {RangeError} unless these are pictures that a generator of so many channels can be given. */
export function checkImages(images: tf.Tensor4D, channels: number): void {
  if (images.isDisposed) {
    throw new RangeError(
      "Cannot translate: wanted pictures, got a tensor that has been disposed of; dispose of it when they are translated",
    );
  }
  if (images.rank === 4 && images.size > 0 && images.shape[3] === channels) return;
  throw new RangeError(
    `Cannot translate: the model wants pictures [count, height, width, ${channels}], got [${images.shape}]; ` +
      `read them with ${channels} ${channels === 1 ? "channel" : "channels"}`,
  );
}

/** Translates with one generator. It is a fully convolutional network: any size goes through it whose height and width its halvings divide,
 * and others are continued as in a mirror to the next such size, and what comes out is cut back. */
export class Translator {
  readonly #generator: tf.LayersModel;
  readonly #multiple: number;
  readonly #modes = new Map<string, Compiled<[tf.Tensor], tf.Tensor>>();
  readonly #sizes = new Set<string>();

  /** @param generator not disposed.
   * @param multiple heights and widths that it takes are multiples of this. */
  constructor(generator: tf.LayersModel, multiple: number) {
    this.#generator = generator;
    this.#multiple = multiple;
  }

  /** Translates.
   * @param images `[count, height, width, inputChannels]` in [-1, 1]. Not disposed.
   * @param batch pictures at a time.
   * @returns `[count, height, width, outputChannels]` in [-1, 1].
   * @throws {RangeError} if they have another number of channels, or there are none; if the batch is none. */
  async translate(images: tf.Tensor4D, mode: Mode, batch: number): Promise<tf.Tensor4D> {
    checkImages(images, this.#generator.inputs[0]!.shape[3]!);
    if (!Number.isInteger(batch) || batch < 1) {
      throw new RangeError(`Cannot translate: the batch must be a whole number from 1, got ${batch}; give the model such a one`);
    }
    const apply = this.#compiled(mode);
    const parts: tf.Tensor4D[] = [];
    try {
      for (let i = 0; i < images.shape[0]; i += batch) {
        const count = Math.min(batch, images.shape[0] - i);
        parts.push(tf.tidy(() => this.#translatePart(apply, tf.slice(images, [i, 0, 0, 0], [count, -1, -1, -1]))));
        await yieldToEventLoop();
      }
      return tf.concat(parts, 0);
    } finally {
      tf.dispose(parts);
    }
  }

  #translatePart(apply: (images: tf.Tensor) => tf.Tensor, images: tf.Tensor4D): tf.Tensor4D {
    const [count, height, width] = images.shape;
    const [fullHeight, fullWidth] = [height, width].map((side) => Math.ceil(side / this.#multiple) * this.#multiple) as [
      number,
      number,
    ];
    this.#makeRoom(`${fullHeight}x${fullWidth}`);
    const made = apply(padded(images, fullHeight, fullWidth)) as tf.Tensor4D;
    if (fullHeight === height && fullWidth === width) return made;
    return tf.slice(made, [0, (fullHeight - height) >> 1, (fullWidth - width) >> 1, 0], [count, height, width, -1]);
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

  /** Frees what was compiled. */
  dispose(): void {
    for (const compiled of this.#modes.values()) compiled.dispose();
  }
}
