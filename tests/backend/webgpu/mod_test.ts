import * as tf from "../../../lib/tf.ts";
import { assertEquals, assertRejects } from "@std/assert";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { isSoftware, startWebgpu } from "../../../lib/backend/webgpu/mod.ts";
import { assertOperationsAgree, assertTrainingAgrees } from "../_agree.ts";
import { adapter, testOnGpu } from "./_gpu.ts";

Deno.test("isSoftware() recognizes adapters on the CPU by WebGPU's flag or by name", () => {
  const info = (description: string, isFallbackAdapter: boolean) => ({
    vendor: "",
    architecture: "",
    description,
    isFallbackAdapter,
  });
  assertEquals(isSoftware(info("something new", true)), true);
  for (const name of ["llvmpipe (LLVM 15.0.6, 256 bits)", "SwiftShader Device (Subzero)", "Microsoft Basic Render Driver"]) {
    assertEquals(isSoftware(info(name, false)), true, name);
  }
  for (const name of ["NVIDIA H200", "Apple M2 Pro", "AMD Radeon Graphics (RADV)", "Intel(R) Arc(tm) A770", ""]) {
    assertEquals(isSoftware(info(name, false)), false, name);
  }
});

testOnGpu("startWebgpu() accepts a software adapter only on request", async () => {
  const { info } = (await adapter())!;
  if (isSoftware(info)) await assertRejects(() => startWebgpu(), Error, "on the CPU");
  const started = await startWebgpu(true);
  assertEquals([tf.getBackend(), started.device], ["webgpu", info.description]);
  const backend = tf.backend();
  await useBackend("cpu", { quiet: true });
  await startWebgpu(true);
  assertEquals(tf.backend(), backend);
  if (isSoftware(info)) await assertRejects(() => startWebgpu(), Error, "on the CPU");
});

testOnGpu("startWebgpu() agrees with cpu in values and gradients, without leaks", async () => {
  await assertOperationsAgree("webgpu");
});

testOnGpu("startWebgpu() trains like cpu with every optimizer", async () => {
  await assertTrainingAgrees("webgpu");
});

testOnGpu("makeReadSync() reads pending results of every dtype", async () => {
  await useBackend("webgpu", { quiet: true });
  tf.tidy(() => {
    const x = tf.range(0, 5000); // large enough that tfjs computes on the GPU
    assertEquals(tf.add(x, 0.5).dataSync()[4999], 4999.5);
    assertEquals(tf.add(x.toInt(), 1).dataSync()[4999], 5000);
    const greater = tf.greater(x, 4998).dataSync();
    assertEquals([greater.constructor.name, greater[4998], greater[4999]], ["Uint8Array", 0, 1]);
    assertEquals(tf.complex(tf.add(x, 1), tf.neg(x)).dataSync().slice(-2), new Float32Array([5000, -4999]));
  });
});

testOnGpu("makeReadSync() reads in chunks, repeatedly, between asynchronous reads", async () => {
  await useBackend("webgpu", { quiet: true });
  const x = tf.range(0, 2_500_000); // ten megabytes, three chunks
  for (let i = 1; i <= 20; i++) {
    const y = tf.add(x, i);
    const values = i % 5 === 0 ? await y.data() : y.dataSync();
    assertEquals([0, 1_048_575, 1_048_576, 2_499_999].map((at) => values[at]), [i, 1_048_575 + i, 1_048_576 + i, 2_499_999 + i]);
    y.dispose();
  }
  x.dispose();
});

testOnGpu("makeReadSync() allows tensors to move to another backend", async () => {
  await useBackend("webgpu", { quiet: true });
  const x = tf.mul(tf.range(0, 3000), 2);
  await useBackend("cpu", { quiet: true });
  assertEquals(tf.tidy(() => tf.max(x).dataSync()[0]), 5998);
  x.dispose();
});
