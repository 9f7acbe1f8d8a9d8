/** Differentiable augmentation: all images shown to the discriminator, real or generated, undergo the same kinds of random
 * changes, so that the discriminator cannot memorize a small data set. Since gradients pass through the random changes, the
 * generator does not learn to imitate them (Zhao et al. 2020, arXiv:2006.10738, Eq. 4 and Fig. 4).
 *
 *     D sees T(x) and T(G(z)), with a new random T for each image
 *
 * As in the authors' code, "color" shifts the brightness by up to ±½, then scales the saturation by a factor in [0, 2) and the
 * contrast by a factor in [½, 1½); "translation" shifts the image by up to an eighth of its side length and fills the uncovered
 * area with zeros; "cutout" sets a rectangle of half the height and width to zero.
 * @module */
import * as tf from "../tf.ts";
import type { RandomStream } from "../backend/random.ts";

/** The kinds of augmentation, in the order in which they are applied. */
export const DIFF_AUGMENTATIONS = ["color", "translation", "cutout"] as const;

/** One of {@linkcode DIFF_AUGMENTATIONS}. */
export type DiffAugmentation = (typeof DIFF_AUGMENTATIONS)[number];

/** Source of the random numbers. */
type Random = Pick<RandomStream, "uniform">;

/** Maximum shift, as a fraction of the side length. */
const TRANSLATION = 1 / 8;
/** Side length of the blank square, as a fraction of the image's side length. */
const CUTOUT = 1 / 2;

const CHANGES: Record<DiffAugmentation, (x: tf.Tensor4D, random: Random) => tf.Tensor4D> = {
  color: colour,
  translation: translated,
  cutout,
};

/** Augments each image of a batch independently.
 * @param x Images, `[batch, height, width, channels]` in [-1, 1].
 * @returns A tensor of the same shape; as in the authors' code, its values may lie outside [-1, 1]. */
export function diffAugment(x: tf.Tensor4D, kinds: readonly DiffAugmentation[], random: Random): tf.Tensor4D {
  return DIFF_AUGMENTATIONS.filter((kind) => kinds.includes(kind)).reduce((x, kind) => CHANGES[kind](x, random), x);
}

/** Draws one random number per image, `[batch, 1, 1, 1]`, uniform in [`low`, `high`). */
function draw(x: tf.Tensor4D, random: Random, low: number, high: number): tf.Tensor {
  return tf.add(tf.mul(random.uniform([x.shape[0], 1, 1, 1]), high - low), low);
}

function colour(x: tf.Tensor4D, random: Random): tf.Tensor4D {
  const bright = tf.add(x, draw(x, random, -0.5, 0.5));
  const grey = tf.mean(bright, 3, true);
  const saturated = tf.add(tf.mul(tf.sub(bright, grey), draw(x, random, 0, 2)), grey);
  const mean = tf.mean(saturated, [1, 2, 3], true);
  return tf.add(tf.mul(tf.sub(saturated, mean), draw(x, random, 0.5, 1.5)), mean) as tf.Tensor4D;
}

/** Draws the number of pixels by which to shift each image: integers `[batch, 1, 1]` from `-most` to `most`. */
function steps(x: tf.Tensor4D, random: Random, most: number): tf.Tensor {
  return tf.sub(tf.floor(tf.mul(random.uniform([x.shape[0], 1, 1]), 2 * most + 1)), most);
}

/** Returns one matrix per image, which shifts each column of pixels. Entry (i, j) is 1 if j − i equals the shift, so that pixel i
 * takes the value of pixel j, and 0 otherwise. */
function moving(side: number, step: tf.Tensor): tf.Tensor3D {
  const places = tf.range(0, side);
  const apart = tf.sub(tf.reshape(places, [1, 1, side]), tf.reshape(places, [1, side, 1]));
  return tf.cast(tf.equal(apart, step), "float32") as tf.Tensor3D;
}

/** Shifts images by matrix multiplication, which has gradients on every backend. */
function translated(x: tf.Tensor4D, random: Random): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [down, across] = [height, width].map((side) => steps(x, random, Math.round(side * TRANSLATION)));
  const rows = tf.matMul(moving(height, down!), tf.reshape(x, [batch, height, width * channels]));
  const turned = tf.transpose(tf.reshape(rows, [batch, height, width, channels]), [0, 2, 1, 3]);
  const columns = tf.matMul(moving(width, across!), tf.reshape(turned, [batch, width, height * channels]));
  return tf.transpose(tf.reshape(columns, [batch, width, height, channels]), [0, 2, 1, 3]) as tf.Tensor4D;
}

function cutout(x: tf.Tensor4D, random: Random): tf.Tensor4D {
  const [batch, height, width] = x.shape;
  // For each position along a side, 1 inside the square and 0 outside. The square is centred on a random pixel, so part of it
  // may lie outside the image.
  const covered = (side: number, shape: number[]) => {
    const middle = tf.floor(tf.mul(random.uniform([batch, 1, 1, 1]), side));
    const from = tf.sub(tf.reshape(tf.range(0, side), shape), middle);
    const half = Math.round(side * CUTOUT) / 2;
    return tf.cast(tf.logicalAnd(tf.greaterEqual(from, -half), tf.less(from, half)), "float32");
  };
  const square = tf.mul(covered(height, [1, height, 1, 1]), covered(width, [1, 1, width, 1]));
  return tf.mul(x, tf.sub(1, square)) as tf.Tensor4D;
}
