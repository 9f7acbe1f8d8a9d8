import { assert, assertEquals, assertLess } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { compile } from "../../../lib/backend/compile.ts";
import { LEAST_CHANNELS, LEAST_SAVED } from "../../../lib/backend/tensorflow/convolutions.ts";
import { savedPerPosition } from "../../../lib/backend/tensorflow/winograd.ts";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { testOnBackends } from "../../_backends.ts";
import { compare } from "./_compare.ts";

const noise = (shape: number[], seed: number) =>
  tf.randomNormal(shape as [number, number, number, number], 0, 1, "float32", seed) as tf.Tensor4D;
const onTensorflow = (name: string, run: () => void | Promise<void>) => testOnBackends(name, run, ["tensorflow"]);

/** Computes a convolution, its gradients with respect to image and kernel, and the fused convolution with bias. */
function everyWay(image: number[], kernel: number[], stride: number, pad: "same" | "valid"): tf.Tensor[] {
  const [x, w, bias] = [noise(image, 1), noise(kernel, 2), tf.randomNormal([kernel[3]!], 0, 1, "float32", 3)];
  const y = tf.conv2d(x, w, stride, pad);
  const dy = noise(y.shape, 4);
  const gradients = tf.grads((x, w) => tf.sum(tf.mul(tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad), dy)));
  return [y, ...gradients([x, w]), tf.fused.conv2d({ x, filter: w, strides: stride, pad, bias: bias as tf.Tensor1D })];
}

const HALVINGS: [number, number, number, number, string][] = [
  [1, 16, 256, 80, "the most positions"],
  [3, 4, 512, 256, "a kernel of 2 million weights, three images"],
  [1, 4, 256, 80, "four positions"],
  [2, 2, 128, 128, "one position per image, two images"],
  [1, 2, 128, 128, "one position"],
  [9, 2, 128, 128, "one position per image, nine images"],
  [1, 8, 128, 130, "an odd number of filters"],
  [4, 8, 128, 128, "four images"],
  [5, 8, 128, 128, "just too many positions"],
  [2, 12, 3, 20, "images of three channels"],
  [1, 64, 1, 5, "an image of one channel"],
  [3, 8, 4, 6, "images of four channels"],
  [2, 8, 5, 6, "five channels, just too many"],
];

for (const [batch, size, channels, filters, what] of HALVINGS) {
  onTensorflow(`a convolution that halves a small image equals tfjs's in values, gradients and transpose: ${what}`, async () => {
    await compare(() => {
      const transposed = tf.conv2dTranspose(
        noise([batch, size / 2, size / 2, filters], 5),
        noise([4, 4, channels, filters], 2),
        [batch, size, size, channels],
        2,
        "same",
      );
      return [...everyWay([batch, size, size, channels], [4, 4, channels, filters], 2, "same"), transposed];
    }, channels > 256 ? 3e-6 : 1e-6); // rounding of sums of 8,192 products
  });
}

/** Images and kernels of sizes for which tiles are used. */
const TILED: [number[], number[], "same" | "valid", string][] = [
  [[1, 18, 18, 64], [4, 4, 64, 64], "valid", "4x4, tiles fill the result"],
  [[1, 19, 18, 64], [4, 4, 64, 70], "valid", "4x4, the last tiles overhang, height is not width"],
  [[1, 16, 16, 64], [4, 4, 64, 64], "same", "4x4, one row of padding above, two below"],
  [[2, 15, 14, 65], [4, 4, 65, 64], "valid", "4x4, two images"],
  [[1, 22, 22, 64], [3, 3, 64, 64], "valid", "3x3, tiles fill the result"],
  [[1, 21, 23, 64], [3, 3, 64, 66], "same", "3x3, padded, the last tiles overhang"],
  [[3, 15, 16, 64], [3, 3, 64, 64], "valid", "3x3, three images"],
];

for (const [image, kernel, pad, what] of TILED) {
  onTensorflow(`a convolution by tiles equals tfjs's in values and gradients: ${what}`, async () => {
    const [, , channels, filters] = kernel as [number, number, number, number];
    const grown = pad === "same" ? kernel[0]! - 1 : 0;
    const positions = image[0]! * (image[1]! + grown - kernel[0]! + 1) * (image[2]! + grown - kernel[0]! + 1);
    assert(positions * savedPerPosition(kernel[0]!) >= LEAST_SAVED && Math.min(channels, filters) >= LEAST_CHANNELS, "by tiles");
    await compare(() => everyWay(image, kernel, 1, pad), 3e-6);
  });
}

const SINGLE_CHANNEL: [number[], number[], string][] = [
  [[1, 9, 9, 32], [4, 4, 32, 1], "as in a patch discriminator"],
  [[3, 7, 10, 5], [3, 2, 5, 1], "height is not width, three images"],
  [[2, 4, 4, 6], [4, 4, 6, 1], "a single result"],
];

for (const [image, kernel, what] of SINGLE_CHANNEL) {
  onTensorflow(`a convolution to a single channel equals tfjs's in values and gradients: ${what}`, async () => {
    await compare(() => everyWay(image, kernel, 1, "valid"), 1e-6);
  });
}

onTensorflow("a convolution by tiles is about as close to float64 as the direct convolution", async () => {
  await useBackend("tensorflow", { quiet: true });
  const [channels, filters] = [64, 64];
  const [x, w] = [noise([1, 20, 20, channels], 1), noise([4, 4, channels, filters], 2)];
  const [pixels, weights, got] = [x.dataSync(), w.dataSync(), tf.tidy(() => tf.conv2d(x, w, 1, "valid").dataSync())];
  let [error, sum, count] = [0, 0, 0];
  for (let row = 0; row < 17; row += 4) {
    for (let column = 0; column < 17; column++) {
      let exact = 0; // JavaScript's numbers are float64
      for (let k = 0; k < 16 * channels; k++) {
        const [i, j, c] = [Math.floor(k / 4 / channels), Math.floor(k / channels) % 4, k % channels];
        exact += pixels[((row + i) * 20 + column + j) * channels + c]! * weights[k * filters + 5]!;
      }
      error = Math.max(error, Math.abs(got[(row * 17 + column) * filters + 5]! - exact));
      [sum, count] = [sum + exact ** 2, count + 1];
    }
  }
  assertLess(error / Math.sqrt(sum / count), 1e-5);
  tf.dispose([x, w]);
});

onTensorflow("a convolution by tiles leaks no tensor, whether eager or compiled", () => {
  const [x, w] = [noise([1, 18, 18, 64], 1), noise([4, 4, 64, 64], 2)];
  const gradient = compile((x: tf.Tensor4D, w: tf.Tensor4D) =>
    tf.tidy(() => tf.grad((x) => tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, w, 1, "valid"))))(x))
  );
  const before = tf.memory().numTensors;
  const plain = tf.tidy(() => tf.grad((x) => tf.sum(tf.square(tf.conv2d(x as tf.Tensor4D, w, 1, "valid"))))(x));
  const compiled = gradient(x, w);
  assertEquals(tf.memory().numTensors, before + 2);
  const [wanted, got] = [plain, compiled].map((tensor) => tensor.dataSync() as Float32Array) as [Float32Array, Float32Array];
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  wanted.forEach((value, i) => assertLess(Math.abs(value - got[i]!), 1e-5 * largest));
  gradient.dispose();
  tf.dispose([x, w, plain, compiled]);
});
