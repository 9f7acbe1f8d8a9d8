import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { type BackendName, BACKENDS, threadsPerOp, useBackend } from "../../lib/backend/use_backend.ts";
import { run } from "./_process.ts";

/** Environment in which a process does not find TensorFlow. */
const NO_TENSORFLOW = { FORGER_TENSORFLOW: "/nowhere" };

Deno.test("useBackend() selects the first backend that works and reports why faster ones do not", async () => {
  const { stdout, stderr } = await run(["-A"], "", NO_TENSORFLOW, false);
  const name = stdout.split(" ")[0] as BackendName;
  assertEquals(stderr.split("\n").length, 1);
  assertMatch(stderr, new RegExp(`^Backend: ${name} 4\\.22\\.0 on .*; not tensorflow \\(.*/nowhere.*\\)`));
  const before = BACKENDS.slice(0, BACKENDS.indexOf(name));
  for (const faster of before) assertStringIncludes(stderr, `not ${faster} (`);
});

Deno.test("useBackend() works without permissions and does not prompt", async () => {
  const { stdout, stderr } = await run(["--no-prompt"], "", {}, false);
  assertEquals(stdout, "cpu 4");
  assertStringIncludes(stderr, "not tensorflow (requires --allow-ffi)");
  assertStringIncludes(stderr, "--allow-read");
});

Deno.test("useBackend() reads FORGER_BACKEND unless a name is passed", async () => {
  const asked = await run(["-A"], "", { FORGER_BACKEND: "cpu" }, false);
  assertEquals([asked.stdout, asked.stderr.endsWith("1 thread (from FORGER_BACKEND)")], ["cpu 4", true]);
  assertEquals((await run(["-A"], "wasm", { FORGER_BACKEND: "cpu" })).stdout, "wasm 4");
  const wrong = await run(["-A"], "", { FORGER_BACKEND: "fast" });
  assertEquals(
    wrong.stdout,
    'RangeError: Cannot use the backend "fast" (from FORGER_BACKEND): expected one of tensorflow, webgpu, wasm, cpu',
  );
});

Deno.test("useBackend() throws if the requested backend does not work", async () => {
  const { stdout } = await run(["-A"], "tensorflow", NO_TENSORFLOW);
  assertMatch(stdout, /^Error: Cannot use the backend "tensorflow": .*\/nowhere.*; alternatively, use another backend/);
  const asked = await run(["-A"], "", { ...NO_TENSORFLOW, FORGER_BACKEND: "tensorflow" });
  assertMatch(asked.stdout, /^Error: Cannot use the backend "tensorflow" \(from FORGER_BACKEND\): /);
  await assertRejects(
    () => useBackend("gpu" as BackendName),
    RangeError,
    'Cannot use the backend "gpu"',
  );
});

Deno.test("useBackend() prints one line to stderr, and none if quiet", async () => {
  const printed: unknown[] = [];
  const plain = console.error;
  console.error = (...line: unknown[]) => printed.push(...line);
  try {
    await useBackend("wasm", { quiet: true });
    await useBackend("wasm");
  } finally {
    console.error = plain;
  }
  assertEquals(printed.length, 1);
  assertMatch(String(printed[0]), /^Backend: wasm 4\.22\.0 on CPU \(WebAssembly.*\), 1 thread$/);
});

Deno.test("useBackend() switches backends, and tensors move along", async () => {
  await useBackend("cpu", { quiet: true });
  const before = tf.memory().numTensors;
  const [x, variable] = [tf.range(0, 100), tf.tidy(() => tf.variable(tf.ones([100])))];
  for (const name of ["wasm", "cpu", "wasm"] as const) {
    assertEquals((await useBackend(name, { quiet: true })).name, name);
    assertEquals(tf.getBackend(), name);
    tf.tidy(() => variable.assign(tf.add(variable, x)));
  }
  assertEquals([...variable.dataSync()], Array.from({ length: 100 }, (_, i) => 1 + 3 * i));
  tf.dispose([x, variable]);
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("importing useBackend() has no side effect", async () => {
  const root = new URL("../../", import.meta.url);
  const script = `import * as tf from "./lib/tf.ts";
    const names = () => Object.keys(tf.engine().registryFactory).join();
    const before = names();
    await import("./lib/backend/use_backend.ts");
    console.log(before, names(), tf.engine().backendName);`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), { args: ["eval", script], cwd: root }).output();
  const [before, after, active] = new TextDecoder().decode(stdout).trim().split(" ");
  assert(before === after && !after!.includes("wasm") && active === "undefined", `${before} ${after} ${active}`);
  assertEquals(new TextDecoder().decode(stderr), "");
});

Deno.test("useBackend() rejects invalid options", async () => {
  const wrong = (options: object) => useBackend("cpu", { quiet: true, ...options });
  await assertRejects(() => wrong({ precision: "float16" }), RangeError, "expected one of float32, bfloat16");
  for (const threadsPerOp of [0, -1, 1.5, NaN]) {
    await assertRejects(() => wrong({ threadsPerOp }), RangeError, `must be an integer ≥ 1, got ${threadsPerOp}`);
  }
});

Deno.test("threadsPerOp() is half of the processors for small networks", () => {
  const [all, half] = [navigator.hardwareConcurrency, Math.ceil(navigator.hardwareConcurrency / 2)];
  assertEquals(threadsPerOp({ size: 128, filters: 32 }), half);
  assertEquals(threadsPerOp({ size: [128, 128], filters: 32, batch: 1 }), half);
  assertEquals(threadsPerOp({ size: 128, filters: 32, batch: 4 }), all);
  assertEquals(threadsPerOp({ size: [256, 512], filters: 64 }), all);
});
