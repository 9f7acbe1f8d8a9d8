import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { startWasm } from "../../../lib/backend/wasm/mod.ts";
import { run } from "../_process.ts";
import { tfjsWasm } from "../../../lib/packages.ts";

Deno.test("startWasm() starts once and can make the backend active again", async () => {
  const first = await startWasm();
  const backend = tf.backend();
  await useBackend("cpu", { quiet: true });
  assertEquals(await startWasm(), first);
  assertEquals(tf.backend(), backend);
  assertEquals(first.threads, 1);
  assertStringIncludes(first.device, "WebAssembly");
});

Deno.test("startWasm() needs no network and no permission except to read its file", async () => {
  const cache = await Deno.realPath(new URL("../", tfjsWasm.url()));
  const { stdout, stderr } = await run(["--no-prompt", `--allow-read=${cache}`], "wasm");
  assertEquals(stdout, "wasm 4");
  assertEquals(stderr, "");
});

Deno.test("startWasm() reports in one line that it is not allowed to read its file", async () => {
  const { stdout, stderr } = await run(["--no-prompt"], "wasm");
  assertStringIncludes(stdout, 'Cannot use the backend "wasm": cannot read its file tfjs-backend-wasm');
  assertStringIncludes(stdout, "--allow-read");
  assertEquals(stdout.split("\n").length, 1);
  assertEquals(stderr, "");
});

Deno.test("startWasm() makes allocation throw when memory is full", async () => {
  await startWasm();
  const backend = tf.backend();
  const before = backend.numDataIds();
  const ids: object[] = [];
  // Without values, none of this memory is touched.
  const fill = () => {
    for (let i = 0; i < 9; i++) ids.push(backend.write(null as unknown as Float32Array, [2 ** 27], "float32"));
  };
  assertThrows(fill, RangeError, "4 GB of memory");
  for (const id of ids) backend.disposeData(id);
  assertEquals(backend.numDataIds(), before);
  assertEquals(tf.tidy(() => tf.sum(tf.ones([100])).dataSync()[0]), 100);
});
