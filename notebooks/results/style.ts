/** Measures of style, which L1 and SSIM hardly see: by them, an untranslated photo is often nearer to the true translation than
 * any output of a network is.
 *
 * The patch distance compares small pieces of two sets of images, wherever in the images they are. The weave is the checkerboard
 * that transposed convolutions cause. The material of a wall is read back by a rule that was fitted to drawings.
 * @module */
import { palette } from "../../data/worlds/toytown/facade/scene.ts";
import { renderScene } from "../../data/worlds/toytown/worlds.ts";
import type { Image } from "../../lib/data/image_bytes.ts";
import { labelNumbers } from "../../lib/data/label_maps.ts";
import { frechetDistance } from "../../lib/metrics/distribution_distance.ts";
import * as tf from "../../lib/tf.ts";

/** Side length of a patch, after the image has been halved. */
const PATCH = 3;

/** Computes the squared Fréchet distance between the patches of two sets of images: patches of 3x3 pixels of the images at half
 * their size, as vectors of 27 values.
 * @param generated Images `[count, height, width, 3]` in [-1, 1]. Not disposed.
 * @param real Images to compare with, likewise.
 * @returns The distance, in squared pixel values summed over a patch. */
export async function patchDistance(generated: tf.Tensor4D, real: tf.Tensor4D): Promise<number> {
  const [a, b] = [patchesOf(generated), patchesOf(real)];
  return await frechetDistance(a, b).finally(() => tf.dispose([a, b]));
}

function patchesOf(images: tf.Tensor4D): tf.Tensor2D {
  return tf.tidy(() => {
    const small = tf.avgPool(images, 2, 2, "valid");
    const [count, height, width, channels] = small.shape;
    const [rows, columns] = [height - PATCH + 1, width - PATCH + 1];
    const shifted = Array.from({ length: PATCH ** 2 }, (_, i) => {
      return tf.slice(small, [0, Math.floor(i / PATCH), i % PATCH, 0], [count, rows, columns, channels]);
    });
    return tf.reshape(tf.concat(shifted, 3), [-1, PATCH ** 2 * channels]) as tf.Tensor2D;
  });
}

/** Side length of the windows in which the weave is measured, and the fraction of windows that count as smooth. */
const WINDOW = 16, SMOOTH = 0.3;

/** Measures the weave of generated and of real images: the strength of the pattern that repeats every two pixels, in those
 * windows of 16x16 pixels in which the real image has the least of it, such as in the sky.
 * @param generated Images `[count, height, width, channels]` in [-1, 1], whose sides are multiples of 16. Not disposed.
 * @param real The images that the generated ones should be, likewise.
 * @returns Root mean squares in pixel values, averaged over the windows. */
export async function weave(generated: tf.Tensor4D, real: tf.Tensor4D): Promise<{ generated: number; real: number }> {
  const [made, wanted] = [await patternIn(generated), await patternIn(real)];
  const order = [...wanted.keys()].sort((a, b) => wanted[a]! - wanted[b]!);
  const smoothest = order.slice(0, Math.ceil(SMOOTH * order.length));
  const mean = (values: Float32Array) => smoothest.reduce((sum, i) => sum + values[i]!, 0) / smoothest.length;
  return { generated: mean(made), real: mean(wanted) };
}

/** Returns the strength of the pattern in each window. */
async function patternIn(images: tf.Tensor4D): Promise<Float32Array> {
  const [count, height, width, channels] = images.shape;
  const strengths = tf.tidy(() => {
    const repeats = WINDOW / 2;
    const split = tf.reshape(images, [count, height / WINDOW, repeats, 2, width / WINDOW, repeats, 2 * channels]);
    const phases = tf.reshape(tf.mean(tf.mean(split, 5), 2), [count, height / WINDOW, 2, width / WINDOW, 2, channels]);
    return tf.sqrt(tf.mean(tf.square(tf.sub(phases, tf.mean(phases, [2, 4], true))), [2, 4, 5]));
  });
  return await strengths.data<"float32">().finally(() => strengths.dispose());
}

/** Material of a wall. */
export type Material = "brick" | "plaster";

/** Tells the material of a wall.
 * @param photo Photo of a facade.
 * @param labels Label map of the facade. */
export type ReadMaterial = (photo: Image, labels: Image) => Material;

/** Number of facades to which the rule is fitted. */
const FITTED = 80;
const colours = Object.values(palette);
const WALL = Object.keys(palette).indexOf("facade");

/** Fits a rule that tells the material of walls. As the rule for labels, it is fitted to scenes that occur in no data set.
 * @param size Height and width of the photos. */
export async function fitMaterials(size: number): Promise<ReadMaterial> {
  const examples: { features: number[]; target: number }[] = [];
  for (let seed = -1; seed >= -FITTED; seed--) {
    const labels = await renderScene("facade", seed, "labels", size);
    for (const [material, target] of [["brick", -1], ["plaster", 1]] as const) {
      examples.push({ features: featuresOf(await renderScene("facade", seed, material, size), labels), target });
    }
  }
  const weights = leastSquares(examples);
  return (photo, labels) => dot(weights, featuresOf(photo, labels)) < 0 ? "brick" : "plaster";
}

/** Features of the walls in a photo: 1, the mean and the standard deviation of each channel, and products of the means. */
function featuresOf({ data }: Image, labels: Image): number[] {
  const classes = labelNumbers(labels, colours);
  const [sums, squares] = [[0, 0, 0], [0, 0, 0]];
  let count = 0;
  for (let pixel = 0; pixel < classes.length; pixel++) {
    if (classes[pixel] !== WALL) continue;
    count++;
    for (const channel of [0, 1, 2]) {
      const value = data[3 * pixel + channel]! / 127.5 - 1;
      sums[channel]! += value;
      squares[channel]! += value * value;
    }
  }
  const means = sums.map((sum) => sum / count);
  const deviations = squares.map((sum, i) => Math.sqrt(Math.max(0, sum / count - means[i]! ** 2)));
  const [r, g, b] = means as [number, number, number];
  return [1, r, g, b, ...deviations, r * r, g * g, b * b, r * g, r * b, g * b];
}

/** Solves the normal equations of a linear least squares problem, with a little weight decay. */
function leastSquares(examples: readonly { features: number[]; target: number }[]): number[] {
  const size = examples[0]!.features.length;
  const rows = Array.from({ length: size }, (_, i) => {
    const row = Array.from({ length: size }, (_, j) => (i === j ? 1e-3 : 0));
    return [...row, 0];
  });
  for (const { features, target } of examples) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) rows[i]![j]! += features[i]! * features[j]!;
      rows[i]![size]! += features[i]! * target;
    }
  }
  for (let i = 0; i < size; i++) { // Gauss-Jordan; the matrix is positive definite
    const pivot = rows[i]![i]!;
    rows[i] = rows[i]!.map((value) => value / pivot);
    for (let k = 0; k < size; k++) {
      const factor = rows[k]![i]!;
      if (k !== i) rows[k] = rows[k]!.map((value, j) => value - factor * rows[i]![j]!);
    }
  }
  return rows.map((row) => row[size]!);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
