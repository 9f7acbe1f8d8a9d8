/** Reading ahead: while one batch trains, the next are decoded in sharp's own threads.
 * @module */

/** Yields what the jobs give, in their order, with up to `ahead` of them under way or waiting to be taken. Nothing starts before the first is asked for.
 *
 * A job that fails is thrown where its result would have come, after all that came before it. When the reader stops early (`break`, an error), no new
 * job starts, those under way are waited for, and what they give is dropped; so jobs must give plain values, not tensors, which would leak.
 * @param jobs started one after the other; taken only as far as needed.
 * @param ahead at least 1.
 * @throws {RangeError} if `ahead` is not a whole number from 1. */
export async function* prefetch<T>(jobs: Iterable<() => Promise<T>>, ahead: number): AsyncGenerator<T, void, void> {
  if (!Number.isSafeInteger(ahead) || ahead < 1) {
    throw new RangeError(`Cannot read ahead: wanted a whole number of jobs from 1, got ${ahead}; give for example 8`);
  }
  const waiting = jobs[Symbol.iterator]();
  const running: Promise<T>[] = [];
  const start = () => {
    while (running.length < ahead) {
      const job = waiting.next();
      if (job.done) return;
      const result = job.value();
      result.catch(() => {}); // it is thrown when its turn comes; until then it must not count as unhandled
      running.push(result);
    }
  };
  try {
    for (start(); running.length > 0; start()) yield await running.shift()!;
  } finally {
    await Promise.allSettled(running);
    waiting.return?.();
  }
}
