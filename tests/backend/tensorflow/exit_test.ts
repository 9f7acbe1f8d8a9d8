import { assertEquals, assertStringIncludes } from "@std/assert";
import { fileURLToPath } from "node:url";

/** Runs a program that starts TensorFlow, computes, and then runs the code `end`. */
async function run(end: string, options: { signal?: Deno.Signal; env?: Record<string, string> } = {}) {
  const at = (path: string) => JSON.stringify(import.meta.resolve(path));
  const program = `
    import * as tf from ${at("../../../lib/tf.ts")};
    import { startTensorflow } from ${at("../../../lib/backend/tensorflow/mod.ts")};
    await startTensorflow();
    await tf.setBackend("tensorflow");
    console.log(tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).dataSync()[0]);
    ${end}`;
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, program);
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--config", `${root}deno.json`, file],
    env: { NO_COLOR: "1", ...options.env },
    stdout: "piped",
    stderr: "piped",
  });
  const child = command.spawn();
  const reader = child.stdout.getReader();
  const first = await reader.read(); // TensorFlow has started
  if (options.signal) child.kill(options.signal);
  while (!(await reader.read()).done); // until it ends
  const [status, errors] = await Promise.all([child.status, new Response(child.stderr).text()]);
  await Deno.remove(file);
  return { code: status.code, signal: status.signal, output: new TextDecoder().decode(first.value ?? new Uint8Array()), errors };
}

let here = true;
try {
  (await import("../../../lib/backend/tensorflow/library.ts")).findTensorflow();
} catch (error) {
  here = false;
  console.warn(`skipped: ${(error as Error).message}`);
}

const ENDS: [string, string, number][] = [
  ["at its last line", "", 0],
  ["by Deno.exit(3)", "Deno.exit(3);", 3],
  ["by an uncaught error", "throw new Error('by itself');", 1],
  ["by an unhandled rejection", "Promise.reject(new Error('by itself')); await new Promise((r) => setTimeout(r, 1000));", 1],
];

for (const [name, end, code] of ENDS) {
  Deno.test({
    name: `a program that uses TensorFlow ends ${name} with status ${code}, without messages of TensorFlow`,
    ignore: !here,
    fn: async () => {
      const ended = await run(end);
      assertEquals({ code: ended.code, signal: ended.signal, output: ended.output.trim() }, { code, signal: null, output: "64" });
      if (code === 1) assertStringIncludes(ended.errors, "by itself");
      else assertEquals(ended.errors, "");
    },
  });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test({
    name: `a program that uses TensorFlow ends with ${signal} like any program`,
    ignore: !here || Deno.build.os === "windows",
    fn: async () => {
      const ended = await run("await new Promise((r) => setTimeout(r, 60_000));", { signal });
      assertEquals(ended.signal, signal);
    },
  });
}
