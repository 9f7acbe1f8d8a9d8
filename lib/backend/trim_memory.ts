/** Returns freed memory to the operating system.
 *
 * glibc retains freed memory, such as that of images and tensors from earlier steps, for reuse. The amount of retained memory
 * varies by a few hundred MiB, which can look like a memory leak (see the soak test in tests/bench/README.md). malloc_trim(3)
 * releases every unused page.
 * @module */

/** Minimum time between two calls to malloc_trim, in milliseconds. Trimming takes a few milliseconds, and epochs can be short. */
const PAUSE = 10_000;

type Trim = (keep: bigint) => number;
let trim: Trim | undefined;
let last = -Infinity;

/** Returns freed memory to the operating system, at most once every ten seconds. Does nothing without glibc or without the
 * permission `--allow-ffi`. */
export function trimMemory(): void {
  const now = performance.now();
  if (now - last < PAUSE) return;
  last = now;
  trim ??= findTrim();
  trim(0n);
}

function findTrim(): Trim {
  try {
    if (Deno.build.os === "linux" && Deno.permissions.querySync({ name: "ffi" }).state === "granted") {
      return Deno.dlopen("libc.so.6", { malloc_trim: { parameters: ["usize"], result: "i32" } }).symbols.malloc_trim;
    }
  } catch {
    // Linux with another C library
  }
  return () => 0;
}
