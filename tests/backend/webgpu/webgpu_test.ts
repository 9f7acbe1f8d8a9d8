import { assertEquals, assertRejects } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { isSoftware, startWebgpu } from "../../../lib/backend/webgpu/mod.ts";
import { assertOperationsAgree, assertTrainingAgrees } from "../_agree.ts";
import { adapter, testOnGpu } from "./_gpu.ts";

Deno.test("isSoftware() knows what computes on the CPU, by WebGPU's word for it or by name", () => {
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

testOnGpu("startWebgpu() takes a software adapter only when asked", async () => {
  const { info } = (await adapter())!;
  if (isSoftware(info)) await assertRejects(() => startWebgpu(), Error, "computes on the CPU");
  const started = await startWebgpu({ software: true });
  assertEquals([tf.getBackend(), started.device], ["webgpu", info.description]);
  const backend = tf.backend();
  await useBackend("cpu", { quiet: true });
  await startWebgpu({ software: true });
  assertEquals(tf.backend(), backend);
  if (isSoftware(info)) await assertRejects(() => startWebgpu(), Error, "computes on the CPU");
});

testOnGpu("startWebgpu() agrees with cpu: values, gradients, no tensor left", async () => {
  await assertOperationsAgree("webgpu");
});

testOnGpu("startWebgpu() trains as cpu does, with every optimizer", async () => {
  await assertTrainingAgrees("webgpu");
});
