/** The kernels of a page on "wasm" compute what tfjs computes in less time, and derive each filter once. */
import { assertEquals, assertLess } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { type BackendWasm, tfjsWasm } from "../../lib/packages.ts";
import { BatchNorm } from "../../lib/layers/batch_norm.ts";
import { InstanceNorm } from "../../lib/layers/instance_norm.ts";
import { callDirectly } from "../../lib/play/direct.ts";
import { registerInferenceKernels } from "../../lib/play/inference_kernels.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import * as tf from "../../lib/tf.ts";

/** The kernels of tfjs, and those of a page. */
const kernels: { plain: tf.KernelConfig[]; page: tf.KernelConfig[] } = { plain: [], page: [] };

/** Registers the kernels, as a page does: before any others of Forger. */
async function startPageKernels(): Promise<void> {
  await tfjsWasm.load();
  kernels.plain = tf.getKernelsForBackend("wasm");
  registerInferenceKernels();
  kernels.page = tf.getKernelsForBackend("wasm");
  await useBackend("wasm", { quiet: true });
  for (const { setupFunc } of kernels.plain) setupFunc?.(tf.backend());
}

/** Computes on tfjs's "cpu" backend, and then on "wasm".
 * @returns the largest difference relative to the largest value. */
async function differenceOf(compute: () => tf.Tensor): Promise<number> {
  const values: Float32Array[] = [];
  for (const backend of ["cpu", "wasm"]) {
    await tf.setBackend(backend);
    const result = tf.tidy(compute);
    values.push(result.dataSync<"float32">());
    result.dispose();
  }
  const [expected, actual] = values as [Float32Array, Float32Array];
  assertEquals(actual.length, expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0) / largest;
}

function random(shape: number[], seed: number): tf.Tensor {
  return tf.randomUniform(shape, -1, 1, "float32", seed);
}

await startPageKernels();

Deno.test("transposed convolutions equal tfjs's for odd sizes, strides, filters and few or many channels", async () => {
  const strides: (number | [number, number])[] = [1, 2, 3, [2, 1], [3, 2]];
  for (const [height, width] of [[1, 1], [1, 3], [2, 2], [5, 4], [7, 9]] as const) {
    for (const stride of strides) {
      for (const [rows, columns] of [[1, 1], [2, 2], [3, 3], [4, 4], [5, 2]] as const) {
        for (const [channels, filters] of [[3, 1], [2, 3], [5, 16], [9, 17]] as const) {
          for (const pad of ["same", "valid"] as const) {
            const [down, over] = [stride].flat().length === 2 ? stride as [number, number] : [stride, stride] as [number, number];
            const extent = (size: number, step: number, taps: number) =>
              pad === "same" ? size * step : (size - 1) * step + Math.max(taps, step);
            const shapes = [[extent(height, down, rows), extent(width, over, columns)]];
            // Of the sizes with so many outputs per stride, the smallest is odd for a stride of 2.
            if (pad === "same" && down === over) shapes.push(shapes[0]!.map((size) => size - down + 1));
            for (const [outHeight, outWidth] of shapes as [number, number][]) {
              const difference = await differenceOf(() =>
                tf.conv2dTranspose(
                  random([2, height, width, channels], 1) as tf.Tensor4D,
                  random([rows, columns, filters, channels], 2) as tf.Tensor4D,
                  [2, outHeight, outWidth, filters],
                  stride,
                  pad,
                )
              );
              assertLess(difference, 1e-6, JSON.stringify({ height, width, stride, rows, columns, filters, pad, outHeight }));
            }
          }
        }
      }
    }
  }
});

/** Number of tensors in the memory of WebAssembly. */
function tensorsInHeap(): number {
  return (tf.backend() as BackendWasm & { numDataIds(): number }).numDataIds();
}

Deno.test("convolutions with fewer multiplications equal tfjs's, for several images and with a bias", async () => {
  const convolutions: Record<string, [factors: number, compute: (x: tf.Tensor4D, filter: tf.Tensor4D) => tf.Tensor]> = {
    "transposed": [16, (x, filter) => tf.conv2dTranspose(x, filter, [2, 32, 40, 128], 2, "same")],
    "strided": [9, (x, filter) => tf.fused.conv2d({ x, filter, strides: 2, pad: "same", bias: random([128], 3) as tf.Tensor1D })],
  };
  for (const [name, [factors, compute]] of Object.entries(convolutions)) {
    const [height, width] = name === "strided" ? [32, 40] : [16, 20];
    const x = random([2, height!, width!, 64], 1) as tf.Tensor4D;
    const filter = random(name === "strided" ? [4, 4, 64, 128] : [4, 4, 128, 64], 2) as tf.Tensor4D;
    assertLess(await differenceOf(() => compute(x, filter)), 4e-6, name);
    const before = tensorsInHeap();
    filter.dispose();
    assertEquals(tensorsInHeap(), before - 1 - factors, name); // the filter, and those of its products
    x.dispose();
  }
});

Deno.test("norms equal their layers, for few and many channels, and leave only their output", async () => {
  for (const channels of [1, 3, 4, 13, 64]) {
    const layers = [new BatchNorm({ seed: 1 }), new InstanceNorm(), new InstanceNorm({ affine: false })];
    for (const [i, layer] of layers.entries()) {
      const input = tf.input({ shape: [5, 6, channels] });
      const network = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
      const given = layer.trainableWeights.map(({ shape }, n) => random(shape as number[], n));
      layer.trainableWeights.forEach((weight, n) => weight.write(given[n]!));
      const x = tf.tidy(() => tf.add(random([3, 5, 6, channels], 9), 1));
      const apply = () => network.apply(x, { batchStatistics: true } as object) as tf.Tensor;
      const difference = await differenceOf(() => {
        if (tf.getBackend() === "wasm") callDirectly(network);
        return apply();
      });
      assertLess(difference, 2e-6, `${channels} channels, layer ${i}`);
      const before = tensorsInHeap();
      apply().dispose();
      assertEquals(tensorsInHeap(), before);
      network.dispose();
      tf.dispose([x, given]);
    }
  }
});

Deno.test("a bottleneck reads only the taps that lie on the image", async () => {
  for (const [height, width, pad] of [[2, 2, "same"], [1, 2, "same"], [1, 1, 2], [4, 4, "valid"], [5, 5, "valid"]] as const) {
    const x = random([2, height, width, 5], 1) as tf.Tensor4D;
    const filter = random([4, 4, 5, 9], 2) as tf.Tensor4D;
    assertLess(await differenceOf(() => tf.fused.conv2d({ x, filter, strides: 2, pad })), 1e-6, `${[height, width, pad]}`);
    tf.dispose([x, filter]);
  }
});

Deno.test("sums, means, leaky ReLUs and concatenations equal tfjs's", async () => {
  const x = (channels = 13) => random([2, 5, 7, channels], 4);
  const computations: Record<string, () => tf.Tensor> = {
    "sum over rows": () => tf.sum(x(3).reshape([70, 3]), 0),
    "sum over positions": () => tf.sum(x(), [1, 2]),
    "sum over the batch": () => tf.sum(x(), [0, 1, 2], true),
    "sum over channels": () => tf.sum(x(), -1),
    "sum over apart axes": () => tf.sum(x(), [0, 2]),
    "sum of all": () => tf.sum(x()),
    "mean over positions": () => tf.mean(x(), [2, 1], true),
    "mean over all but channels": () => tf.mean(x(), [0, 1, 2]),
    "mean of one axis": () => tf.mean(x(), 1),
    "bias": () => tf.add(x(3), random([3], 6)),
    "bias of many channels": () => tf.add(x(600), random([1, 1, 1, 600], 6)),
    "leaky ReLU": () => tf.leakyRelu(x(), 0.2),
    "leaky ReLU with a large slope": () => tf.leakyRelu(x(), 1.5),
    "hyperbolic tangent": () => tf.tanh(tf.linspace(-12, 12, 10_001)),
    "hyperbolic tangent near zero": () => tf.add(tf.tanh(tf.linspace(-1e-3, 1e-3, 101)), 1),
    "concatenation of channels": () => tf.concat([x(3), x(40), x(1)], 3),
    "concatenation of rows": () => tf.concat([x(3), x(3)], 1),
    "concatenation of one": () => tf.concat([x(3)], 1),
    "convolution at few positions": () => tf.conv2d(x() as tf.Tensor4D, random([4, 4, 13, 70], 5) as tf.Tensor4D, 2, "same"),
  };
  for (const [name, compute] of Object.entries(computations)) assertLess(await differenceOf(compute), 1e-6, name);
  const integers = tf.sum(tf.tensor2d([[1, 2], [3, 4]], [2, 2], "int32"), 0);
  assertEquals([integers.dtype, [...integers.dataSync()]], ["int32", [4, 6]]);
});

Deno.test("filters are split once, memory does not grow, and a disposed model leaves nothing", async () => {
  await tf.setBackend("wasm");
  const { dataIdMap } = tf.backend() as BackendWasm & { dataIdMap: { numDataIds(): number } };
  const use = async (count: number) => {
    const model = pix2pix({ size: 32, filters: 4 });
    const images = random([1, 32, 32, 3], 6) as tf.Tensor4D;
    const translate = async () => (await model.translate(images, { dropout: false })).dispose();
    await translate();
    const first = dataIdMap.numDataIds();
    for (let i = 0; i < count; i++) await translate();
    assertEquals(dataIdMap.numDataIds(), first);
    model.dispose();
    images.dispose();
    return dataIdMap.numDataIds();
  };
  const left = await use(50); // the slopes of leaky ReLUs, which any model uses
  assertEquals(await use(1), left);
});

Deno.test("a new value of a filter is split anew", async () => {
  await tf.setBackend("wasm");
  const x = random([1, 3, 3, 2], 7) as tf.Tensor4D;
  const filter = tf.variable(random([4, 4, 3, 2], 8)) as tf.Variable<tf.Rank.R4>;
  const apply = () => tf.conv2dTranspose(x, filter as tf.Tensor4D, [1, 6, 6, 3], 2, "same");
  const [first, again] = [apply(), apply()];
  const twice = tf.mul(filter, 2) as tf.Tensor4D;
  filter.assign(twice);
  const other = apply();
  assertEquals([...again.dataSync()], [...first.dataSync()]);
  assertEquals([...other.dataSync()], [...first.dataSync()].map((value) => 2 * value));
  tf.dispose([x, filter, first, again, twice, other]);
});

Deno.test("a picture takes few kernels, and less than half the time that tfjs takes", async () => {
  await tf.setBackend("wasm");
  const model = pix2pix({ size: 64, filters: 24 });
  const { generator } = model.networks;
  const images = random([1, 64, 64, 3], 6) as tf.Tensor4D;
  const apply = () => generator.apply(images, { batchStatistics: true, dropout: false } as object) as tf.Tensor;
  const least = { plain: Infinity, page: Infinity };
  const plainApply = generator.apply;
  callDirectly(generator);
  const pageApply = generator.apply;
  for (let i = 0; i < 12; i++) {
    for (const which of ["plain", "page"] as const) {
      for (const { kernelName } of tf.getKernelsForBackend("wasm")) tf.unregisterKernel(kernelName, "wasm");
      for (const kernel of kernels[which]) tf.registerKernel(kernel);
      generator.apply = which === "plain" ? plainApply : pageApply;
      const start = performance.now();
      apply().dispose();
      least[which] = Math.min(least[which], performance.now() - start);
    }
  }
  const { kernels: called } = await tf.profile(() => apply().dispose());
  assertLess(called.length, 50); // of which six contain another one; 265 with tfjs's norms
  assertLess(least.page, least.plain / 2); // a quarter; both are measured in turns, since the machine may be busy
  model.dispose();
  images.dispose();
});
