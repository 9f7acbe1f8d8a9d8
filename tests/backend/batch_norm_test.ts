import * as tf from "../../lib/tf.ts";
import { FEW_VALUES, normalizeBatch } from "../../lib/backend/batch_norm.ts";
import { testOnBackends } from "../_backends.ts";
import { compare } from "./tensorflow/_compare.ts";

const WIDTHS: [number, string][] = [[FEW_VALUES / 64, "composed"], [FEW_VALUES / 64 + 8, "fused"]];

for (const [width, what] of WIDTHS) {
  testOnBackends(`normalizeBatch() on TensorFlow has the values and gradients of plain JavaScript, ${what}`, async () => {
    await compare(() => {
      const shape: [number, number, number, number] = [2, 4, width, 8];
      const [x, weight] = [1, 2].map((seed) => tf.randomNormal(shape, 1, 2, "float32", seed) as tf.Tensor4D);
      const [gamma, beta] = [3, 4].map((seed) => tf.randomNormal([8], 1, 1, "float32", seed) as tf.Tensor1D);
      const { output, mean, variance } = normalizeBatch(x!, gamma!, beta!, 1e-5);
      const gradients = tf.grads((x, gamma, beta) =>
        tf.sum(tf.mul(normalizeBatch(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D, 1e-5).output, weight!))
      );
      return [output, mean, variance, ...gradients([x!, gamma!, beta!])];
    }, 2e-5);
  }, ["tensorflow"]);
}
