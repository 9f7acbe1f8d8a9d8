import { assertEquals, assertLess } from "@std/assert";
import { data, tf } from "../../mod.ts";
import { withFolder } from "../cli/_task.ts";
import { drawJpgs, inMemory, traineeOf } from "./data.ts";
import { SYSTEMS } from "./rows.ts";

await tf.setBackend("cpu");

const pair = (value: number) => ({
  input: tf.fill([1, 2, 4, 3], value) as tf.Tensor4D,
  target: tf.fill([1, 2, 4, 1], -value) as tf.Tensor4D,
  names: [`${value}`],
});

Deno.test("inMemory() cycles through its batches from any position, and keeps them when a batch is disposed of", async () => {
  const before = tf.memory().numTensors;
  const pairs = inMemory({ name: "kept", height: 2 }, [pair(0.25), pair(0.5)], 5);
  assertEquals([pairs.name, pairs.count, pairs.height], ["kept", 5, 2]);
  const seen: string[] = [];
  for (const skip of [0, 3]) {
    for await (const { input, target, names } of pairs.batches({ skip }) as AsyncIterable<data.PairBatch>) {
      assertEquals([`${input.dataSync()[0]}`, -target.dataSync()[0]!], [names[0]!, Number(names[0])]);
      seen.push(...names);
      tf.dispose([input, target]);
    }
  }
  assertEquals(seen, ["0.25", "0.5", "0.25", "0.5", "0.25", "0.5", "0.25"]);
  pairs.dispose();
  assertEquals(tf.memory().numTensors, before);
});

for (const system of SYSTEMS) {
  Deno.test(`traineeOf() builds a ${system} and data that it trains on, without leaks`, async () => {
    const before = tf.memory().numTensors;
    const { model, data, options } = traineeOf(system, { size: system === "conditional-gan" ? 8 : 32, filters: 1, batch: 2 }, 1);
    assertEquals([model.kind, data.count], [system, 2]); // images, not batches
    const types = new Set<string>();
    for await (const { type } of model.train(data, { epochs: 1, batch: 2, augment: false, ...options })) types.add(type);
    assertEquals([...types], ["step", "epoch"]); // no samples
    data.dispose();
    model.dispose();
    assertEquals(tf.memory().numTensors, before);
  });
}

Deno.test("drawJpgs() writes the photo on the left and its labels on the right, as in facades", async () => {
  await withFolder(async (folder) => {
    await drawJpgs(folder, 64, 2);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["1.jpg", "2.jpg"]);
    const written = await data.pairsFromFolder(folder, { size: 64, direction: "BtoA" });
    const drawn = data.toytown({ size: 64, count: 2, seed: 1 });
    const asTheyAre = { shuffle: false, augment: false };
    const [read, wanted] = [written, drawn].map((pairs) => pairs.batches(asTheyAre)[Symbol.asyncIterator]());
    for (let i = 0; i < 2; i++) {
      const [a, b] = [(await read!.next()).value, (await wanted!.next()).value];
      // JPEG blurs colours, most of all those of labels, so the test compares the distances to both halves.
      const off = (x: tf.Tensor, y: tf.Tensor) => tf.tidy(() => tf.mean(tf.abs(tf.sub(x, y))).dataSync()[0]!);
      assertLess(off(a.input, b.input) * 3, off(a.input, b.target), `input of pair ${i}`);
      assertLess(off(a.target, b.target) * 3, off(a.target, b.input), `target of pair ${i}`);
      tf.dispose([a.input, a.target, b.input, b.target]);
    }
  });
});
