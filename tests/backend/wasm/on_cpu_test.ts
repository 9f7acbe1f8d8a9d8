import { assertEquals, assertThrows } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { quietCpu } from "../../../lib/backend/cpu.ts";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { onCpu } from "../../../lib/backend/wasm/on_cpu.ts";

Deno.test("onCpu() computes what the other backend computes, and leaves nothing there", async () => {
  await useBackend("wasm", { quiet: true });
  const { kernelFunc } = onCpu("Cumsum");
  const x = tf.tensor2d([[1, 2, 3], [4, 5, 6]]);
  const [there, here] = [quietCpu().numDataIds(), tf.memory().numTensors];
  const attrs = { axis: 1, exclusive: true, reverse: false };
  const sum = kernelFunc({ inputs: { x }, attrs, backend: tf.backend() }) as tf.Tensor;
  assertEquals(sum.arraySync(), [[0, 1, 3], [0, 4, 9]]);
  sum.dispose();
  assertEquals([quietCpu().numDataIds(), tf.memory().numTensors], [there, here]);
  x.dispose();
});

Deno.test("onCpu() keeps dtypes and several outputs", async () => {
  await useBackend("wasm", { quiet: true });
  tf.tidy(() => {
    const x = tf.tensor1d([5, 7, 5], "int32");
    const [unique, indices] = onCpu("Unique").kernelFunc({
      inputs: { x },
      attrs: { axis: 0 },
      backend: tf.backend(),
    }) as tf.Tensor[];
    assertEquals([unique!.dtype, [...unique!.dataSync()]], ["int32", [5, 7]]);
    assertEquals([...indices!.dataSync()], [0, 1, 0]);
  });
});

Deno.test("onCpu() refuses a kernel that is not there", () => {
  assertThrows(() => onCpu("Nonsense"), RangeError, "Cannot run Nonsense on wasm");
});
