import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { GaussianSample } from "../../lib/layers/gaussian_sample.ts";
import { testOnBackends } from "../_backends.ts";
import { assertGradient } from "./_gradient.ts";
import { saveAndLoad } from "./_save.ts";

const draw = (mean: tf.Tensor, logDeviation: tf.Tensor, epsilon: tf.Tensor) =>
  new GaussianSample().apply([mean, logDeviation, epsilon]) as tf.Tensor;

testOnBackends("GaussianSample is mean + deviation · epsilon, as computed by hand", () => {
  tf.tidy(() => {
    const drawn = draw(tf.tensor2d([[1, -2]]), tf.tensor2d([[0, Math.log(3)]]), tf.tensor2d([[0.5, -1]]));
    const [first, second] = drawn.dataSync();
    assertAlmostEquals(first!, 1.5, 1e-6);
    assertAlmostEquals(second!, -5, 1e-5);
  });
});

testOnBackends("GaussianSample gradients equal the central differences, for mean and log deviation", () => {
  tf.tidy(() => {
    const [mean, deviation, epsilon] = [3, 4, 5].map((seed) => tf.randomUniform([2, 3], -1, 1, "float32", seed));
    assertGradient((x) => draw(x, deviation!, epsilon!), mean!);
    assertGradient((x) => draw(mean!, x, epsilon!), deviation!);
  });
});

testOnBackends("GaussianSample gives the same output after its model is saved and loaded", async () => {
  const [mean, deviation, epsilon] = ["a", "b", "c"].map((name) => tf.input({ shape: [2], name }));
  const output = new GaussianSample({ name: "drawn" }).apply([mean!, deviation!, epsilon!]) as tf.SymbolicTensor;
  const model = tf.model({ inputs: [mean!, deviation!, epsilon!], outputs: output });
  const loaded = await saveAndLoad(model);
  tf.tidy(() => {
    const inputs = [1, 2, 3].map((seed) => tf.randomNormal([1, 2], 0, 1, "float32", seed));
    const [wanted, got] = [model, loaded].map((network) => [...(network.predict(inputs) as tf.Tensor).dataSync()]);
    assertEquals(got, wanted);
  });
}, ["cpu"]);
