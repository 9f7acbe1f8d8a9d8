import * as tf from "../../lib/tf.ts";
import { assertEquals } from "@std/assert";
import { inMemory, randomPairs } from "./in_memory.ts";

await tf.setBackend("cpu");

const pair = (value: number) => ({
  input: tf.fill([1, 2, 4, 3], value) as tf.Tensor4D,
  target: tf.fill([1, 2, 4, 1], -value) as tf.Tensor4D,
  names: [`${value}`],
});

Deno.test("inMemory() gives its pairs in turn, from any batch on, and they outlive who disposes of a batch", async () => {
  const before = tf.memory().numTensors;
  const pairs = inMemory("kept", [pair(0.25), pair(0.5)], 5);
  assertEquals([pairs.count, pairs.height, pairs.width, pairs.inputChannels, pairs.targetChannels], [5, 2, 4, 3, 1]);
  const seen: string[] = [];
  for (const skip of [0, 3]) {
    for await (const { input, target, names } of pairs.batches({ skip })) {
      assertEquals([`${input.dataSync()[0]}`, -target.dataSync()[0]!], [names[0]!, Number(names[0])]);
      seen.push(...names);
      tf.dispose([input, target]);
    }
  }
  assertEquals(seen, ["0.25", "0.5", "0.25", "0.5", "0.25", "0.5", "0.25"]);
  pairs.dispose();
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("randomPairs() counts pictures, not batches", () => {
  const pairs = randomPairs(4, 3, 5);
  assertEquals([pairs.count, pairs.height, pairs.targetChannels], [15, 4, 3]);
  pairs.dispose();
});
