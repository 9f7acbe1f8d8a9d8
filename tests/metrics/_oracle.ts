/** Reference implementations by plain loops in double precision, and test images from formulas that other languages can repeat.
 * @module */
import * as tf from "../../lib/tf.ts";

/** An image `[1, height, width, channels]` whose value at row i, column j, channel k is f(i, j, k). */
export function drawn(
  [height, width, channels]: [number, number, number],
  f: (i: number, j: number, k: number) => number,
): tf.Tensor4D {
  const value = (n: number) => f(Math.floor(n / (width * channels)), Math.floor(n / channels) % width, n % channels);
  return tf.tensor4d(Float32Array.from({ length: height * width * channels }, (_, n) => value(n)), [1, height, width, channels]);
}

/** Two similar images, 20 × 17 × 3, in [-1, 1]. */
export function waves(): [tf.Tensor4D, tf.Tensor4D] {
  return [
    drawn([20, 17, 3], (i, j, k) => Math.sin(0.9 * i + 0.5 * j * (k + 1))),
    drawn([20, 17, 3], (i, j, k) => 0.7 * Math.sin(0.9 * i + 0.5 * j * (k + 1) + 0.4) + 0.2 * Math.cos(1.3 * j - 0.3 * i * k)),
  ];
}

/** Features of `count` samples, `[count, size]`. */
export function features(count: number, size: number, p: number): tf.Tensor2D {
  const value = (n: number, d: number) => Math.sin(p * (n + 1) * (d + 1.5)) + 0.3 * Math.cos(1.7 * n + p * d * d) + p * 0.2 * d;
  const values = Float32Array.from({ length: count * size }, (_, n) => value(Math.floor(n / size), n % size));
  return tf.tensor2d(values, [count, size]);
}

/** Computes SSIM of two images `[1, height, width, channels]` in [-1, 1], window by window, each with its 121 weights. */
export function ssimByLoops(images: tf.Tensor4D, targets: tf.Tensor4D): number {
  const [, height, width, channels] = images.shape;
  const [x, y] = [images, targets].map((image) => Float64Array.from(image.dataSync(), (value) => (value + 1) / 2));
  const weight = (a: number, b: number) => Math.exp(-((a - 5) ** 2 + (b - 5) ** 2) / (2 * 1.5 ** 2));
  let total = 0, windows = 0;
  for (let top = 0; top <= height - 11; top++) {
    for (let left = 0; left <= width - 11; left++) {
      for (let k = 0; k < channels; k++) {
        const at = (a: number, b: number) => ((top + a) * width + left + b) * channels + k;
        total += ofWindow((f) => {
          let sum = 0, weights = 0;
          for (let n = 0; n < 121; n++) {
            const [a, b] = [Math.floor(n / 11), n % 11];
            sum += weight(a, b) * f(x![at(a, b)]!, y![at(a, b)]!);
            weights += weight(a, b);
          }
          return sum / weights;
        });
        windows++;
      }
    }
  }
  return total / windows;
}

/** Computes Eq. 13 of one window from its weighted mean, the variances not as differences of large numbers. */
function ofWindow(mean: (f: (x: number, y: number) => number) => number): number {
  const [mx, my] = [mean((x) => x), mean((_, y) => y)];
  const [vx, vy, cov] = [mean((x) => (x - mx) ** 2), mean((_, y) => (y - my) ** 2), mean((x, y) => (x - mx) * (y - my))];
  return (2 * mx * my + 1e-4) * (2 * cov + 9e-4) / ((mx ** 2 + my ** 2 + 1e-4) * (vx + vy + 9e-4));
}
