/** Differentiable augmentation: what the discriminator is shown, real or generated, is changed at random in the same ways, so
 * that it cannot learn a small set by heart; and since gradients pass through the changes, the generator does not learn to make
 * them (Zhao et al. 2020, arXiv:2006.10738, Eq. 4 and Fig. 4).
 *
 *     D sees T(x) and T(G(z)), with T drawn anew for each picture
 *
 * As in the authors' code: "color" is brightness within ±½, then saturation by a factor in [0, 2), then contrast by one in [½,
 * 1½); "translation" moves by up to an eighth of the side, over zeros; "cutout" blanks a square of half the side.
 * @module */
import * as tf from "../tf.ts";
import type { RandomStream } from "../backend/random.ts";

/** The kinds of changes, in the order in which they are made. */
export const DIFF_AUGMENTATIONS = ["color", "translation", "cutout"] as const;

/** One of {@linkcode DIFF_AUGMENTATIONS}. */
export type DiffAugmentation = (typeof DIFF_AUGMENTATIONS)[number];

/** Where chance comes from. */
type Random = Pick<RandomStream, "uniform">;

/** Farthest move, as a part of the side. */
const TRANSLATION = 1 / 8;
/** Side of the blank square, as a part of the picture's. */
const CUTOUT = 1 / 2;

const CHANGES: Record<DiffAugmentation, (x: tf.Tensor4D, random: Random) => tf.Tensor4D> = {
  color: colour,
  translation: translated,
  cutout,
};

/** Changes each picture of a batch in ways of its own.
 * @param x `[batch, height, width, channels]` in [-1, 1].
 * @returns the same shape; values may leave the range, as in the authors' code. */
export function diffAugment(x: tf.Tensor4D, kinds: readonly DiffAugmentation[], random: Random): tf.Tensor4D {
  return DIFF_AUGMENTATIONS.filter((kind) => kinds.includes(kind)).reduce((x, kind) => CHANGES[kind](x, random), x);
}

/** A draw for each picture, `[batch, 1, 1, 1]`, uniform in [low, high). */
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

/** Whole pixels that each picture moves, `[batch, 1, 1]`, from -most to most. */
function steps(x: tf.Tensor4D, random: Random, most: number): tf.Tensor {
  return tf.sub(tf.floor(tf.mul(random.uniform([x.shape[0], 1, 1]), 2 * most + 1)), most);
}

/** For each picture the matrix that moves a column of pixels: 1 where row i takes row j, j − i being the step. */
function moving(side: number, step: tf.Tensor): tf.Tensor3D {
  const places = tf.range(0, side);
  const apart = tf.sub(tf.reshape(places, [1, 1, side]), tf.reshape(places, [1, side, 1]));
  return tf.cast(tf.equal(apart, step), "float32") as tf.Tensor3D;
}

/** By products of matrices, which have gradients on every backend. */
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
  // 1 along a side where the square is. Its middle may lie anywhere, so that some of it may be outside.
  const covered = (side: number, shape: number[]) => {
    const middle = tf.floor(tf.mul(random.uniform([batch, 1, 1, 1]), side));
    const from = tf.sub(tf.reshape(tf.range(0, side), shape), middle);
    const half = Math.round(side * CUTOUT) / 2;
    return tf.cast(tf.logicalAnd(tf.greaterEqual(from, -half), tf.less(from, half)), "float32");
  };
  const square = tf.mul(covered(height, [1, height, 1, 1]), covered(width, [1, 1, width, 1]));
  return tf.mul(x, tf.sub(1, square)) as tf.Tensor4D;
}
