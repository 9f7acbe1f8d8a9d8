import { assertAlmostEquals, assertEquals } from "@std/assert";
import * as tf from "../../lib/tf.ts";
import { compile } from "../../lib/backend/compile.ts";
import { dcganGenerator } from "../../lib/models/dcgan.ts";
import { decayAt, followWeights } from "../../lib/optimizers/average.ts";
import { testOnBackends } from "../_backends.ts";

Deno.test("decayAt() starts low and reaches the given decay", () => {
  assertEquals([0, 8, 80].map((steps) => decayAt(0.9, steps)), [0.1, 0.5, 0.9]);
  assertEquals(decayAt(0.999, 1e6), 0.999);
});

for (const compiled of [false, true]) {
  testOnBackends(
    `followWeights() ${compiled ? "compiled" : "eager"} averages every weight and running statistic, with a changing decay`,
    () => {
      const build = (seed: number) => dcganGenerator({ size: 8, filters: 2, latent: 2, seed });
      const [average, network] = [build(1), build(2)];
      network.weights.forEach((weight, i) => tf.tidy(() => void weight.write(tf.add(weight.read(), i))));
      const read = (model: tf.LayersModel) => model.getWeights().map((weight) => [...weight.dataSync()]);
      const [wanted, target] = [read(average), read(network)];
      const decays = [0.1, 0.9, 0.5];
      const left = [...decays];
      const plain = () => void followWeights(average, network, () => left.shift()!);
      const step = compiled ? compile(plain as () => undefined) : plain;
      const before = tf.memory().numTensors;
      for (const decay of decays) {
        step();
        wanted.forEach((values, w) => values.forEach((value, i) => values[i] = decay * value + (1 - decay) * target[w]![i]!));
      }
      assertEquals(tf.memory().numTensors, before);
      read(average).forEach((values, w) => values.forEach((value, i) => assertAlmostEquals(value, wanted[w]![i]!, 1e-5)));
      assertEquals(read(network), target);
      average.dispose();
      network.dispose();
    },
  );
}
