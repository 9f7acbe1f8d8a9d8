import * as tf from "../../lib/tf.ts";
import { join } from "node:path";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { pairsFromFolder } from "../../lib/data/folder.ts";
import { greyToColour, pairsFromFolders, unpairedFromFolder, unpairedFromFolders } from "../../lib/data/folders.ts";
import { pairedSet, unpairedSet } from "../../lib/data/known_sets.ts";
import { collect, collectUnpaired, paint, paintPairs, withFolder } from "./_pictures.ts";

const plain = { shuffle: false, augment: false } as const;
const flat = (value: number) => (): [number, number, number] => [value, value, value];
const bytes = (values: Float32Array) => [...values].map((value) => Math.round((value + 1) * 127.5));

async function paintAll(folder: string, pictures: Record<string, number>, width = 8, height = 8): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, value] of Object.entries(pictures)) await paint(join(folder, name), width, height, flat(value));
}

Deno.test("pairsFromFolders() pairs by name whatever the ending and the size, moved and mirrored alike", () =>
  withFolder(async (folder) => {
    const [inputs, targets] = [join(folder, "in"), join(folder, "out")];
    await paintAll(inputs, { "1.png": 10, "2.png": 20, "10.png": 100 });
    await paintAll(targets, { "10.tif": 101, "2.png": 21, "1.webp": 11 }, 12, 10);
    const pairs = await pairsFromFolders(inputs, targets, { size: 8 });
    assertEquals([pairs.count, pairs.name], [3, "in to out"]);
    const seen = await collect(pairs.batches(plain));
    assertEquals(seen.map(({ names, input }) => [names[0], bytes(input)[0]]), [["1.png", 10], ["2.png", 20], ["10.png", 100]]);
    for (const { input, target } of seen) assertAlmostEquals(bytes(target)[0]! - bytes(input)[0]!, 1, 1.1); // webp is not exact
    await Deno.mkdir(join(folder, "a"));
    for (const side of ["a/x.png", "b.png"]) await paint(join(folder, side), 32, 32, (x, y) => [x * 7, y * 7, side.length]);
    await Deno.mkdir(join(folder, "b"));
    await Deno.rename(join(folder, "b.png"), join(folder, "b", "x.png"));
    const both = await pairsFromFolders(join(folder, "a"), join(folder, "b"), { size: 32 });
    const places = new Set<number>();
    for (let epoch = 0; epoch < 8; epoch++) {
      const [batch] = await collect(both.batches({ epoch }));
      for (let i = 0; i < batch!.input.length; i += 3) assertEquals(batch!.input[i], batch!.target[i]);
      places.add(batch!.input[0]!);
    }
    assert(places.size > 3);
  }));

Deno.test("pairsFromFolders() names a file without a partner, and leaves it out with skipBad", () =>
  withFolder(async (folder) => {
    const [inputs, targets] = [join(folder, "in"), join(folder, "out")];
    await paintAll(inputs, { "1.png": 10, "2.png": 20 });
    await paintAll(targets, { "2.png": 21, "3.png": 31 });
    await assertRejects(
      () => pairsFromFolders(inputs, targets, { size: 8 }),
      Error,
      `${join(inputs, "1.png")} has no partner in ${targets} (2 in all)`,
    );
    const pairs = await pairsFromFolders(inputs, targets, { size: 8, skipBad: true });
    assertEquals([pairs.count, pairs.bad!.map(({ name }) => name)], [1, ["1.png", "3.png"]]);
    await paintAll(join(folder, "other"), { "x.png": 1 });
    await assertRejects(
      () => pairsFromFolders(inputs, join(folder, "other"), { size: 8, skipBad: true }),
      Error,
      "no file of the one has the name",
    );
  }));

Deno.test("skipBad leaves out what cannot be read, counts it, and every epoch has the same batches", () =>
  withFolder(async (folder) => {
    await paintPairs(folder, ["1.png", "2.jpg", "3.png", "4.png"]);
    await Deno.truncate(join(folder, "2.jpg"), 300);
    await paint(join(folder, "3.png"), 15, 8, flat(3)); // no two equal halves
    const pairs = await pairsFromFolder(folder, { size: 16, skipBad: true });
    assertEquals(pairs.count, 2);
    assertEquals(pairs.bad!.map(({ name }) => name), ["2.jpg", "3.png"]);
    assert(pairs.bad!.every(({ name, reason }) => reason.includes(name) && !reason.includes("\n")));
    for (const epoch of [0, 1]) assertEquals((await collect(pairs.batches({ epoch }))).length, 2);
    assertEquals((await pairsFromFolder(folder, { size: 16 })).bad, undefined);
    await Deno.remove(join(folder, "1.png"));
    await Deno.remove(join(folder, "4.png"));
    await assertRejects(() => pairsFromFolder(folder, { size: 16, skipBad: true }), Error, "none of its 2 files can be read");
  }));

Deno.test("unpairedFromFolder() reads trainA and trainB of different numbers and sizes; the smaller one begins again", () =>
  withFolder(async (folder) => {
    await paintAll(join(folder, "trainA"), { "1.png": 1, "2.png": 2, "3.png": 3, "4.png": 4, "5.png": 5 });
    await paintAll(join(folder, "trainB"), { "x.png": 101, "y.png": 102 }, 20, 12);
    const data = await unpairedFromFolder(folder, { size: 8 });
    assertEquals([data.count, data.aCount, data.bCount, data.aChannels, data.bChannels], [5, 5, 2, 3, 3]);
    const epoch = await collectUnpaired(data.batches({ seed: 4 }));
    assertEquals(epoch.map(({ a }) => bytes(a)[0]).sort(), [1, 2, 3, 4, 5]);
    const right = epoch.map(({ b }) => bytes(b)[0]);
    assertEquals([right.slice(0, 2).sort(), right.slice(2, 4).sort()], [[101, 102], [101, 102]]);
    for (const { names, a, b } of epoch) assertEquals(names, [`${bytes(a)[0]}.png, ${bytes(b)[0] === 101 ? "x" : "y"}.png`]);
    assertNotEquals(
      (await collectUnpaired(data.batches({ seed: 4, epoch: 1 }))).map(({ names }) => names),
      epoch.map(({ names }) => names),
    );
    for (let skip = 0; skip <= 5; skip++) assertEquals(await collectUnpaired(data.batches({ seed: 4, skip })), epoch.slice(skip));
    assertEquals((await collectUnpaired(data.batches(plain))).map(({ names }) => names[0]), [
      "1.png, x.png",
      "2.png, y.png",
      "3.png, x.png",
      "4.png, y.png",
      "5.png, x.png",
    ]);
    await assertRejects(() => unpairedFromFolder(folder, { size: 8, split: "test" }), Error, "testA: there is no such folder");
    await Deno.writeTextFile(join(folder, "trainB", "z.png"), "no picture");
    const left = await unpairedFromFolders(join(folder, "trainA"), join(folder, "trainB"), { size: 8, skipBad: true });
    assertEquals([left.bCount, left.bad!.map(({ name }) => name)], [2, ["z.png"]]);
  }));

Deno.test("greyToColour() gives brightness and colour of the same pixels, proportions kept, from folders within the folder too", () =>
  withFolder(async (folder) => {
    await Deno.mkdir(join(folder, "roses"), { recursive: true });
    await paint(join(folder, "roses", "1.png"), 24, 8, (x) => x < 8 || x >= 16 ? [0, 0, 0] : [200, 100, 50]);
    await paint(join(folder, "roses", "2.png"), 8, 8, (x, y) => [x * 30, y * 30, 200]);
    const pairs = await greyToColour(folder, { size: 8 });
    assertEquals([pairs.count, pairs.inputChannels, pairs.targetChannels], [2, 1, 3]);
    const [wide] = await collect(pairs.batches(plain));
    assertEquals(bytes(wide!.target).slice(3 * 12, 3 * 13), [200, 100, 50], "the middle is kept, the sides are cut off");
    for (const augment of [true, false]) {
      for (const { input, target } of await collect(pairs.batches({ augment }))) {
        assertEquals([input.length, target.length], [64, 192]);
        const colours = bytes(target);
        bytes(input).forEach((value, i) =>
          assertAlmostEquals(value, 0.299 * colours[3 * i]! + 0.587 * colours[3 * i + 1]! + 0.114 * colours[3 * i + 2]!, 0.51)
        );
      }
    }
    await assertRejects(() => greyToColour(join(folder, "no"), { size: 8 }), Error, "there is no such folder");
  }));

Deno.test("pairsFromFolder() reads its halves differently when told: labels to the left, grey to the right", () =>
  withFolder(async (folder) => {
    await paint(join(folder, "1.png"), 16, 8, (x) => x < 4 ? [0, 0, 0] : x < 8 ? [255, 0, 0] : [40, 40, 40]);
    const options = { size: 8, input: { labels: [[0, 0, 0], [255, 0, 0]] as const }, target: { channels: 1 } as const };
    const pairs = await pairsFromFolder(folder, options);
    assertEquals([pairs.inputChannels, pairs.targetChannels], [2, 1]);
    const [batch] = await collect(pairs.batches(plain));
    assertEquals([...batch!.input.subarray(0, 2), ...batch!.input.subarray(14, 16)], [1, -1, -1, 1]);
    assertEquals([...new Set(bytes(batch!.target))], [40]);
  }));

Deno.test("pairedSet() and unpairedSet() fetch nothing for a split that there is not", async () => {
  await assertRejects(() => pairedSet("maps", { split: "test" }), RangeError, "its folders are train, val, and there is no test");
  await assertRejects(() => unpairedSet("horse2zebra", { split: "val" }), RangeError, "and there is no valA");
  await assertRejects(() => pairedSet("constructor" as "maps"), RangeError, "the sets are facades");
});

Deno.test("pairedSet() and unpairedSet() read a folder of the set's layout, and name the sets that there are", () =>
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
      "holds a folder train; give the folder that maps.tar.gz unpacks to",
    );
    await assertRejects(() => unpairedSet("cat2dog" as "horse2zebra", { folder }), RangeError, "the sets are apple2orange, ");
  }));

const realData = Deno.env.get("FORGER_DATA");
if (!realData) console.log("folders_test.ts: the real sets are not tested, FORGER_DATA is not set");
Deno.test({
  name: "the real maps, horse2zebra, bsds500 and flowers are read",
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

Deno.test("pairsFromFolders() names files that have one name, and leaves the other out with skipBad", () =>
  withFolder(async (folder) => {
    for (const side of ["x", "y"]) await Deno.mkdir(join(folder, side));
    for (const file of ["x/1.png", "y/1.jpg", "y/1.png"]) await paint(join(folder, file), 8, 8, (x, y) => [x, y, 0]);
    const read = (skipBad: boolean) => pairsFromFolders(join(folder, "x"), join(folder, "y"), { size: 8, skipBad });
    await assertRejects(() => read(false), Error, "has the name of");
    assertEquals((await read(true)).bad?.map(({ name }) => name), ["1.jpg"]);
  }));
