/** Overlaps the work of a command on several images: while a network computes one image, the next images are decoded and the
 * previous ones are encoded and written, in sharp's threads.
 * @module */

/** Number of images that are read ahead. JavaScript runs only between two computations, and reading an image takes several turns
 * of the event loop. */
const READ_AHEAD = 4;
/** Maximum number of images that are being encoded and written. */
const MOST_WRITES = 8;

/** Starts `read` for the next few items while the present item is used.
 * @param discard Frees a result that is not used because the loop ended early.
 * @returns Each item with its result, in the order of the items. */
export async function* readAhead<T, R>(
  items: readonly T[],
  read: (item: T) => Promise<R>,
  discard: (result: R) => void,
): AsyncGenerator<{ item: T; result: Promise<R> }> {
  const started: Promise<R>[] = [];
  let next = 0;
  try {
    for (const [i, item] of items.entries()) {
      while (next < items.length && next <= i + READ_AHEAD) {
        const result = read(items[next++]!);
        result.catch(() => {}); // reported when the result is used
        started.push(result);
      }
      yield { item, result: started[0]! };
      started.shift();
    }
  } finally {
    for (const result of started) await result.then(discard, () => {});
  }
}

/** Files that are being written. */
export class Writes {
  readonly #pending = new Set<Promise<void>>();
  readonly #errors: unknown[] = [];

  /** Adds a file, and waits while too many files are being written.
   * @throws {unknown} The error of a file that was added before. */
  async add(file: Promise<void>): Promise<void> {
    const settled = file.catch((error) => void this.#errors.push(error)).finally(() => this.#pending.delete(settled));
    this.#pending.add(settled);
    while (this.#pending.size >= MOST_WRITES) await Promise.race(this.#pending);
    this.#throw();
  }

  /** Waits until all files are written.
   * @throws {unknown} The first error. */
  async finish(): Promise<void> {
    await this.settle();
    this.#throw();
  }

  /** Waits until all files are written or have failed. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending);
  }

  #throw(): void {
    if (this.#errors.length > 0) throw this.#errors[0];
  }
}
