/** The kernels of a page on "wasm" compute what tfjs computes, and keep no more than one copy of each filter. */
import { assertEquals, assertLess } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { type BackendWasm, tfjsWasm } from "../../lib/packages.ts";
import { registerInferenceKernels } from "../../lib/play/inference_kernels.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import * as tf from "../../lib/tf.ts";

/** Registers the kernels, as a page does: before any others of Forger. */
async function startPageKernels(): Promise<void> {
  await tfjsWasm.load();
  registerInferenceKernels();
  await useBackend("wasm", { quiet: true });
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
