import { assert, assertEquals, assertLess } from "@std/assert";
import { ROOT, run } from "../../lib/cli/process.ts";

/** Frees six of seven blocks and prints the resident memory before trimming, after it, and after an immediate second call. */
const PROGRAM = `
  import { trimMemory } from "${new URL("../../lib/backend/trim_memory.ts", import.meta.url).href}";
  const mib = () => Deno.memoryUsage().rss / 2 ** 20;
  const allocated = () =>
    Array.from({ length: 2000 }, (_, i) => new Uint8Array(100_000).fill(i)).filter((_, i) => i % 7 === 0);
  const free = async () => {
    const kept = allocated();
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      gc();
    }
    return kept;
  };
  const first = await free(), before = mib();
  trimMemory();
  const after = mib(), second = await free(), again = mib();
  trimMemory();
  console.log(JSON.stringify({ before, after, again, unchanged: mib(), kept: first.length + second.length }));
`;

async function measured(...permissions: string[]): Promise<Record<"before" | "after" | "again" | "unchanged" | "kept", number>> {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(file, PROGRAM);
    const args = ["run", "--no-check", "--v8-flags=--expose-gc", "--allow-read", ...permissions, file];
    const ended = await run(Deno.execPath(), args, { folder: ROOT });
    assert(ended?.success, ended?.lines.join("\n"));
    return JSON.parse(ended.lines.at(-1)!);
  } finally {
    await Deno.remove(file);
  }
}

Deno.test({
  name: "trimMemory() returns freed memory to the system, at most once every ten seconds",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const { before, after, again, unchanged, kept } = await measured("--allow-ffi");
    assertEquals(kept, 572);
    assertLess(after, before - 50);
    assertLess(Math.abs(unchanged - again), 10);
  },
});

Deno.test("trimMemory() does nothing without permission to call the C library", async () => {
  const { before, after } = await measured();
  assertLess(Math.abs(before - after), 10);
});
