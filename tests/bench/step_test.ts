import { assert, assertEquals } from "@std/assert";
import { tf, useBackend } from "../../mod.ts";
import { rateOfProducts } from "./step.ts";

Deno.test("rateOfProducts() returns a plausible rate and leaks no tensors", async () => {
  await useBackend("wasm", { quiet: true });
  const before = tf.memory().numTensors;
  const rate = await rateOfProducts(256);
  assert(rate > 0.01 && rate < 10_000, `${rate}`);
  assertEquals(tf.memory().numTensors, before);
});
