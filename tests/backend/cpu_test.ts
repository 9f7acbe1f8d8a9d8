import * as tf from "../../lib/tf.ts";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { quietCpu, repairNearestGradient, startCpu } from "../../lib/backend/cpu.ts";
import { difference, evaluate, OPERATIONS, values } from "./_operations.ts";
import { run } from "./_process.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";

Deno.test("startCpu() takes plain JavaScript, prints nothing, and needs no permission", async () => {
  assertEquals(await run(["--no-prompt"], "cpu"), { stdout: "cpu 4", stderr: "" });
  const info = await startCpu();
  assertEquals([tf.getBackend(), info.threads, info.version], ["cpu", 1, "4.22.0"]);
});

Deno.test("quietCpu() leaves tfjs's production mode as it was, and no value behind", () => {
  const cpu = quietCpu();
  assertEquals(tf.env().getBool("PROD"), false);
  assertEquals(quietCpu(), cpu);
  assertEquals(cpu.numDataIds(), 0);
});

/** Max pooling has a kink wherever two values of a window are close, and there no difference tells the gradient; clipping likewise. */
const KINKS = ["maxPool", "max", "min", "maximum", "minimum", "clipByValue", "relu", "leakyRelu", "prelu", "abs", "sign", "step"];
/** Too steep for float32 and a step of 1e-2. */
const STEEP = [
  "tanh of large values",
  "softplus of large values",
  "sigmoid of large values",
  "log",
  "rsqrt",
  "reciprocal",
  "div broadcast",
];

Deno.test("startCpu() gives a reference whose gradients are central differences", async () => {
  await startCpu();
  const wrong: string[] = [];
  for (const operation of OPERATIONS) {
    if (operation.forward || [...KINKS, ...STEEP].includes(operation.name)) continue;
    const [, ...gradients] = evaluate(operation);
    // One direction for all inputs at once: a whole gradient costs as much as two values.
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
    // Of what is added up, not of the sum, in which much may cancel.
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
    `import * as tf from "./lib/tf.ts"; const enlarge = (x) => tf.sum(tf.mul(tf.image.resizeNearestNeighbor(x, [2, 2]),
    tf.tensor4d([1, 1, 1, 1, 2, 2, 2, 2], [2, 2, 2, 1]))); console.log("" + tf.grad(enlarge)(tf.ones([2, 1, 1, 1])).dataSync());`;
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", script], cwd: root, stderr: "null" }).output();
  assertEquals(new TextDecoder().decode(stdout).trim() === "4,8", false);
});
