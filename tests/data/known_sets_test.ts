import * as tf from "../../lib/tf.ts";
import { join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { collect, paintAll, paintPairs, paintSet, withFolder } from "./_images.ts";
import { greyToColour } from "../../lib/data/image_folders.ts";
import { facades, pairedSet, unpairedSet } from "../../lib/data/known_sets.ts";
import { withVariables } from "./_variables.ts";

Deno.test("pairedSet() and unpairedSet() download nothing for an unknown split", async () => {
  await assertRejects(() => pairedSet("maps", { split: "test" }), RangeError, "it has no folder named test, only train, val");
  await assertRejects(() => unpairedSet("horse2zebra", { split: "val" }), RangeError, "it has no folder named valA");
  await assertRejects(() => pairedSet("constructor" as "maps"), RangeError, "choose one of facades");
});

Deno.test("pairedSet() and unpairedSet() read a folder in the data set's layout, and list the known data sets", () =>
  withFolder(async (folder) => {
    await paintPairs(join(folder, "maps", "val"), ["1.jpg", "2.jpg"]);
    assertEquals((await pairedSet("maps", { folder, split: "val", size: 16 })).count, 2);
    await paintAll(join(folder, "horse2zebra", "testA"), { "1.png": 1 });
    await paintAll(join(folder, "horse2zebra", "testB"), { "1.png": 1, "2.png": 2 });
    const set = await unpairedSet("horse2zebra", { folder, split: "test", size: 8 });
    assertEquals([set.name, set.count], ["horse2zebra (test)", 2]);
    await assertRejects(
      () => pairedSet("maps", { folder, size: 8 }),
      Error,
      "pass the folder extracted from maps.tar.gz",
    );
    await assertRejects(() => unpairedSet("cat2dog" as "horse2zebra", { folder }), RangeError, "choose one of apple2orange, ");
  }));

const realData = Deno.env.get("FORGER_DATA");
if (!realData) console.log("folders_test.ts: the real sets are not tested, FORGER_DATA is not set");
Deno.test({
  name: "the real maps, horse2zebra, bsds500 and flowers can be read",
  ignore: !realData,
  fn: async () => {
    await tf.setBackend("cpu");
    const maps = await pairedSet("maps", { folder: realData!, size: 64, direction: "AtoB" });
    const horses = await unpairedSet("horse2zebra", { folder: realData!, size: 64 });
    const photos = await greyToColour(join(realData!, "bsds500"), { size: 64 });
    const flowers = await greyToColour(join(realData!, "flowers"), { size: 64 });
    assertEquals([maps.count, horses.aCount, horses.bCount, photos.count, flowers.count], [100, 300, 300, 300, 125]);
    let read = 0;
    for (const set of [maps, photos, flowers]) {
      for await (const { input, target, names } of set.batches({ batch: 10 })) {
        read += names.length;
        tf.dispose([input, target]);
      }
    }
    for await (const { a, b, names } of horses.batches({ batch: 10 })) {
      read += names.length;
      tf.dispose([a, b]);
    }
    assertEquals(read, 825);
  },
});

Deno.test("facades() reads the given folder or a subfolder, from labels to photo by default", () =>
  withFolder(async (folder) => {
    await paintSet(join(folder, "facades"));
    for (const place of [folder, join(folder, "facades")]) {
      const counts = [];
      for (const split of ["train", "val", "test"] as const) {
        counts.push((await facades({ folder: place, split, size: 16 })).count);
      }
      assertEquals(counts, [3, 2, 1]);
    }
    const pairs = await facades({ folder, size: 16 });
    assertEquals(pairs.name, "facades (train)");
    const [batch] = await collect(pairs.batches({ shuffle: false, augment: false }));
    assert(
      batch!.input[2]! > batch!.target[2]! + 0.5,
      `blue is ${batch!.input[2]} and ${batch!.target[2]}, the input must be the right half`,
    );
    await assertRejects(() => facades({ folder: join(folder, "facades", "train") }), Error, "neither it nor");
  }));

Deno.test("facades() searches FORGER_DATA, then the cache folder", () =>
  withFolder(async (folder) => {
    await paintSet(join(folder, "data", "facades"));
    await paintSet(join(folder, "cache", "facades"));
    await Deno.remove(join(folder, "cache", "facades", "train", "3.jpg"));
    const count = async () => (await facades({ size: 16 })).count;
    const cache = { FORGER_CACHE: join(folder, "cache") };
    await withVariables({ ...cache, FORGER_DATA: join(folder, "data") }, async () => assertEquals(await count(), 3));
    await withVariables({ ...cache, FORGER_DATA: undefined }, async () => assertEquals(await count(), 2));
    await withVariables({ ...cache, FORGER_DATA: folder }, async () => assertEquals(await count(), 2));
  }));

Deno.test("facades() throws and downloads nothing if the folder in FORGER_DATA is incomplete", () =>
  withFolder(async (folder) => {
    await paintSet(join(folder, "facades"));
    await Deno.remove(join(folder, "facades", "test"), { recursive: true });
    await withVariables({ FORGER_DATA: folder }, async () => {
      await assertRejects(() => facades({ split: "test" }), Error, "it has no folder named test");
    });
  }));

Deno.test({
  name: "facades() reads the real data set: 400 and 100 pairs, bright label maps, and photos",
  ignore: !realData,
  fn: () =>
    withFolder(async () => {
      const counts = [];
      for (const split of ["train", "val"] as const) counts.push((await facades({ folder: realData!, split, size: 64 })).count);
      assertEquals(counts, [400, 100]);
      const pairs = await facades({ folder: realData!, split: "val", size: 64 });
      const batches = await collect(pairs.batches({ batch: 10 }));
      assertEquals(batches.length, 10);
      const mean = (values: Float32Array, channel: number) => {
        let sum = 0;
        for (let i = channel; i < values.length; i += 3) sum += values[i]! / (values.length / 3);
        return sum;
      };
      for (const { input, target, names } of batches) {
        // Label maps are mostly blue (wall and background); photos are nearly grey.
        assert(mean(input, 2) - mean(input, 0) > 0.5, `${names}`);
        assert(Math.abs(mean(target, 2) - mean(target, 0)) < 0.5, `${names}`);
      }
    }),
});
