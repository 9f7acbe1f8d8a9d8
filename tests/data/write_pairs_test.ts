import * as tf from "../../lib/tf.ts";
import { join } from "node:path";
import { assertEquals, assertRejects } from "@std/assert";
import { pairsFromFolder } from "../../lib/data/folder.ts";
import { toytown } from "../../data/worlds/toytown/mod.ts";
import { writePairs } from "../../lib/data/write_pairs.ts";
import { collect, withFolder } from "./_pictures.ts";

Deno.test("writePairs() writes what pairsFromFolder() reads, bit for bit, and leaks no tensor", () =>
  withFolder(async (folder) => {
    const before = tf.memory().numTensors;
    const pairs = toytown({ count: 3, size: 32, direction: "AtoB" });
    const place = join(folder, "a", "train");
    assertEquals(await writePairs(place, pairs), ["1.png", "2.png", "3.png"].map((name) => join(place, name)));
    assertEquals(tf.memory().numTensors, before);
    const options = { shuffle: false, augment: false };
    const written = await collect(pairs.batches(options));
    const read = await collect((await pairsFromFolder(place, { size: 32 })).batches(options));
    assertEquals(read.map(({ input, target }) => ({ input, target })), written.map(({ input, target }) => ({ input, target })));
  }));

Deno.test("writePairs() throws where the halves differ in channels", () =>
  withFolder(async (folder) => {
    await assertRejects(
      () => writePairs(folder, { ...toytown(), inputChannels: 2 }),
      RangeError,
      "input has 2 channels, target 3",
    );
  }));
