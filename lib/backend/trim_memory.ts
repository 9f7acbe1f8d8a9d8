/** Memory that is free, given back to the system.
 *
 * What a training frees, pictures and tensors of steps that are done, glibc keeps in pieces for later. How much lies idle wanders by some hundred MiB, and
 * from outside it looks like a leak (the soak in tests/bench/README.md). malloc_trim(3) gives back every page on which nothing is in use.
 * @module */

/** Milliseconds between two times: there are epochs of a few steps, and to go through the free pieces takes milliseconds. */
const PAUSE = 10_000;

type Trim = (keep: bigint) => number;
let trim: Trim | undefined;
let last = -Infinity;

/** Gives free memory back, at most every ten seconds. Where there is no glibc, or no permission to call it (`--allow-ffi`), nothing happens. */
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
    // a Linux with another C library
  }
  return () => 0;
}
