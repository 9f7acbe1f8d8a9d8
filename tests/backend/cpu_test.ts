import * as tf from "../../lib/tf.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { quietCpu, repairNearestGradient, startCpu } from "../../lib/backend/cpu.ts";
import { difference, evaluate, OPERATIONS, values } from "./_operations.ts";
import { run } from "./_process.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";

Deno.test("startCpu() activates plain JavaScript, prints nothing, and needs no permission", async () => {
  assertEquals(await run(["--no-prompt"], "cpu"), { stdout: "cpu 4", stderr: "" });
  const info = await startCpu();
  assertEquals([tf.getBackend(), info.threads, info.version], ["cpu", 1, "4.22.0"]);
});

Deno.test("quietCpu() restores tfjs's production mode and leaks no value", () => {
  const cpu = quietCpu();
  assertEquals(tf.env().getBool("PROD"), false);
  assertEquals(quietCpu(), cpu);
  assertEquals(cpu.numDataIds(), 0);
});

/** Operations with kinks, where a difference does not approximate the gradient. */
const KINKS = ["maxPool", "max", "min", "maximum", "minimum", "clipByValue", "relu", "leakyRelu", "prelu", "abs", "sign", "step"];
/** Operations too steep for float32 and a step of 1e-2. */
const STEEP = [
  "tanh of large values",
  "softplus of large values",
  "sigmoid of large values",
  "log",
  "rsqrt",
  "reciprocal",
  "div broadcast",
];

Deno.test("startCpu() has gradients that equal central differences", async () => {
  await startCpu();
  const wrong: string[] = [];
  for (const operation of OPERATIONS) {
    if (operation.forward || [...KINKS, ...STEEP].includes(operation.name)) continue;
    const [, ...gradients] = evaluate(operation);
    // The derivative in one random direction of all inputs needs only two values.
    const inputs = operation.shapes.map((shape, seed) => values(shape, seed, operation.positive));
    const directions = operation.shapes.map((shape, seed) => values(shape, seed + 40));
    const at = (step: number) =>
      tf.tidy(() => {
        const y = operation.of(...inputs.map((x, i) => tf.add(x, tf.mul(directions[i]!, step))));
        const weights = values(y.shape, 99).dataSync();
        return (y.dataSync() as Float32Array).reduce((sum, value, i) => sum + value * weights[i]!, 0);
      });
    const slope = (at(1e-2) - at(-1e-2)) / 2e-2;
    const products = gradients.flatMap((gradient, i) => {
      const direction = directions[i]!.dataSync();
      return [...gradient].map((value, j) => value * direction[j]!);
    });
    const exact = products.reduce((sum, value) => sum + value, 0);
    // Scale of the summands: in the sum, much may cancel.
    const scale = products.reduce((sum, value) => sum + Math.abs(value), 0);
    if (!(Math.abs(exact - slope) <= 2e-3 * scale + 1e-5)) wrong.push(`${operation.name}: ${exact} is not ${slope}`);
    tf.dispose([inputs, directions]);
  }
  assertEquals(wrong, []);
  assertEquals(difference([1, 2], [1, 2]), 0);
});

type Options = [size: [number, number], alignCorners: boolean, halfPixelCenters: boolean];
const OPTIONS: Options[] = [[[8, 12], false, false], [[7, 5], false, false], [[7, 9], true, false], [[9, 7], false, true], [
  [1, 1],
  true,
  false,
]];

Deno.test("repairNearestGradient() adds each pixel's gradient to its source pixel, for every image of a batch", async () => {
  await useBackend("cpu", { quiet: true });
  repairNearestGradient();
  for (const [size, alignCorners, halfPixelCenters] of OPTIONS) {
    tf.tidy(() => {
      const enlarge = (x: tf.Tensor) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, size, alignCorners, halfPixelCenters);
      const x = values([3, 4, 6, 2], 1);
      const weights = values([3, ...size, 2], 2);
      const gradient = tf.grad((x) => tf.sum(tf.mul(enlarge(x), weights)))(x).dataSync();
      // Upsampling is linear, so that unit vectors give the exact gradient.
      for (const i of [0, 17, 48, 95, 143]) {
        const unit = tf.tensor(Float32Array.from({ length: x.size }, (_, j) => (i === j ? 1 : 0)), x.shape);
        assertAlmostEquals(gradient[i]!, tf.sum(tf.mul(enlarge(unit), weights)).dataSync()[0]!, 1e-5);
      }
    });
  }
});

Deno.test("repairNearestGradient() is still needed: tfjs's own kernel is wrong from the second image on", async () => {
  // When this fails, tfjs has fixed its kernel and repairNearestGradient() can be removed.
  const root = new URL("../../", import.meta.url);
  const script =
    `import * as tf from "./lib/tf.ts"; const enlarge = (x) => tf.sum(tf.mul(tf.image.resizeNearestNeighbor(x, [2, 2]),
    tf.tensor4d([1, 1, 1, 1, 2, 2, 2, 2], [2, 2, 2, 1]))); console.log("" + tf.grad(enlarge)(tf.ones([2, 1, 1, 1])).dataSync());`;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", script], cwd: root, stderr: "null" }).output();
  assertEquals(new TextDecoder().decode(stdout).trim() === "4,8", false);
});
