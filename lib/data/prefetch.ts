/** Jobs that are started in advance, whose results come in order, and the reasons of those that fail.
 * @module */

/** Maximum number of jobs that run at the same time, which limits the number of decoded images in memory. */
const AT_ONCE = 8;

/** Starts up to `ahead` jobs in advance and yields their results in order. Images can therefore be decoded by sharp's threads
 * during training. No job starts before the first result is requested.
 *
 * The error of a failed job is thrown in place of its result. If the consumer stops early (by `break` or an error), no further
 * jobs start, and the results of running jobs are awaited and discarded. Jobs must not return tensors: discarded tensors would
 * leak.
 * @param jobs Functions that start the jobs, taken from the iterable in order and only as needed.
 * @param ahead Number of jobs to start in advance, at least 1.
 * @throws {RangeError} If `ahead` is not a positive integer. */
export async function* prefetch<T>(jobs: Iterable<() => Promise<T>>, ahead: number): AsyncGenerator<T, void, void> {
  if (!Number.isSafeInteger(ahead) || ahead < 1) {
    throw new RangeError(`Cannot read ahead: the number of jobs must be a positive integer, got ${ahead}; pass 8, for example`);
  }
  const waiting = jobs[Symbol.iterator]();
  const started: Promise<T>[] = [];
  let running = 0, ended = false;
  const start = () => {
    while (!ended && running < AT_ONCE && started.length < ahead) {
      const job = waiting.next();
      if (job.done) return;
      running++;
      const result = job.value().finally(() => (running--, start()));
      result.catch(() => {}); // avoids an unhandled rejection; the error is thrown when the result is due
      started.push(result);
    }
  };
  try {
    for (start(); started.length > 0; start()) yield await started.shift()!;
  } finally {
    ended = true;
    await Promise.allSettled(started);
    waiting.return?.();
  }
}

/** A file that could not be read, and the reason. */
interface Broken {
  reason: string;
}

/** Reads broken files again, one at a time, to replace the reasons that were found while other files were decoded. libvips keeps
 * the error messages of all threads in one buffer, so such a reason can be that of another file.
 * @param again Function that reads a file and returns the reason why it cannot be read. */
export async function findReasons<T extends Broken>(
  files: readonly T[],
  again: (file: T) => Promise<string | undefined>,
): Promise<void> {
  for (const file of files) file.reason = await again(file) ?? file.reason;
}
