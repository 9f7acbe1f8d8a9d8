import { assertEquals } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { normalizeBatch } from "../../../lib/backend/batch_norm.ts";
import { useBackend } from "../../../lib/backend/use_backend.ts";
import { elementwise } from "../../../lib/backend/webgpu/shader.ts";
import { compare } from "../tensorflow/_compare.ts";
import { testOnGpu } from "./_gpu.ts";

testOnGpu(
  "elementwise() reads inputs and uniforms by name, with more workgroups than fit in one dimension",
  async () => {
    await useBackend("webgpu", { quiet: true });
    tf.tidy(() => {
      const size = 9_000_001; // more than 65,535 groups of 128 threads
      const x = tf.range(0, size);
      const [inputs, numbers, integers] = [{ x }, { half: 0.5 }, { three: 3 }];
      const formula = "x[i] * uniforms.half + f32(i % uniforms.three)";
      const values = elementwise({ name: "test", inputs, numbers, integers, outputShape: [size], formula }).dataSync();
      assertEquals([0, 1, 2, 3, size - 1].map((i) => values[i]), [0, 1.5, 3, 1.5, 4_500_000]);
    });
  },
);

for (const shape of [[2, 37, 5, 8], [1, 1, 1, 3], [1, 2, 2, 300]] as [number, number, number, number][]) {
  testOnGpu(`normalizeBatch() on WebGPU has the values and gradients of plain JavaScript, [${shape}]`, async () => {
    const inputs = () => {
      const [x, weight] = [1, 2].map((seed) => tf.randomNormal(shape, 1, 2, "float32", seed) as tf.Tensor4D);
      const [gamma, beta] = [3, 4].map((seed) => tf.randomNormal([shape[3]], 1, 1, "float32", seed) as tf.Tensor1D);
      return { x: x!, weight: weight!, gamma: gamma!, beta: beta! };
    };
    await compare(
      () => {
        const { x, weight, gamma, beta } = inputs();
        const { output, mean, variance } = normalizeBatch(x, gamma, beta, 1e-3);
        const gradients = tf.grads((x, gamma, beta) =>
          tf.sum(tf.mul(normalizeBatch(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D, 1e-3).output, weight))
        );
        return [output, mean, variance, ...gradients([x, gamma, beta])];
      },
      2e-5,
      "webgpu",
    );
  });
}
