import { assertEquals } from "@std/assert";

/** Returns which of Forger's layers are registered in a new process after it has run `code`. */
async function registered(code: string): Promise<string> {
  const root = new URL("../../", import.meta.url);
  const names = `["ReflectionPad", "InstanceNormalization"].map((name) => name in map)`;
  const script = `import * as tf from "./lib/tf.ts"; import * as layers from "./lib/layers/mod.ts"; ${code};
    const map = tf.serialization.SerializationMap.getMap().classNameMap; console.log(JSON.stringify(${names}));`;
  const run = new Deno.Command(Deno.execPath(), { args: ["eval", script], cwd: root, stdout: "piped", stderr: "piped" });
  const { stdout, stderr } = await run.output();
  return new TextDecoder().decode(stdout).trim() + new TextDecoder().decode(stderr);
}

Deno.test("registerLayers() registers all layers; importing registers none, and creating a layer only its class", async () => {
  assertEquals(await registered(""), "[false,false]");
  assertEquals(await registered("layers.registerLayers(); layers.registerLayers()"), "[true,true]");
  assertEquals(await registered("new layers.ReflectionPad({ padding: 1 })"), "[true,false]");
});
