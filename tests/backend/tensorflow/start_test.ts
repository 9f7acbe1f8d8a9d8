import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { activeTensorflow, idOf } from "../../../lib/backend/tensorflow/active.ts";
import { startTensorflow } from "../../../lib/backend/tensorflow/mod.ts";

Deno.test("startTensorflow() tries again after a failure, and starts once if two ask at the same time", async (test) => {
  const place = Deno.env.get("FORGER_TENSORFLOW");
  Deno.env.set("FORGER_TENSORFLOW", "/nowhere");
  await assertRejects(startTensorflow, Error, "/nowhere");
  if (place === undefined) Deno.env.delete("FORGER_TENSORFLOW");
  else Deno.env.set("FORGER_TENSORFLOW", place);
  let both;
  try {
    both = await Promise.all([startTensorflow(), startTensorflow()]);
  } catch (error) {
    console.warn(`skipped on tensorflow: ${(error as Error).message}`);
    await test.step({ name: "skipped", ignore: true, fn: () => {} });
    return;
  }
  assertStrictEquals(both[0], both[1]);
  await tf.setBackend("tensorflow");
  const sum = tf.add(2, 2);
  assertEquals(activeTensorflow()!.tensors.read(idOf(sum))[0], 4); // the table is that of the backend which tfjs has
});
