import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { repairNearestGradient } from "../../lib/backend/cpu_resize.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { values } from "./_operations.ts";

type Options = [size: [number, number], alignCorners: boolean, halfPixelCenters: boolean];
const OPTIONS: Options[] = [[[8, 12], false, false], [[7, 5], false, false], [[7, 9], true, false], [[9, 7], false, true], [
  [1, 1],
  true,
  false,
]];

Deno.test("repairNearestGradient() sends each pixel's gradient back to where it came from, for every picture of a batch", async () => {
  await useBackend("cpu", { quiet: true });
  repairNearestGradient();
  for (const [size, alignCorners, halfPixelCenters] of OPTIONS) {
    tf.tidy(() => {
      const enlarge = (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, alignCorners, halfPixelCenters);
      const x = values([3, 4, 6, 2], 1);
      const weights = values([3, ...size, 2], 2);
      const gradient = tf.grad((x) => tf.sum(tf.mul(enlarge(x), weights)))(x).dataSync();
      // The enlargement is linear, so a unit vector tells the gradient exactly.
      for (const i of [0, 17, 48, 95, 143]) {
        const unit = tf.tensor(Float32Array.from({ length: x.size }, (_, j) => (i === j ? 1 : 0)), x.shape);
        assertAlmostEquals(gradient[i]!, tf.sum(tf.mul(enlarge(unit), weights)).dataSync()[0]!, 1e-5);
      }
    });
  }
});

Deno.test("repairNearestGradient() is still needed: tfjs's own kernel is wrong from the second picture on", async () => {
  // When this fails, tfjs has been mended and cpu_resize.ts can go.
  const root = new URL("../../", import.meta.url);
  const script =
    `import * as tf from "../../lib/tf.ts"; const enlarge = (x) => tf.sum(tf.mul(tf.image.resizeNearestNeighbor(x, [2, 2]),
    tf.tensor4d([1, 1, 1, 1, 2, 2, 2, 2], [2, 2, 2, 1]))); console.log("" + tf.grad(enlarge)(tf.ones([2, 1, 1, 1])).dataSync());`;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", script], cwd: root, stderr: "null" }).output();
  assertEquals(new TextDecoder().decode(stdout).trim() === "4,8", false);
});
