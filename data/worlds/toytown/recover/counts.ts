/** A table that counts, for each key, how often each class came with it.
 * @module */

/** Counts by key and class, in flat arrays: there are some hundred thousand keys, and a Map of arrays would be ten times slower. */
export class Counts {
  readonly #classes: number;
  #keys: Int32Array;
  #counts: Uint32Array;
  #used = 0;

  /** @param classes how many there are. */
  constructor(classes: number) {
    this.#classes = classes;
    [this.#keys, this.#counts] = empty(1 << 12, classes);
  }

  /** Counts one more of a class with a key.
   * @param key a whole number from 0 and below 2^31. */
  add(key: number, label: number): void {
    const slot = this.#slot(key);
    if (this.#keys[slot] === -1) {
      this.#keys[slot] = key;
      if (++this.#used > this.#keys.length / 2) {
        this.#grow();
        return this.add(key, label);
      }
    }
    this.#counts[slot * this.#classes + label]!++;
  }

  /** Ends the counting.
   * @param least a key that came fewer times has no say.
   * @returns which class came most often with a key; -1 for none. */
  likeliest(least: number): (key: number) => number {
    // One byte a key instead of a row of counts: what is looked up millions of times should fit into the processor's cache.
    const best = Int8Array.from(this.#keys, (key, slot) => key === -1 ? -1 : this.#best(slot, least));
    return (key) => best[this.#slot(key)]!;
  }

  #best(slot: number, least: number): number {
    let [best, most, sum] = [-1, 0, 0];
    for (let label = 0; label < this.#classes; label++) {
      const count = this.#counts[slot * this.#classes + label]!;
      sum += count;
      if (count > most) [best, most] = [label, count];
    }
    return sum >= least ? best : -1;
  }

  /** The slot of a key, or the free one where it would go. */
  #slot(key: number): number {
    const mask = this.#keys.length - 1;
    let slot = (Math.imul(key, 0x9e3779b1) >>> 7) & mask;
    while (this.#keys[slot] !== -1 && this.#keys[slot] !== key) slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [keys, counts, classes] = [this.#keys, this.#counts, this.#classes];
    [this.#keys, this.#counts] = empty(keys.length * 2, classes);
    keys.forEach((key, old) => {
      if (key === -1) return;
      const slot = this.#slot(key);
      this.#keys[slot] = key;
      this.#counts.set(counts.subarray(old * classes, (old + 1) * classes), slot * classes);
    });
  }
}

function empty(slots: number, classes: number): [Int32Array<ArrayBuffer>, Uint32Array<ArrayBuffer>] {
  return [new Int32Array(slots).fill(-1), new Uint32Array(slots * classes)];
}
