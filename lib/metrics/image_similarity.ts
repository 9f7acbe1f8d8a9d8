/** Similarity between images and targets: mean absolute error (L1), peak signal-to-noise ratio and structural similarity.
 *
 * ```text
 * PSNR(x, y) = 10 log₁₀(L² / MSE)
 * SSIM(x, y) = (2 μ_x μ_y + C₁)(2 σ_xy + C₂) / ((μ_x² + μ_y² + C₁)(σ_x² + σ_y² + C₂))        (13)
 * ```
 *
 * SSIM is computed as in Wang, Bovik, Sheikh and Simoncelli (2004), IEEE Transactions on Image Processing 13(4), equation 13 and
 * section III-C.
 *
 * In the code, x is `images` and y is `targets`. L is the width of the range, high − low, which is 2 for images in [-1, 1]. MSE
 * is the mean squared error over the pixels and channels of an image. The mean μ, the variance σ² and the covariance σ_xy are
 * weighted with a Gaussian window that is centred on each pixel. The weights of the window sum to 1, and the n − 1 correction is
 * not applied. The constants are C₁ = (K₁ L)² and C₂ = (K₂ L)².
 *
 * Only windows that lie entirely within the image are used ("valid" padding): a 256 × 256 image has 246 × 246 such windows. Each
 * channel is compared separately, and all windows and channels have equal weight.
 *
 * SSIM depends on which value represents black, so images are first mapped to [0, 1]; merely setting L to 2 would change the
 * scores.
 * @module */
import * as tf from "../tf.ts";

/** Values that represent black and white, `[low, high]`. */
export type ImageRange = readonly [low: number, high: number];

/** Range of image values in Forger, whose generators end in a tanh. */
export const imageRange: ImageRange = [-1, 1];

/** Options for {@linkcode psnr} and {@linkcode ssim}. */
export interface ImageOptions {
  /** Values that represent black and white. Default {@linkcode imageRange}, [-1, 1]. */
  range?: ImageRange;
}

/** Computes the mean of |image − target| over the pixels and channels of each image, in the units of the images.
 *
 * As a measure of translation quality, L1 favours a blurred mean over any sharp guess, so look at the images as well.
 * @param images `[batch, height, width, channels]`.
 * @param targets Tensor of the same shape.
 * @returns `[batch]`; for images in [-1, 1], the values are in [0, 2], and 0 is best.
 * @throws {TypeError} If either tensor does not have rank 4.
 * @throws {RangeError} If the shapes differ, or the batch is empty. */
export function l1(images: tf.Tensor4D, targets: tf.Tensor4D): tf.Tensor1D {
  checkImagePair("compute L1", images, targets);
  return tf.tidy(() => tf.mean<tf.Tensor1D>(tf.abs(tf.sub(images, targets)), [1, 2, 3]));
}

/** Computes the peak signal-to-noise ratio of each image. The score of a set is the mean over its images.
 * @param images `[batch, height, width, channels]`.
 * @param targets Tensor of the same shape.
 * @returns `[batch]`, in dB; higher is better, and Infinity means that the image equals its target.
 * @throws {TypeError} If either tensor does not have rank 4.
 * @throws {RangeError} If the shapes differ, the batch is empty, or the range is empty. */
export function psnr(images: tf.Tensor4D, targets: tf.Tensor4D, options: ImageOptions = {}): tf.Tensor1D {
  checkImagePair("compute PSNR", images, targets);
  const span = spanOf(options.range ?? imageRange);
  return tf.tidy(() => {
    const errors = tf.mean<tf.Tensor1D>(tf.square(tf.div(tf.sub(images, targets), span)), [1, 2, 3]);
    return tf.mul(tf.log(errors), -10 / Math.LN10);
  });
}

/** Settings for SSIM from section III-C of the paper. */
export const ssimSettings = {
  /** Width and height of the window, in pixels. */
  window: 11,
  /** Standard deviation of the Gaussian window, in pixels. */
  sigma: 1.5,
  /** Constant K₁ ≪ 1, which stabilizes the luminance comparison where images are black. */
  k1: 0.01,
  /** Constant K₂ ≪ 1, which stabilizes the contrast and structure comparison where the values of an image are nearly uniform. */
  k2: 0.03,
} as const;

/** Computes the structural similarity between each image and its target.
 * @param images `[batch, height, width, channels]`, at least 11 × 11.
 * @param targets Tensor of the same shape.
 * @returns `[batch]`, in [-1, 1]; 1 only if an image equals its target.
 * @throws {TypeError} If either tensor does not have rank 4.
 * @throws {RangeError} If the shapes differ, the batch or the range is empty, or the images are smaller than the window. */
export function ssim(images: tf.Tensor4D, targets: tf.Tensor4D, options: ImageOptions = {}): tf.Tensor1D {
  checkImagePair("compute SSIM", images, targets);
  const range = options.range ?? imageRange;
  const span = spanOf(range);
  const [, height, width] = images.shape;
  const { window } = ssimSettings;
  if (height < window || width < window) {
    const wanted = `at least ${window} x ${window}, the size of the window`;
    throw new RangeError(`Cannot compute SSIM: images must be ${wanted}, got ${height} x ${width}; use larger images`);
  }
  return tf.tidy(() => {
    const middle = (range[0] + range[1]) / 2;
    const centred = (x: tf.Tensor4D) => tf.div<tf.Tensor4D>(tf.sub(x, middle), span);
    return tf.mean<tf.Tensor1D>(similarity(centred(images), centred(targets)), [1, 2, 3]);
  });
}

/** Computes SSIM (equation 13) for each window. Image values are in [-½, ½], so L is 1 and black is −½. */
function similarity(x: tf.Tensor4D, y: tf.Tensor4D): tf.Tensor4D {
  const [c1, c2] = [ssimSettings.k1 ** 2, ssimSettings.k2 ** 2];
  const [meanX, meanY] = [blur(x), blur(y)];
  // Variances are computed as E[x²] − μ². For values in [-½, ½], their float32 errors are at most 3e-8, a quarter of the errors
  // for values in [0, 1] and negligible compared with C₂ = 9e-4.
  const covariance = tf.sub(blur(tf.mul(x, y)), tf.mul(meanX, meanY));
  const variances = tf.sub(blur(tf.add(tf.square(x), tf.square(y))), tf.add(tf.square(meanX), tf.square(meanY))); // their sum
  const [lightX, lightY] = [tf.add(meanX, 0.5), tf.add(meanY, 0.5)]; // luminance is measured from black
  const above = tf.mul(tf.add(tf.mul(tf.mul(lightX, lightY), 2), c1), tf.add(tf.mul(covariance, 2), c2));
  return tf.div(above, tf.mul(tf.add(tf.add(tf.square(lightX), tf.square(lightY)), c1), tf.add(variances, c2)));
}

/** Computes the Gaussian-weighted mean around each pixel, for all windows within the image. A Gaussian window is separable:
 * columns are averaged first, then rows. Slices are used instead of a convolution, which may be too imprecise on GPUs. */
function blur(images: tf.Tensor4D): tf.Tensor4D {
  return blurAlong(blurAlong(images, 1), 2);
}

function blurAlong(images: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D {
  const { window, sigma } = ssimSettings;
  const weights = Array.from({ length: window }, (_, i) => Math.exp(-((i - (window - 1) / 2) ** 2) / (2 * sigma ** 2)));
  const sum = weights.reduce((a, b) => a + b);
  const size = images.shape.map((dim, i) => i === axis ? dim - window + 1 : dim);
  const shifted = (i: number) => tf.slice(images, [0, 0, 0, 0].with(axis, i), size);
  return tf.addN(weights.map((weight, i) => tf.mul<tf.Tensor4D>(shifted(i), weight / sum)));
}

/** Checks that two tensors are batches of images of the same shape.
 * @param action The attempted action for the error message, for example "compute PSNR".
 * @throws {TypeError} If either tensor does not have rank 4.
 * @throws {RangeError} If the shapes differ, or the batch is empty. */
function checkImagePair(action: string, images: tf.Tensor4D, targets: tf.Tensor4D): void {
  for (const { rank, shape } of [images, targets] as tf.Tensor[]) {
    if (rank === 4) continue;
    const got = `rank ${rank}, [${shape}]; add a batch dimension to a single image`;
    throw new TypeError(`Cannot ${action}: expected images of shape [batch, height, width, channels], got ${got}`);
  }
  const shapes = `got [${images.shape}] and [${targets.shape}]`;
  if (images.shape.join() !== targets.shape.join()) {
    throw new RangeError(`Cannot ${action}: both batches must have the same shape, ${shapes}; resize or crop one of them`);
  }
  if (images.size === 0) throw new RangeError(`Cannot ${action}: expected at least one image, ${shapes}; omit empty batches`);
}

/** Returns high − low.
 * @throws {RangeError} If `high - low` is not a positive finite number. */
function spanOf([low, high]: ImageRange): number {
  if (high - low > 0 && high - low < Infinity) return high - low;
  throw new RangeError(`Cannot compare images: range must be [low, high] with low < high, got [${low}, ${high}]; change range`);
}
