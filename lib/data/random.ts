/** Reproducible random numbers, generated from seeds.
 *
 * The generator is sfc32 ("small fast counting") by Chris Doty-Humphrey, from PractRand (pracrand.sourceforge.net). This
 * generator has 128 bits of state and passes the test suites PractRand and BigCrush. The seeding differs from PractRand's: each
 * seed is mixed by the finalizer of Austin Appleby's MurmurHash3, so that similar seeds (1, 2, 3) give very different states.
 *
 * Several seeds can select one stream, as in `seededRandom(seed, epoch, index)`. The stream depends only on the seeds and not on
 * earlier draws, so an interrupted epoch can resume with the same numbers.
 * @module */

/** A stream of random numbers. */
export interface Random {
  /** Returns a uniformly distributed multiple of 2⁻³² in [0, 1). */
  next(): number;
  /** Returns a uniformly distributed integer from 0 to `count - 1`. */
  integer(count: number): number;
  /** Returns a uniformly distributed number in [`low`, `high`). */
  between(low: number, high: number): number;
  /** Returns true with the given probability. */
  chance(probability: number): boolean;
  /** Returns a uniformly chosen element of the list. */
  pick<T>(list: readonly [T, ...T[]]): T;
}

/** Returns the stream of random numbers for the given seeds.
 * @param seeds One or more safe integers, whose order and number matter: (1, 2), (2, 1) and (1, 2, 0) give different streams.
 * @throws {RangeError} If no seeds are given, or if a seed is not a safe integer. */
export function seededRandom(...seeds: number[]): Random {
  const next = sfc32(...stateOf(seeds));
  const uniform = () => next() / 2 ** 32;
  return {
    next: uniform,
    integer: (count) => Math.floor(uniform() * count),
    between: (low, high) => low + (high - low) * uniform(),
    chance: (probability) => uniform() < probability,
    pick: (list) => list[Math.floor(uniform() * list.length)]!,
  };
}

/** Returns the integers from 0 to `count - 1` in random order (the Fisher–Yates shuffle; Durstenfeld 1964). */
export function shuffled(count: number, random: Random): number[] {
  const order = Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

function stateOf(seeds: number[]): [number, number, number] {
  if (seeds.length === 0) {
    throw new RangeError("Cannot generate random numbers: expected at least one seed, got none; pass an integer");
  }
  let state: [number, number, number] = [0x9e3779b9, 0x243f6a88, 0xb7e15162]; // golden ratio, pi, e: any distinct words would do
  const absorb = (word: number) => {
    state = state.map((part) => finalize((part ^ word) + 0x6d2b79f5)) as typeof state;
  };
  for (const seed of seeds) {
    if (!Number.isSafeInteger(seed)) {
      throw new RangeError(`Cannot generate random numbers: a seed must be an integer, got ${seed}; pass a seed such as 1`);
    }
    absorb(seed >>> 0);
    absorb(Math.floor(seed / 2 ** 32) >>> 0);
  }
  absorb(seeds.length);
  return state;
}

/** Applies fmix32 from MurmurHash3, in which each input bit affects about half of the output bits. */
function finalize(word: number): number {
  word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
  return (word ^ (word >>> 16)) >>> 0;
}

function sfc32(a: number, b: number, c: number): () => number {
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) next(); // mix the state before the first output, as PractRand does
  return next;
}
