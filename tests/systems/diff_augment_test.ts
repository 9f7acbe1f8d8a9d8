import { assert, assertAlmostEquals, assertEquals, assertNotEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { RandomStream } from "../../lib/backend/random.ts";
import { diffAugment, type DiffAugmentation } from "../../lib/systems/diff_augment.ts";
import { testOnBackends } from "../_backends.ts";
import { assertGradient, sample } from "../layers/_gradient.ts";

/** Random draws with given values, the same for each image. */
function fixed(...values: number[]): { uniform(shape: number[]): tf.Tensor } {
  return { uniform: (shape) => tf.fill(shape, values.shift()!) };
}

const numbered = () => tf.reshape(tf.range(1, 17), [1, 4, 4, 1]) as tf.Tensor4D;
const rows = (x: tf.Tensor4D) => (tf.squeeze(x, [0, 3]) as tf.Tensor2D).arraySync();

testOnBackends("diffAugment() shifts images by up to an eighth of their size, and fills in zeros", () => {
  tf.tidy(() => {
    const x = tf.pad(numbered(), [[0, 0], [2, 2], [2, 2], [0, 0]]) as tf.Tensor4D; // 8x8: at most one pixel
    const inner = (draws: [number, number]) => {
      const moved = diffAugment(x, ["translation"], fixed(...draws));
      return rows(tf.slice(moved, [0, 2, 2, 0], [1, 4, 4, 1]) as tf.Tensor4D);
    };
    assertEquals(inner([0.5, 0.5]), rows(numbered()));
    assertEquals(inner([0.99, 0.5])[0], [5, 6, 7, 8], "the row below moves up");
    assertEquals(inner([0.5, 0]).map((row) => row[0]), [0, 0, 0, 0], "zeros on the left");
    assertEquals(inner([0.5, 0])[1], [0, 5, 6, 7]);
  });
});

testOnBackends("diffAugment() sets a square of half the size to zero", () => {
  tf.tidy(() => {
    const cut = rows(diffAugment(numbered(), ["cutout"], fixed(0.5, 0.5))); // its centre is pixel 2, 2
    assertEquals(cut, [[1, 2, 3, 4], [5, 0, 0, 8], [9, 0, 0, 12], [13, 14, 15, 16]]);
    const kept = tf.sum(diffAugment(tf.ones([64, 16, 16, 1]), ["cutout"], new RandomStream(3)), [1, 2, 3]).dataSync();
    for (const sum of kept) assert(sum >= 256 - 64 && sum < 256, `${sum} of 256 pixels remain`);
    assertEquals(Math.min(...kept), 256 - 64, "where the whole square is inside");
  });
});

testOnBackends("diffAugment() changes brightness, saturation and contrast as computed by hand", () => {
  tf.tidy(() => {
    const x = tf.tensor4d([0, 0.3, 0.6, 0.3, 0.3, 0.3], [1, 1, 2, 3]);
    // brightness + 0.1, saturation x 0.5, contrast x 1.2
    const got = diffAugment(x, ["color"], fixed(0.6, 0.25, 0.7)).dataSync();
    const bright = [0.1, 0.4, 0.7, 0.4, 0.4, 0.4];
    const grey = 0.4, mean = 0.4;
    bright.forEach((value, i) => assertAlmostEquals(got[i]!, ((value - grey) * 0.5 + grey - mean) * 1.2 + mean, 1e-6));
  });
});

testOnBackends(
  "diffAugment() changes each image differently, with new draws at each call, and leaves images unchanged without kinds",
  () => {
    tf.tidy(() => {
      const x = tf.tile(sample([1, 8, 8, 3], 1), [3, 1, 1, 1]) as tf.Tensor4D;
      const kinds: DiffAugmentation[] = ["color", "translation", "cutout"];
      const random = new RandomStream(1);
      const [first, second] = [diffAugment(x, kinds, random), diffAugment(x, kinds, random)];
      const values = (of: tf.Tensor4D, i: number) => [...tf.slice(of, [i, 0, 0, 0], [1, 8, 8, 3]).dataSync()];
      assertNotEquals(values(first, 0), values(first, 1));
      assertNotEquals(values(first, 0), values(second, 0));
      assertEquals([...diffAugment(x, kinds, new RandomStream(1)).dataSync()], [...first.dataSync()]);
      assertEquals(diffAugment(x, [], random), x);
    });
  },
);

testOnBackends("diffAugment() has gradients that equal central differences", () => {
  for (const kind of ["color", "translation", "cutout"] as const) {
    assertGradient((x) => diffAugment(x as tf.Tensor4D, [kind], new RandomStream(2)), sample([2, 8, 8, 2], 5));
  }
}, ["tensorflow", "cpu"]);
