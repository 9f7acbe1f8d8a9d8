import * as tf from "../../lib/tf.ts";
import { join } from "node:path";
import { assertAlmostEquals, assertEquals, assertNotEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { encodePng } from "../../lib/data/image.ts";
import { bytes, collect, collectUnpaired, paint, paintAll, plain, withFolder } from "./_images.ts";
import { greyToColour, labelledFromFolder, unpairedFromFolder, unpairedFromFolders } from "../../lib/data/image_folders.ts";
import { testOnBackends } from "../_backends.ts";

Deno.test("unpairedFromFolder() reads trainA and trainB with different counts and sizes, and repeats the smaller domain", () =>
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
    await Deno.writeTextFile(join(folder, "trainB", "z.png"), "not an image");
    const left = await unpairedFromFolders(join(folder, "trainA"), join(folder, "trainB"), { size: 8, skipBad: true });
    assertEquals([left.bCount, left.bad!.map(({ name }) => name)], [2, ["z.png"]]);
  }));

Deno.test("greyToColour() pairs matching pixels, preserves the aspect ratio, and searches subfolders", () =>
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

async function write(path: string, grey: number): Promise<void> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  const data = new Uint8Array(12 * 8 * 3).fill(grey);
  await Deno.writeFile(path, await encodePng({ data, width: 12, height: 8, channels: 3 }));
}

testOnBackends(
  "labelledFromFolder() reads each folder as a class, in natural order",
  () =>
    withFolder(async (folder) => {
      for (const [name, grey] of [["kind 10", 255], ["kind 2", 0]] as const) {
        await write(join(folder, name, "1.png"), grey);
        await write(join(folder, name, "2.png"), grey);
      }
      await Deno.mkdir(join(folder, "empty"));
      const set = await labelledFromFolder(folder, { size: 8, channels: 1 });
      assertEquals([set.classNames, set.classes, set.count, set.width, set.channels], [["kind 2", "kind 10"], 2, 4, 8, 1]);
      for await (const { images, labels, names } of set.batches({ batch: 4, seed: 1 })) {
        assertEquals(images.shape, [4, 8, 8, 1]);
        const values = images.dataSync();
        [...labels.dataSync()].forEach((label, i) => assertEquals(values[i * 64], label === 0 ? -1 : 1, names[i]!));
        tf.dispose([images, labels]);
      }
    }),
  ["cpu"],
);

testOnBackends(
  "labelledFromFolder() reads images in the folder itself as one class named after the folder, and excludes bad images",
  () =>
    withFolder(async (folder) => {
      await write(join(folder, "1.png"), 9);
      await Deno.writeTextFile(join(folder, "2.png"), "not an image");
      const set = await labelledFromFolder(folder, { size: 8, skipBad: true });
      assertEquals([set.classes, set.count, set.bad?.length], [1, 1, 1]);
      assertStringIncludes(set.bad![0]!.reason, "2.png");
      await assertRejects(() => labelledFromFolder(join(folder, "gone"), { size: 8 }), Error, "there is no such folder");
      await Deno.mkdir(join(folder, "empty"));
      await assertRejects(() => labelledFromFolder(join(folder, "empty"), { size: 8 }), Error, "contains no images");
    }),
  ["cpu"],
);

testOnBackends(
  "labelledFromFolder() follows links, and throws on images outside the class folders",
  () =>
    withFolder(async (folder) => {
      const [kinds, elsewhere] = [join(folder, "kinds"), join(folder, "elsewhere")];
      for (const place of [join(kinds, "tulips"), elsewhere]) {
        await Deno.mkdir(place, { recursive: true });
        await write(join(place, "1.png"), 9);
      }
      await Deno.symlink(elsewhere, join(kinds, "roses"));
      const set = await labelledFromFolder(kinds, { size: 8 });
      assertEquals([set.classNames, set.count], [["roses", "tulips"], 2]);
      await write(join(kinds, "cover.png"), 9);
      await assertRejects(
        () => labelledFromFolder(kinds, { size: 8 }),
        Error,
        "both images (cover.png) and subfolders with images (roses)",
      );
    }),
  ["cpu"],
);
