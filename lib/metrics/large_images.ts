/** Compares translations with targets for images that are too large to be translated and compared in one piece.
 *
 * Each translation is stored in a temporary file and compared with the target in horizontal strips. The strips overlap, so that
 * each of SSIM's windows lies within a strip. Except for rounding errors, the results are the same as for a comparison in one
 * piece.
 * @module */
import { crop } from "../data/augment.ts";
import type { ImagePair } from "../data/datasets.ts";
import { GridFile, TEMPORARY } from "../data/grid_file.ts";
import { toTensor } from "../data/image_bytes.ts";
import type { Region } from "../data/preprocess.ts";
import * as tf from "../tf.ts";
import { imageRange, l1, ssim, ssimSettings } from "./image_similarity.ts";

/** A function that translates an image in parts, such as a model's `translateTiles`.
 * @param source The image. The method `read` returns a region of the image as `[1, height, width, channels]` in [-1, 1].
 * @param sink Function that receives the parts of the result. The parts are disposed of afterwards. */
export type TranslateParts = (
  source: { height: number; width: number; read(region: Region): tf.Tensor4D },
  sink: (part: tf.Tensor4D, region: Region) => Promise<void>,
) => Promise<void>;

/** Similarity of a translation to its target. */
export interface Similarity {
  l1: number;
  psnr: number;
  ssim: number;
}

/** Default number of pixels in a strip. SSIM needs about 200 bytes for each value in a strip. */
const STRIP = 2 ** 19;
const FLOAT_BYTES = 4;

/** Translates the input of a pair in parts, and compares the result with the target.
 * @param pixels Number of pixels in a strip, not counting the overlap with the next strip.
 * @throws {RangeError} If the images are smaller than SSIM's window. */
export async function compareInParts(
  translate: TranslateParts,
  { input, target }: ImagePair,
  pixels: number = STRIP,
): Promise<Similarity> {
  const { height, width, channels } = target;
  const path = Deno.makeTempFileSync({ prefix: TEMPORARY, suffix: ".part" });
  const output = new GridFile(path, { height, width, cell: channels * FLOAT_BYTES });
  try {
    const read = ({ top, left, height, width }: Region) => toTensor([crop(input, top, left, height, width)]);
    await translate({ height: input.height, width: input.width, read }, async (part, region) => {
      const values = await part.data<"float32">();
      output.write(region, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    });
    const sums = { l1: 0, errors: 0, ssim: 0 };
    const rows = Math.max(1, Math.floor(pixels / width));
    for (let top = 0; top < height; top += rows) {
      const wanted = Math.min(rows + ssimSettings.window - 1, height - top);
      const strip = { top, left: 0, height: wanted, width };
      const generated = tf.tensor4d(new Float32Array(output.read(strip).buffer), [1, wanted, width, channels]);
      const expected = toTensor([crop(target, top, 0, wanted, width)]);
      try {
        const windows = Math.max(top === 0 ? 1 : 0, wanted - ssimSettings.window + 1); // ssim() rejects images smaller than one
        const [difference, error, similarity] = await stripSums(generated, expected, Math.min(rows, height - top), windows);
        sums.l1 += difference!;
        sums.errors += error!;
        sums.ssim += similarity!;
      } finally {
        tf.dispose([generated, expected]);
      }
    }
    const windows = height - ssimSettings.window + 1;
    return { l1: sums.l1 / height, psnr: -10 * Math.log10(sums.errors / height), ssim: sums.ssim / windows };
  } finally {
    output.close();
  }
}

/** Computes the mean absolute difference, the mean squared error relative to the range of values, and the mean SSIM of each row.
 * Returns their sums over the rows of a strip.
 * @param rows Number of rows of the strip, not counting the overlap with the next strip.
 * @param windows Number of rows of SSIM windows in the strip. */
async function stripSums(generated: tf.Tensor4D, target: tf.Tensor4D, rows: number, windows: number): Promise<number[]> {
  const [low, high] = imageRange;
  const sums = tf.tidy(() => {
    const [a, b] = [generated, target].map((x) => tf.slice(x, [0, 0, 0, 0], [1, rows, -1, -1]));
    return tf.stack([
      tf.mul(tf.mean(l1(a!, b!)), rows),
      tf.mul(tf.mean(tf.square(tf.div(tf.sub(a!, b!), high - low))), rows),
      windows === 0 ? tf.scalar(0) : tf.mul(tf.mean(ssim(generated, target)), windows),
    ]);
  });
  const values = [...await sums.data()];
  sums.dispose();
  return values;
}
