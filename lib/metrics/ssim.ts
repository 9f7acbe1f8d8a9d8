/** Structural similarity: Wang, Bovik, Sheikh and Simoncelli (2004), IEEE Transactions on Image Processing 13(4),
 * Eq. 13, Sec. III-C.
 *
 *     SSIM(x, y) = (2 μ_x μ_y + C₁)(2 σ_xy + C₂) / ((μ_x² + μ_y² + C₁)(σ_x² + σ_y² + C₂))        (13)
 *
 * Symbols: x → `images`, y → `targets`, both moved so that black is 0; μ, σ², σ_xy: mean, variance, covariance under a Gaussian
 * window around each pixel, weights with sum 1 and no n − 1 correction; C₁ = (K₁ L)², C₂ = (K₂ L)², L the range, high − low.
 *
 * Only windows that lie within the picture count ("valid"), so a picture of 256 × 256 has 246 × 246 of them. The channels of a
 * colour picture are taken each alone, and all windows and channels count alike.
 *
 * Departure: none. But SSIM is not the same for a picture and for the picture plus a constant: pictures in [-1, 1] are taken as
 * they would be in [0, 1], black as 0. Implementations that only set the range to 2 for them give other numbers.
 * @module */
import * as tf from "../tf.ts";
import { checkImagePair, type ImageOptions, imageRange, spanOf } from "./pictures.ts";

/** The paper's settings, Sec. III-C. */
export const ssimSettings = {
  /** Width and height of the window, pixels. */
  window: 11,
  /** Standard deviation of its weights, pixels. */
  sigma: 1.5,
  /** K₁ ≪ 1, keeps the comparison of brightness stable where pictures are black. */
  k1: 0.01,
  /** K₂ ≪ 1, keeps the comparison of contrast and structure stable where pictures are flat. */
  k2: 0.03,
} as const;

/** Structural similarity of each picture.
 * @param images `[batch, height, width, channels]`, at least 11 × 11.
 * @param targets the same shape.
 * @returns `[batch]`, in [-1, 1]; 1 only where a picture equals its target.
 * @throws {TypeError} if the rank is not 4.
 * @throws {RangeError} if the shapes differ, there is no picture, one is smaller than the window, or the range is empty. */
export function ssim(images: tf.Tensor4D, targets: tf.Tensor4D, options: ImageOptions = {}): tf.Tensor1D {
  checkImagePair("compute SSIM", images, targets);
  const range = options.range ?? imageRange;
  const span = spanOf(range);
  const [, height, width] = images.shape;
  const { window } = ssimSettings;
  if (height < window || width < window) {
    throw new RangeError(
      `Cannot compute SSIM: pictures must be at least ${window} x ${window}, the size of its window, got ${height} x ${width}; ` +
        `take larger pictures`,
    );
  }
  return tf.tidy(() => {
    const middle = (range[0] + range[1]) / 2;
    const centred = (pictures: tf.Tensor4D) => tf.div<tf.Tensor4D>(tf.sub(pictures, middle), span);
    return tf.mean<tf.Tensor1D>(similarity(centred(images), centred(targets)), [1, 2, 3]);
  });
}

/** Eq. 13 for each window, of pictures in [-½, ½], so that L = 1 and black is −½. */
function similarity(x: tf.Tensor4D, y: tf.Tensor4D): tf.Tensor4D {
  const [c1, c2] = [ssimSettings.k1 ** 2, ssimSettings.k2 ** 2];
  const [meanX, meanY] = [blur(x), blur(y)];
  // Variances are differences, E[x²] − μ², that lose up to 3e-8 in float32, against C₂ = 9e-4; on [0, 1] it were 4 times that.
  const covariance = tf.sub(blur(tf.mul(x, y)), tf.mul(meanX, meanY));
  const variances = tf.sub(blur(tf.add(tf.square(x), tf.square(y))), tf.add(tf.square(meanX), tf.square(meanY))); // their sum
  const [lightX, lightY] = [tf.add(meanX, 0.5), tf.add(meanY, 0.5)]; // brightness counts from black
  const above = tf.mul(tf.add(tf.mul(tf.mul(lightX, lightY), 2), c1), tf.add(tf.mul(covariance, 2), c2));
  return tf.div(above, tf.mul(tf.add(tf.add(tf.square(lightX), tf.square(lightY)), c1), tf.add(variances, c2)));
}

/** The Gaussian mean around each pixel, of windows that lie within the picture: down the columns, then along the rows, since a
 * Gaussian window is a column times a row. Not a convolution, as GPUs may take those in lower precision, which the variances
 * would not bear. */
function blur(pictures: tf.Tensor4D): tf.Tensor4D {
  return blurAlong(blurAlong(pictures, 1), 2);
}

function blurAlong(pictures: tf.Tensor4D, axis: 1 | 2): tf.Tensor4D {
  const { window, sigma } = ssimSettings;
  const weights = Array.from({ length: window }, (_, i) => Math.exp(-((i - (window - 1) / 2) ** 2) / (2 * sigma ** 2)));
  const sum = weights.reduce((a, b) => a + b);
  const size = pictures.shape.map((dim, i) => i === axis ? dim - window + 1 : dim);
  const shifted = weights.map((weight, i) => {
    const begin = [0, 0, 0, 0].with(axis, i);
    return tf.mul<tf.Tensor4D>(tf.slice(pictures, begin, size), weight / sum);
  });
  return tf.addN(shifted);
}
