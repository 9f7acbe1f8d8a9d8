/** A rule that recovers a label map from a photo.
 *
 * First, each pixel is assigned the class that is most frequent for its colour. Then several passes correct the class of each
 * pixel, based on the current guesses for the pixel itself and for its neighbours at a given distance. For example, a bright
 * strip below a window is a sill, a bright strip above a window is a cornice, and a light spot within glass is a curtain. This
 * method is auto-context (Tu, CVPR 2008) with lookup tables instead of boosted trees. The tables are fitted to scenes that occur
 * in no data set.
 * @module */

/** A photo and the class of each pixel. */
export interface Example {
  /** RGB values, `3 * size * size` bytes. */
  photo: Uint8Array;
  /** Class indices, `size * size` bytes. */
  labels: Uint8Array;
}

/** Bits per colour channel in each colour table: the class is read from the finest table that contains the colour. */
const colourBits = [5, 4, 3] as const;
/** Correction passes: the distance to the four neighbours, in pixels at size 128, and whether to smooth the classes of the
 * neighbours first. */
const passes = [[1, false], [2, true], [1, false], [4, true], [1, false], [2, false], [7, true], [1, false]] as const;
/** Minimum number of observations for a table entry to be used. */
const minimumCount = 3;

/** Fits the tables of a rule to examples.
 * @returns A function that maps a photo of the same size to the class of each pixel. */
export function fitRule(examples: Example[], size: number, classes: number): (photo: Uint8Array) => Uint8Array {
  const byColour = fitColours(examples, classes);
  const corrections: Correction[] = [];
  let guesses = examples.map(({ photo }) => byColour(photo));
  for (const [distance, smooth] of passes) {
    const scaled = Math.max(1, Math.round(distance * size / 128));
    const correction = new Correction({ size, classes, distance: scaled, smooth });
    examples.forEach(({ photo, labels }, i) => correction.fit(photo, guesses[i]!, labels));
    corrections.push(correction);
    if (corrections.length < passes.length) guesses = examples.map(({ photo }, i) => correction.apply(photo, guesses[i]!));
  }
  return (photo) => corrections.reduce<Uint8Array>((guess, correction) => correction.apply(photo, guess), byColour(photo));
}

function fitColours(examples: Example[], classes: number): (photo: Uint8Array) => Uint8Array {
  const tables = colourBits.map((bits) => {
    const counts = new ClassCounts(classes);
    for (const { photo, labels } of examples) labels.forEach((label, pixel) => counts.add(colourKey(photo, pixel, bits), label));
    return { bits, mostFrequent: counts.mostFrequent(bits === colourBits.at(-1) ? 1 : minimumCount) };
  });
  return (photo) =>
    Uint8Array.from({ length: photo.length / 3 }, (_, pixel) => {
      for (const { bits, mostFrequent } of tables) {
        const found = mostFrequent(colourKey(photo, pixel, bits));
        if (found >= 0) return found;
      }
      return 1; // an unknown colour: facade, or road
    });
}

function colourKey(photo: Uint8Array, pixel: number, bits: number): number {
  const drop = 8 - bits;
  return (photo[3 * pixel]! >> drop) << (2 * bits) | (photo[3 * pixel + 1]! >> drop) << bits | (photo[3 * pixel + 2]! >> drop);
}

/** One correction pass. */
class Correction {
  readonly #how: { size: number; classes: number; distance: number; smooth: boolean };
  readonly #counts: ClassCounts;
  #mostFrequent: ((key: number) => number) | undefined;

  constructor(how: { size: number; classes: number; distance: number; smooth: boolean }) {
    this.#how = how;
    this.#counts = new ClassCounts(how.classes);
  }

  fit(photo: Uint8Array, guess: Uint8Array, labels: Uint8Array): void {
    this.#eachKey(photo, guess, (pixel, key) => this.#counts.add(key, labels[pixel]!));
  }

  apply(photo: Uint8Array, guess: Uint8Array): Uint8Array {
    const corrected = guess.slice();
    const mostFrequent = this.#mostFrequent ??= this.#counts.mostFrequent(minimumCount);
    this.#eachKey(photo, guess, (pixel, key) => {
      const found = mostFrequent(key);
      if (found >= 0) corrected[pixel] = found;
    });
    return corrected;
  }

  /** Calls `visit` with a key for each pixel. The key combines the guessed classes of the pixel and its four neighbours with
   * one more value: the pixel's brightness or, in a smoothing pass, its vertical position. */
  #eachKey(photo: Uint8Array, guess: Uint8Array, visit: (pixel: number, key: number) => void): void {
    const { size, classes, distance, smooth } = this.#how;
    const around = smooth ? smoothed(guess, size, classes) : guess;
    const last = size - 1;
    for (let y = 0; y < size; y++) {
      const up = Math.max(0, y - distance) * size, down = Math.min(last, y + distance) * size;
      for (let x = 0; x < size; x++) {
        const pixel = y * size + x;
        let key = guess[pixel]! * classes + around[y * size + Math.max(0, x - distance)]!;
        key = key * classes + around[y * size + Math.min(last, x + distance)]!;
        key = (key * classes + around[up + x]!) * classes + around[down + x]!;
        const [red, green, blue] = [photo[3 * pixel]!, photo[3 * pixel + 1]!, photo[3 * pixel + 2]!];
        visit(pixel, key * 8 + (smooth ? (y * 8 / size) | 0 : Math.min(7, ((2 * red + 3 * green + blue) / 6) >> 5)));
      }
    }
  }
}

/** Replaces each class with the most frequent class in its 3x3 neighbourhood. */
function smoothed(guess: Uint8Array, size: number, classes: number): Uint8Array {
  const smooth = guess.slice();
  const votes = new Uint8Array(classes);
  for (let y = 1; y < size - 1; y++) {
    for (let x = 1; x < size - 1; x++) {
      votes.fill(0);
      let best = guess[y * size + x]!;
      for (let row = -1; row <= 1; row++) {
        for (let column = -1; column <= 1; column++) {
          const label = guess[(y + row) * size + x + column]!;
          if (++votes[label]! > votes[best]!) best = label;
        }
      }
      smooth[y * size + x] = best;
    }
  }
  return smooth;
}

/** Class counts in a hash table with integer keys. With hundreds of thousands of keys, this table is ten times as fast as a Map,
 * since it uses flat arrays. */
export class ClassCounts {
  readonly #classes: number;
  #keys: Int32Array;
  #counts: Uint32Array;
  #used = 0;

  constructor(classes: number) {
    this.#classes = classes;
    [this.#keys, this.#counts] = empty(1 << 12, classes);
  }

  /** Counts one observation of a class.
   * @param key An integer from 0 to 2^31 - 1. */
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

  /** Returns a function that maps a key to its most frequent class, or to -1 if the key has fewer than `minimum` observations. */
  mostFrequent(minimum: number): (key: number) => number {
    // One byte per key instead of a row of counts, since the table is read millions of times and should fit into the processor's
    // cache.
    const best = Int8Array.from(this.#keys, (key, slot) => key === -1 ? -1 : this.#best(slot, minimum));
    return (key) => best[this.#slot(key)]!;
  }

  #best(slot: number, minimum: number): number {
    let [best, most, sum] = [-1, 0, 0];
    for (let label = 0; label < this.#classes; label++) {
      const count = this.#counts[slot * this.#classes + label]!;
      sum += count;
      if (count > most) [best, most] = [label, count];
    }
    return sum >= minimum ? best : -1;
  }

  /** Returns the slot that contains a key or, for a new key, the free slot in which to store it. */
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
