/** A pool of generated images, as in CycleGAN (Zhu et al. 2017, arXiv:1703.10593, Sec. 4; Shrivastava et al. 2017,
 * arXiv:1612.07828, Sec. 2.3).
 *
 * A discriminator that sees only the latest images forgets earlier ones, and the generator may start to produce such images
 * again. The discriminator therefore also sees earlier images, which come from a pool of 50 images. As in the authors' code,
 * every image is stored and returned until the pool is full. Once the pool is full, each new image is swapped for a random image
 * from the pool with probability 1/2, or else returned without being stored.
 *
 * Taught in: notebooks/10_cyclegan.ipynb
 * @module */
import * as tf from "../tf.ts";
import { seededRandom } from "../data/random.ts";
import type { Snapshot, Stateful } from "../train/state.ts";

/** Capacity of CycleGAN's pools. */
export const POOL_SIZE = 50;
/** Probability of a swap once the pool is full. */
export const EXCHANGE_PROBABILITY = 0.5;

/** A pool of generated images. The pool is used outside compiled steps, which receive images from the pool as arguments. */
export class HistoryPool implements Stateful {
  /** Capacity of the pool; with 0, every new image is returned and none is stored. */
  readonly size: number;
  readonly #seeds: number[];
  readonly #images: tf.Tensor4D[] = [];
  /** Number of images seen so far; together with the seeds, it determines all random draws. */
  #seen = 0;

  /** Creates an empty pool.
   * @param seeds One or more seeds for the random draws.
   * @throws {RangeError} If the size is not an integer ≥ 0. */
  constructor(size: number, ...seeds: number[]) {
    if (!Number.isInteger(size) || size < 0) {
      throw new RangeError(`Cannot create a pool: its size must be an integer ≥ 0, got ${size}; use 0 for no pool`);
    }
    this.size = size;
    this.#seeds = seeds;
  }

  /** Number of images in the pool. */
  get count(): number {
    return this.#images.length;
  }

  /** Stores new images and returns the same number of images, each either new or taken from the pool.
   * @param images `[batch, height, width, channels]`. Not disposed.
   * @returns A tensor of the same shape, which the caller must dispose of. */
  exchange(images: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => {
      const single = images.shape[0] === 1 ? [images] : tf.split(images, images.shape[0]) as tf.Tensor4D[];
      const drawn = single.map((image) => this.#exchangeOne(image));
      return drawn.length === 1 ? drawn[0]! : tf.concat(drawn, 0);
    });
  }

  #exchangeOne(image: tf.Tensor4D): tf.Tensor4D {
    const random = seededRandom(...this.#seeds, this.#seen++);
    if (this.count < this.size) {
      this.#images.push(tf.keep(tf.clone(image)));
    } else if (this.size > 0 && random.chance(EXCHANGE_PROBABILITY)) {
      const place = random.integer(this.size);
      const older = tf.clone(this.#images[place]!);
      this.#images[place]!.dispose();
      this.#images[place] = tf.keep(tf.clone(image));
      return older;
    }
    return tf.clone(image);
  }

  async snapshot(): Promise<Snapshot> {
    const arrays: Snapshot["arrays"] = {};
    for (const [place, image] of this.#images.entries()) {
      arrays[place] = { shape: image.shape, values: await image.data() as Float32Array };
    }
    return { arrays, note: { seen: this.#seen } };
  }

  restore({ arrays, note }: Snapshot): void {
    this.dispose();
    for (let place = 0; arrays[place]; place++) {
      const { shape, values } = arrays[place]!;
      this.#images.push(tf.keep(tf.tensor4d(values.slice(), shape as tf.Tensor4D["shape"])));
    }
    this.#seen = (note as { seen: number }).seen;
  }

  /** Frees the images and empties the pool. */
  dispose(): void {
    tf.dispose(this.#images.splice(0));
  }
}
