/** A pool of generated pictures (Shrivastava et al. 2017, arXiv:1612.07828, Sec. 2.3; CycleGAN, Zhu et al. 2017, arXiv:1703.10593, Sec. 4).
 *
 * A discriminator that only sees the newest pictures forgets what the generator made before, and the generator may go back there. So D is
 * given "a history of generated images rather than the ones produced by the latest generators. We keep an image buffer that stores the 50
 * previously created images" (CycleGAN, Sec. 4). As in the authors' code: until the pool is full every picture goes through it and stays in
 * it; then each is, with probability 1/2, exchanged for one of the pool, and goes through without staying otherwise.
 *
 * Taught in: notebooks/10_cyclegan.ipynb
 * @module */
import * as tf from "../tf.ts";
import { seededRandom } from "../data/random.ts";
import type { Snapshot, Stateful } from "./state.ts";

/** Pictures in a pool of CycleGAN's. */
export const POOL_SIZE = 50;
/** How often a picture is exchanged, once the pool is full. */
export const EXCHANGE_PROBABILITY = 0.5;

/** The pool. It lives outside of compiled steps: its pictures are arguments of the discriminator's. */
export class HistoryPool implements Stateful {
  /** Pictures at most; with 0 every picture goes through. */
  readonly size: number;
  readonly #seeds: number[];
  readonly #pictures: tf.Tensor4D[] = [];
  /** Pictures that have come: with the seeds, all there is to know of the chances. */
  #seen = 0;

  /** Makes it, empty.
   * @param seeds of the chances, at least one.
   * @throws {RangeError} if the size is no whole number from 0. */
  constructor(size: number, ...seeds: number[]) {
    if (!Number.isInteger(size) || size < 0) {
      throw new RangeError(`Cannot make a pool: its size must be a whole number of pictures from 0, got ${size}; 0 is no pool`);
    }
    this.size = size;
    this.#seeds = seeds;
  }

  /** Pictures in it now. */
  get count(): number {
    return this.#pictures.length;
  }

  /** Takes new pictures and gives as many, new ones or older ones.
   * @param images `[batch, height, width, channels]`. Not disposed.
   * @returns the same shape; the caller's to dispose of. */
  exchange(images: tf.Tensor4D): tf.Tensor4D {
    return tf.tidy(() => {
      const single = images.shape[0] === 1 ? [images] : tf.split(images, images.shape[0]) as tf.Tensor4D[];
      const given = single.map((picture) => this.#exchangeOne(picture));
      return given.length === 1 ? given[0]! : tf.concat(given, 0);
    });
  }

  #exchangeOne(picture: tf.Tensor4D): tf.Tensor4D {
    const random = seededRandom(...this.#seeds, this.#seen++);
    if (this.count < this.size) {
      this.#pictures.push(tf.keep(tf.clone(picture)));
    } else if (this.size > 0 && random.chance(EXCHANGE_PROBABILITY)) {
      const place = random.integer(this.size);
      const older = tf.clone(this.#pictures[place]!);
      this.#pictures[place]!.dispose();
      this.#pictures[place] = tf.keep(tf.clone(picture));
      return older;
    }
    return tf.clone(picture);
  }

  /** The pictures and the count, for a checkpoint. */
  async keep(): Promise<Snapshot> {
    const arrays: Snapshot["arrays"] = {};
    for (const [place, picture] of this.#pictures.entries()) {
      arrays[place] = { shape: picture.shape, values: await picture.data() as Float32Array };
    }
    return { arrays, note: { seen: this.#seen } };
  }

  /** Takes the pictures and the count of a checkpoint. */
  restore({ arrays, note }: Snapshot): void {
    this.dispose();
    for (let place = 0; arrays[place]; place++) {
      const { shape, values } = arrays[place]!;
      this.#pictures.push(tf.keep(tf.tensor4d(values.slice(), shape as tf.Tensor4D["shape"])));
    }
    this.#seen = (note as { seen: number }).seen;
  }

  /** Frees the pictures; the pool is then empty. */
  dispose(): void {
    tf.dispose(this.#pictures.splice(0));
  }
}
