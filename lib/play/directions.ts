/** Principal directions of a GAN's latent space: the directions that change its images most.
 *
 * The images of random codes are approximated by a linear function of the code, x ≈ A z + b, fitted by least squares. The right
 * singular vectors of A, ordered by singular value, are orthogonal directions. The first one changes the pixels most. This is a
 * principal component analysis of the images' linear response, in the spirit of GANSpace (Härkönen et al. 2020,
 * arXiv:2004.02546), which analyses the activations of a layer.
 * @module */
import { RandomStream } from "../backend/random.ts";
import { EigenvalueDecomposition, Matrix } from "../packages.ts";
import type { SomeModel } from "../systems/registry.ts";
import { labelsFor, noiseOf } from "../systems/gan_step.ts";
import * as tf from "../tf.ts";
import type { PageDirections } from "./page_data.ts";

/** Minimum number of codes, and number of codes per latent dimension. */
const CODES = 256, PER_DIMENSION = 4;
/** Maximum number of directions. */
const MOST = 10;
/** Maximum number of latent dimensions. The analysis time grows with the cube of this number. */
const MOST_DIMENSIONS = 512;
/** Number of images that are generated at once. */
const PART = 64;
/** Ridge regularization that keeps the normal equations solvable, relative to the number of codes. */
const RIDGE = 1e-6;

/** Finds the principal directions of a GAN.
 * @param generator The model's generator.
 * @returns The directions, or `undefined` if the latent space has too many dimensions. */
export function principalDirections({ settings }: SomeModel, generator: tf.LayersModel): PageDirections | undefined {
  const { latent, noise, classes } = settings as { latent: number; noise: "uniform" | "normal"; classes?: number };
  if (latent > MOST_DIMENSIONS) return undefined;
  const count = Math.max(CODES, PER_DIMENSION * latent);
  const codes = noiseOf({ noise, latent }, new RandomStream(1), count);
  try {
    const response = responseTo(generator, codes, classes);
    const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(response, { assumeSymmetric: true });
    const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
    const axes = order.slice(0, MOST).map((i) => eigenvectorMatrix.getColumn(i));
    const deviation = noise === "normal" ? 1 : 1 / Math.sqrt(3); // of a uniform variable in [-1, 1)
    return { mean: new Array(latent).fill(0), axes: axes.map(rounded), scales: axes.map(() => deviation) };
  } finally {
    codes.dispose();
  }
}

/** Fits A, and returns AᵀA, whose eigenvectors are the right singular vectors of A. */
function responseTo(generator: tf.LayersModel, codes: tf.Tensor2D, classes: number | undefined): Matrix {
  const [count, latent] = codes.shape;
  const [zz, zx] = tf.tidy(() => {
    const products: tf.Tensor[] = [];
    for (let start = 0; start < count; start += PART) {
      const length = Math.min(PART, count - start);
      const z = tf.slice(codes, [start, 0], [length, -1]);
      const images = imagesOf(generator, z, start, classes);
      products.push(tf.matMul(z, tf.sub(images, tf.mean(images, 0)), true)); // [latent, pixels]
    }
    return [tf.matMul(codes, codes, true), tf.addN(products)];
  }) as [tf.Tensor2D, tf.Tensor2D];
  // (ZᵀZ + r) Aᵀ = ZᵀX, hence AᵀA = (ZᵀZ + r)⁻¹ (ZᵀX)(ZᵀX)ᵀ (ZᵀZ + r)⁻¹.
  const squared = tf.tidy(() => tf.matMul(zx, zx, false, true));
  const [covariance, products] = [zz, squared].map((tensor) => Matrix.from1DArray(latent, latent, tensor.dataSync())) as [
    Matrix,
    Matrix,
  ];
  tf.dispose([zz, zx, squared]);
  const inverse = inverseOf(covariance.add(Matrix.eye(latent).mul(RIDGE * count)));
  const result = inverse.mmul(products).mmul(inverse);
  return result.add(result.transpose()).mul(0.5); // exactly symmetric
}

/** Generates images, cycling through the classes, and flattens them: `[count, pixels]`. */
function imagesOf(generator: tf.LayersModel, z: tf.Tensor, start: number, classes: number | undefined): tf.Tensor2D {
  const count = z.shape[0]!;
  const indices = Array.from({ length: count }, (_, i) => (start + i) % (classes ?? 1));
  const labels = labelsFor(generator, classes === undefined ? undefined : tf.tensor1d(indices, "int32"));
  const images = generator.apply(labels ? [z, labels] : z) as tf.Tensor;
  return tf.reshape(images, [count, -1]);
}

/** Inverts a symmetric positive definite matrix by eigenvalue decomposition. */
function inverseOf(matrix: Matrix): Matrix {
  const { eigenvectorMatrix: vectors, realEigenvalues: values } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return vectors.mmul(Matrix.diag(values.map((value) => 1 / value))).mmul(vectors.transpose());
}

function rounded(values: number[]): number[] {
  return values.map((value) => Number(value.toFixed(5)));
}
