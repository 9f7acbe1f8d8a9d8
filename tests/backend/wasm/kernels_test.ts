import * as tf from "../../../lib/tf.ts";
import { assertEquals, assertLess, assertThrows } from "@std/assert";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { onCpu, registerKernels } from "../../../lib/backend/wasm/kernels.ts";
import { assertOperationsAgree, assertTrainingAgrees } from "../_agree.ts";
import { difference, values } from "../_operations.ts";
import { quietCpu } from "../../../lib/backend/cpu.ts";

/** Kernels of "cpu" that no network needs: complex numbers, strings, ragged tensors, drawing. */
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

Deno.test("registerKernels() registers all kernels that training needs", async () => {
  await useBackend("wasm", { quiet: true });
  const names = (backend: string) => tf.getKernelsForBackend(backend).map(({ kernelName }) => kernelName);
  const there = new Set(names("wasm"));
  assertEquals(names("cpu").filter((name) => !there.has(name)).sort(), NOT_NEEDED);
  registerKernels(); // idempotent
  assertEquals(new Set(names("wasm")), there);
});

Deno.test("registerKernels() makes wasm agree with cpu in values and gradients, without leaks", async () => {
  await assertOperationsAgree("wasm");
});

Deno.test("registerKernels() makes wasm train like cpu with every optimizer", async () => {
  await assertTrainingAgrees("wasm");
});

Deno.test("BatchMatMul multiplies transposed matrices, in batches and with broadcasting", async () => {
  await useBackend("wasm", { quiet: true });
  for (const [batchA, batchB] of [[[], []], [[2], [2]], [[3], [1]]] as [number[], number[]][]) {
    for (const [turnA, turnB] of [[false, false], [true, false], [false, true], [true, true]] as [boolean, boolean][]) {
      tf.tidy(() => {
        const a = values([...batchA, ...(turnA ? [4, 3] : [3, 4])], 1);
        const b = values([...batchB, ...(turnB ? [5, 4] : [4, 5])], 2);
        // Σₖ a[.., i, k]·b[.., k, j] by broadcasting, without a matrix kernel.
        const left = tf.expandDims(turnA ? swapped(a) : a, -1);
        const right = tf.expandDims(turnB ? swapped(b) : b, -3);
        const wanted = tf.sum(tf.mul(left, right), -2);
        assertLess(
          difference(tf.matMul(a, b, turnA, turnB).dataSync(), wanted.dataSync()),
          1e-6,
          `${batchA} ${batchB} ${turnA} ${turnB}`,
        );
      });
    }
  }
});

function swapped(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, i) => i);
  return tf.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

Deno.test("onCpu() computes on the backend cpu, without leaks", async () => {
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

Deno.test("onCpu() preserves dtypes and multiple outputs", async () => {
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

Deno.test("onCpu() throws for a kernel that does not exist", () => {
  assertThrows(() => onCpu("Nonsense"), RangeError, "Cannot run Nonsense on wasm");
});

Deno.test("UnsortedSegmentSum sums the rows of each segment", async () => {
  await useBackend("wasm", { quiet: true });
  tf.tidy(() => {
    const x = tf.tensor2d([[1, 2], [3, 4], [5, 6], [7, 8]]);
    const ids = tf.tensor1d([2, 0, 2, -1], "int32"); // negative ids are skipped
    assertEquals(tf.unsortedSegmentSum(x, ids, 4).arraySync(), [[3, 4], [0, 0], [6, 8], [0, 0]]);
    const whole = tf.unsortedSegmentSum(x.toInt(), ids, 3);
    assertEquals([whole.dtype, whole.arraySync()], ["int32", [[3, 4], [0, 0], [6, 8]]]);
    assertThrows(() => tf.unsortedSegmentSum(x, ids, 2), RangeError, "below 2, got 2");
  });
});

Deno.test("UnsortedSegmentSum computes the gradient of an embedding", async () => {
  await useBackend("wasm", { quiet: true });
  tf.tidy(() => {
    const rows = tf.tensor1d([1, 1, 0], "int32");
    const gradient = tf.grad((table) => tf.sum(tf.gather(table, rows)))(tf.ones([3, 2]));
    assertEquals(gradient.arraySync(), [[1, 1], [2, 2], [0, 0]]);
  });
});
