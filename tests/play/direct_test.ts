/** Networks whose layers are called directly return what tfjs's `apply` returns. */
import { assertEquals, assertThrows } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { unet } from "../../lib/models/unet.ts";
import { callDirectly } from "../../lib/play/direct.ts";
import * as tf from "../../lib/tf.ts";
import { MODELS } from "./_models.ts";

await useBackend("cpu", { quiet: true });

/** Random inputs of a network. */
function inputsOf(network: tf.LayersModel): tf.Tensor[] {
  return network.inputs.map(({ shape }, i) => tf.randomUniform([2, ...shape.slice(1).map((n) => n ?? 32)], -1, 1, "float32", i));
}

Deno.test("the networks of all systems return the same values, and leave only them", () => {
  for (const [name, build] of Object.entries(MODELS)) {
    const model = build();
    for (const [key, network] of Object.entries(model.networks)) {
      const inputs = inputsOf(network);
      const one = inputs.length === 1 ? inputs[0]! : inputs;
      const values = (mode: object) => {
        const outputs = [network.apply(one, mode) as tf.Tensor | tf.Tensor[]].flat();
        const read = outputs.map((output) => [...output.dataSync()]);
        tf.dispose(outputs);
        return read;
      };
      const modes = [{}, { dropout: false, batchStatistics: true }];
      const expected = modes.map(values);
      callDirectly(network);
      const before = tf.memory().numTensors;
      assertEquals(modes.map(values), expected, `${name}, ${key}`);
      assertEquals(tf.memory().numTensors, before, `${name}, ${key}`);
      assertEquals(inputs.some(({ isDisposed }) => isDisposed), false);
      tf.dispose(inputs);
    }
    model.dispose();
  }
});

Deno.test("a network can still be a part of another one, and layers that are called twice stay as they are", () => {
  const network = unet({ size: 16, filters: 2 });
  callDirectly(network);
  const input = tf.input({ shape: [16, 16, 3] });
  assertEquals((network.apply(input) as tf.SymbolicTensor).shape, [null, 16, 16, 3]);
  const dense = tf.layers.dense({ units: 2 });
  const start = tf.input({ shape: [2] });
  const twice = tf.model({ inputs: start, outputs: dense.apply(dense.apply(start)) as tf.SymbolicTensor });
  callDirectly(twice);
  assertEquals(Object.hasOwn(twice, "apply"), false);
  const wrong = tf.zeros([1, 3]);
  assertThrows(() => twice.apply(wrong), Error);
  tf.dispose(wrong);
  network.dispose();
});
