import { assertEquals } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { registerKernels } from "../../../lib/backend/wasm/kernels.ts";
import { assertOperationsAgree, assertTrainingAgrees } from "../_agree.ts";

/** What "cpu" has and no network of the course needs: complex numbers, texts, ragged tensors, drawing. */
const NOT_NEEDED = [
  "Complex",
  "ComplexAbs",
  "Draw",
  "Einsum",
  "FFT",
  "IFFT",
  "Imag",
  "RaggedGather",
  "RaggedRange",
  "RaggedTensorToTensor",
]
  .concat(["Real", "StaticRegexReplace"]);

Deno.test("registerKernels() leaves nothing out that training needs", async () => {
  await useBackend("wasm", { quiet: true });
  const names = (backend: string) => tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
  const there = new Set(names("wasm"));
  assertEquals(names("cpu").filter((name) => !there.has(name)).sort(), NOT_NEEDED);
  registerKernels(); // and again changes nothing
  assertEquals(new Set(names("wasm")), there);
});

Deno.test("registerKernels() makes wasm agree with cpu: values, gradients, no tensor left", async () => {
  await assertOperationsAgree("wasm");
});

Deno.test("registerKernels() makes wasm train as cpu does, with every optimizer", async () => {
  await assertTrainingAgrees("wasm");
});
