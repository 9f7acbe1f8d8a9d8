/** The rule that reads a label map back from a photo.
 *
 * First, a pixel is what its colour says: the materials of each class keep to colours of their own, and a table tells which class has a colour most often.
 * Then, in passes, a pixel is corrected by what it and its neighbours at some distance seem to be: a bright strip below a window is a sill, a bright one
 * above it a cornice, and a light spot amid glass is a curtain. This is auto-context (Tu, CVPR 2008) with tables in place of boosted trees. All tables
 * are counted on scenes that no set contains.
 * @module */
/** A photo and, where it is known, the class of each pixel. */
export interface Example {
  /** `3 * size * size` bytes. */
  photo: Uint8Array;
  /** `size * size` numbers from 0. */
  labels: Uint8Array;
}

/** Bits of each colour channel that the first tables look at: the finest that has seen the colour decides. */
const colourBits = [5, 4, 3] as const;
/** The passes: how far away the four neighbours are, in pixels at size 128, and whether small spots are removed before they are asked. */
const passes: readonly { far: number; smooth: boolean }[] = [
  ...[{ far: 1, smooth: false }, { far: 2, smooth: true }, { far: 1, smooth: false }, { far: 4, smooth: true }],
  ...[{ far: 1, smooth: false }, { far: 2, smooth: false }, { far: 7, smooth: true }, { far: 1, smooth: false }],
];
/** A table has a say about what it has seen so often. */
const leastSeen = 3;

/** Counts the tables on examples.
 * @returns the rule: from a photo of the same size to the class of each pixel. */
export function countRule(examples: Example[], size: number, classes: number): (photo: Uint8Array) => Uint8Array {
  const byColour = countColours(examples, classes);
  const corrections: Correction[] = [];
  let guesses = examples.map(({ photo }) => byColour(photo));
  for (const { far, smooth } of passes) {
    const correction = new Correction(size, classes, Math.max(1, Math.round(far * size / 128)), smooth);
    examples.forEach(({ photo, labels }, i) => correction.learn(photo, guesses[i]!, labels));
    corrections.push(correction);
    if (corrections.length < passes.length) guesses = examples.map(({ photo }, i) => correction.apply(photo, guesses[i]!));
  }
  return (photo) => corrections.reduce<Uint8Array>((guess, correction) => correction.apply(photo, guess), byColour(photo));
}

function countColours(examples: Example[], classes: number): (photo: Uint8Array) => Uint8Array {
  const tables = colourBits.map((bits) => {
    const counts = new Counts(classes);
    for (const { photo, labels } of examples) labels.forEach((label, pixel) => counts.add(colourKey(photo, pixel, bits), label));
    return { bits, likeliest: counts.likeliest(bits === colourBits.at(-1) ? 1 : leastSeen) };
  });
  return (photo) =>
    Uint8Array.from({ length: photo.length / 3 }, (_, pixel) => {
      for (const { bits, likeliest } of tables) {
        const found = likeliest(colourKey(photo, pixel, bits));
        if (found >= 0) return found;
      }
      return 1; // a colour that no example has: the wall, or the road
    });
}

function colourKey(photo: Uint8Array, pixel: number, bits: number): number {
  const drop = 8 - bits;
  return (photo[3 * pixel]! >> drop) << (2 * bits) | (photo[3 * pixel + 1]! >> drop) << bits | (photo[3 * pixel + 2]! >> drop);
}

/** One pass. */
class Correction {
  readonly #counts: Counts;
  #likeliest: ((key: number) => number) | undefined;

  constructor(readonly size: number, readonly classes: number, readonly far: number, readonly smooth: boolean) {
    this.#counts = new Counts(classes);
  }

  learn(photo: Uint8Array, guess: Uint8Array, labels: Uint8Array): void {
    this.#eachKey(photo, guess, (pixel, key) => this.#counts.add(key, labels[pixel]!));
  }

  apply(photo: Uint8Array, guess: Uint8Array): Uint8Array {
    const corrected = guess.slice();
    const likeliest = this.#likeliest ??= this.#counts.likeliest(leastSeen);
    this.#eachKey(photo, guess, (pixel, key) => {
      const found = likeliest(key);
      if (found >= 0) corrected[pixel] = found;
    });
    return corrected;
  }

  /** A key says what a pixel and its four neighbours seem to be, and how bright the pixel is or how high up. */
  #eachKey(photo: Uint8Array, guess: Uint8Array, tell: (pixel: number, key: number) => void): void {
    const { size, classes, far, smooth } = this;
    const around = smooth ? withoutSpots(guess, size, classes) : guess;
    const last = size - 1;
    for (let y = 0; y < size; y++) {
      const up = Math.max(0, y - far) * size, down = Math.min(last, y + far) * size;
      for (let x = 0; x < size; x++) {
        const pixel = y * size + x;
        let key = guess[pixel]! * classes + around[y * size + Math.max(0, x - far)]!;
        key = key * classes + around[y * size + Math.min(last, x + far)]!;
        key = (key * classes + around[up + x]!) * classes + around[down + x]!;
        const [red, green, blue] = [photo[3 * pixel]!, photo[3 * pixel + 1]!, photo[3 * pixel + 2]!];
        tell(pixel, key * 8 + (smooth ? (y * 8 / size) | 0 : Math.min(7, ((2 * red + 3 * green + blue) / 6) >> 5)));
      }
    }
  }
}

/** The most frequent class in each pixel's square of three by three. */
function withoutSpots(guess: Uint8Array, size: number, classes: number): Uint8Array {
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
