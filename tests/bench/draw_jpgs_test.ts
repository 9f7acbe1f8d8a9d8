import * as tf from "../../lib/tf.ts";
import { assertEquals, assertLess } from "@std/assert";
import { drawJpgs } from "./draw_jpgs.ts";
import { pairsFromFolder } from "../../lib/data/paired_folders.ts";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import { withFolder } from "../cli/_task.ts";

await tf.setBackend("cpu");

Deno.test("drawJpgs() writes the photo on the left and its labels on the right, as facades has them", async () => {
  await withFolder(async (folder) => {
    await drawJpgs(folder, 64, 2);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["1.jpg", "2.jpg"]);
    const written = await pairsFromFolder(folder, { size: 64, direction: "BtoA" });
    const drawn = toytown({ size: 64, count: 2, seed: 1 });
    const asTheyAre = { shuffle: false, augment: false };
    const [read, wanted] = [written, drawn].map((pairs) => pairs.batches(asTheyAre)[Symbol.asyncIterator]());
    for (let i = 0; i < 2; i++) {
      const [a, b] = [(await read!.next()).value, (await wanted!.next()).value];
      // Jpg blurs colours, and most of all the labels': what counts is that a half is far nearer to its own side than to the other.
      const off = (x: tf.Tensor, y: tf.Tensor) => tf.tidy(() => tf.mean(tf.abs(tf.sub(x, y))).dataSync()[0]!);
      assertLess(off(a.input, b.input) * 3, off(a.input, b.target), `input of pair ${i}`);
      assertLess(off(a.target, b.target) * 3, off(a.target, b.input), `target of pair ${i}`);
      tf.dispose([a.input, a.target, b.input, b.target]);
    }
  });
});
