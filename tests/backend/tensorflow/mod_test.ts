import * as tf from "../../../lib/tf.ts";
import { assert, assertEquals, assertRejects, assertStrictEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { activeTensorflow, idOf, runOp } from "../../../lib/backend/tensorflow/active.ts";
import { startTensorflow } from "../../../lib/backend/tensorflow/mod.ts";
import type { NodeJSKernelBackend } from "../../../lib/packages.ts";
import { attribute } from "../../../lib/backend/tensorflow/attributes.ts";
import { testOnBackends } from "../../_backends.ts";

Deno.test("startTensorflow() tries again after a failure, and starts once if called concurrently", async (test) => {
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
  assertEquals(activeTensorflow()!.tensors.read(idOf(sum))[0], 4); // the table belongs to tfjs's backend
});

function nodeKernels(): NodeJSKernelBackend {
  return activeTensorflow()!.kernels as unknown as NodeJSKernelBackend;
}

function testHere(name: string, run: () => void | Promise<void>): void {
  testOnBackends(name, run, ["tensorflow"]);
}

testHere("binding computes floats, integers and booleans", () => {
  tf.tidy(() => {
    assertEquals([...tf.matMul(tf.ones([2, 3]), tf.ones([3, 2])).dataSync()], [3, 3, 3, 3]);
    assertEquals([...tf.add(tf.tensor1d([1, 2], "int32"), tf.tensor1d([3, 4], "int32")).dataSync()], [4, 6]);
    assertEquals([...tf.greater([1, 2], [2, 1]).dataSync()], [0, 1]);
    assertEquals([...tf.topk([1, 5, 3], 2).indices.dataSync()], [1, 2]);
  });
});

testHere("binding preserves shapes: scalars, empty tensors, six dimensions", () => {
  tf.tidy(() => {
    assertEquals(tf.neg(tf.scalar(2)).shape, []);
    assertEquals([...tf.neg(tf.tensor([], [0, 3])).dataSync()], []);
    assertEquals(tf.neg(tf.ones([1, 2, 1, 2, 1, 2])).shape, [1, 2, 1, 2, 1, 2]);
  });
});

testHere("binding computes complex numbers", () => {
  tf.tidy(() => {
    const spectrum = tf.fft(tf.complex([1, 2], [3, 4]));
    assertEquals([...spectrum.dataSync()], [3, 7, -1, -1]); // real and imaginary parts alternate
  });
});

testHere("binding copies strings of any length, and empty tensors of strings", () => {
  tf.tidy(() => {
    const texts = ["", "a", "x".repeat(23), "ü".repeat(1000)];
    const tensor = tf.tensor1d(texts);
    const copy = runOp("Identity", [attribute.type("T", nodeKernels().binding.TF_STRING)], [tensor])[0]!;
    assertEquals(Array.from(copy.dataSync() as unknown as string[]), texts);
    assertEquals((tf.tensor([], [0], "string").dataSync() as unknown as string[]).length, 0);
  });
});

testHere("binding runs TensorFlow's image ops encodePng() and decodePng()", async () => {
  const kernels = nodeKernels();
  const pixels = Uint8Array.from({ length: 4 * 5 * 3 }, (_, i) => i * 4);
  const encoded = kernels.encodePng(pixels, [4, 5, 3], 1);
  const bytes = await encoded.data() as unknown as Uint8Array[];
  const decoded = kernels.decodePng(bytes[0]!, 3);
  assertEquals(decoded.shape, [4, 5, 3]);
  const { tensors } = activeTensorflow()!;
  assertEquals(tensors.shapeAndType(idOf(decoded)).dtype, kernels.binding.TF_UINT8);
  const cast = runOp("Cast", [attribute.type("SrcT", kernels.binding.TF_UINT8), attribute.type("DstT", 1)], [decoded])[0]!;
  assertEquals([...cast.dataSync()], [...pixels]);
  tf.dispose([encoded, decoded, cast]);
});

testHere("binding reads int64 as BigInt64Array", () => {
  const kernels = nodeKernels();
  const [wide] = runOp("Cast", [attribute.type("SrcT", 1), attribute.type("DstT", 9)], [tf.tensor1d([1, -2, 2 ** 40])]);
  assertEquals<unknown>(kernels.readSync(wide!.dataId), BigInt64Array.from([1n, -2n, 2n ** 40n]));
  wide!.dispose();
});

testHere("binding reports errors with the op's name and TensorFlow's message", () => {
  const error = assertThrows(() => runOp("MatMul", [attribute.type("T", 1)], [tf.ones([2, 3]), tf.ones([2, 3])]), Error);
  assertStringIncludes(error.message, "Cannot run MatMul: ");
  assertStringIncludes(error.message, "[2,3]");
  const unknown = assertThrows(() => runOp("NoSuchOp", [], []), Error);
  assertStringIncludes(unknown.message, "NoSuchOp");
});

testHere("binding throws for saved models", () => {
  assertThrows(() => nodeKernels().binding.loadSavedModel("nowhere", "serve"), Error, "Cannot use a SavedModel");
});

testHere("binding frees disposed tensors, including strings", () => {
  const kernels = nodeKernels();
  const before = kernels.binding.getNumOfTensors();
  const resident = () => Deno.memoryUsage().rss;
  const work = () =>
    tf.tidy(() => {
      const text = tf.scalar("x".repeat(100_000));
      runOp("Identity", [attribute.type("T", kernels.binding.TF_STRING)], [text])[0]!.dataSync();
      tf.matMul(tf.ones([200, 200]), tf.ones([200, 200])).dataSync();
    });
  const growth = Array.from({ length: 5 }, () => {
    const start = resident();
    for (let i = 0; i < 300; i++) work();
    return resident() - start;
  });
  assertEquals(kernels.binding.getNumOfTensors(), before);
  // JavaScript's garbage fluctuates. A leak would show in every block of 300 rounds, with 30 MB of strings alone.
  assert(Math.min(...growth) < 10e6, `300 rounds grew the process by ${growth} bytes`);
});

testOnBackends("binding copies strings, which outlive the bytes that they were created from, in every shape", () => {
  const text = (n: number) => `text number ${n}, long enough to lie outside of TensorFlow's own 24 bytes`;
  const texts = Array.from({ length: 4 }, (_, n) => text(n));
  const created = [tf.scalar(text(0), "string"), tf.tensor1d(texts), tf.tensor2d(texts, [2, 2]), tf.tensor1d([], "string")];
  const twice = created.map((tensor) => tf.stack([tensor, tensor])); // uploads them to TensorFlow
  // Overwrites freed memory.
  for (let i = 0; i < 300; i++) Array.from({ length: 2000 }, () => new Uint8Array(text(0).length).fill(88));
  assertEquals(created.map((tensor) => tensor.shape), [[], [4], [2, 2], [0]]);
  assertEquals(created.map((tensor) => [...tensor.dataSync()] as unknown[]), [[text(0)], texts, texts, []]);
  assertEquals(twice.map((tensor) => [...tensor.dataSync()] as unknown[]), [[text(0), text(0)], [...texts, ...texts], [
    ...texts,
    ...texts,
  ], []]);
  tf.dispose([created, twice]);
}, ["tensorflow"]);
