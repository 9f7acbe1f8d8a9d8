import * as tf from "../../lib/tf.ts";
import { join } from "node:path";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { pairsFromFolder, pairsFromFolders, writePairs } from "../../lib/data/paired_folders.ts";
import { bytes, collect, paint, paintAll, paintPairs, plain, withFolder } from "./_images.ts";
import { toytown } from "../../data/worlds/toytown/mod.ts";

const names = ["10.png", "2.png", "1.png", "21.png", "3.png"];

Deno.test("pairsFromFolder() pairs left to right or right to left, and reports the direction", () =>
  withFolder(async (folder) => {
    await paint(join(folder, "1.png"), 16, 8, (x) => x < 8 ? [255, 0, 0] : [0, 0, 255]);
    const red = [1, -1, -1], blue = [-1, -1, 1];
    for (const [direction, input, target] of [["AtoB", red, blue], ["BtoA", blue, red]] as const) {
      const pairs = await pairsFromFolder(folder, { size: 8, direction });
      assertEquals(pairs.direction, direction);
      const [batch] = await collect(pairs.batches({ augment: false }));
      assertEquals([...batch!.input.subarray(0, 3)], input);
      assertEquals([...batch!.target.subarray(0, 3)], target);
    }
  }));

Deno.test("pairsFromFolder() lets no colour cross the seam, at any size, augmented or not", () =>
  withFolder(async (folder) => {
    await paint(join(folder, "1.png"), 40, 20, (x) => x < 20 ? [0, 0, 0] : [255, 255, 255]);
    for (const size of [9, 20, 33]) {
      for (const augment of [true, false]) {
        const [batch] = await collect((await pairsFromFolder(folder, { size })).batches({ augment }));
        assert(batch!.input.every((value) => value === -1), `black at ${size}`);
        assert(batch!.target.every((value) => value === 1), `white at ${size}`);
      }
    }
  }));

Deno.test("pairsFromFolder() crops and mirrors both halves identically, but differently in each epoch", () =>
  withFolder(async (folder) => {
    await paintPairs(folder, ["1.png"]);
    const pairs = await pairsFromFolder(folder, { size: 32 });
    const places = new Set<string>();
    for (let epoch = 0; epoch < 24; epoch++) {
      const [batch] = await collect(pairs.batches({ epoch }));
      const { input, target } = batch!;
      for (let i = 0; i < input.length; i += 3) {
        assertEquals([input[i], input[i + 1]], [target[i], target[i + 1]], "red and green encode the position of a pixel");
        assertNotEquals(input[i + 2], target[i + 2]);
      }
      places.add(`${input[0]! < input[31 * 3]! ? "as it was" : "mirrored"} ${input[0]} ${input[1]}`);
    }
    assert(places.size > 12, `${places.size} places in 24 epochs`);
    for (const way of ["as it was", "mirrored"]) assert([...places].some((place) => place.startsWith(way)), way);
  }));

Deno.test("pairsFromFolder() enlarges by 286/256 before it crops: it keeps 32 of 36 columns", () =>
  withFolder(async (folder) => {
    await paintPairs(folder, ["1.png"]);
    const [batch] = await collect((await pairsFromFolder(folder, { size: 32 })).batches());
    const row = Array.from({ length: 32 }, (_, x) => batch!.input[(16 * 32 + x) * 3]! * 127.5);
    // Red increases by 6 per column of the file; enlarged, a pixel is 32/36 of a column.
    assertAlmostEquals(Math.abs(row[26]! - row[5]!) / 21, 6 * 32 / 36, 0.1);
  }));

Deno.test("pairsFromFolder() without augmentation returns the pixels of the files in their order", () =>
  withFolder(async (folder) => {
    await paintPairs(folder, names);
    const pairs = await pairsFromFolder(folder, { size: 32 });
    assertEquals([pairs.count, pairs.height, pairs.width, pairs.inputChannels, pairs.targetChannels], [5, 32, 32, 3, 3]);
    const batches = await collect(pairs.batches({ augment: false, shuffle: false, batch: 2 }));
    assertEquals(batches.map((batch) => batch.names), [["1.png", "2.png"], ["3.png", "10.png"], ["21.png"]]);
    assertEquals(batches[1]!.input.length, 2 * 32 * 32 * 3);
    // 3.png is painted fifth.
    for (const [i, value] of [30, 30, 4].entries()) assertAlmostEquals(batches[1]!.input[i]!, value / 127.5 - 1, 1e-6);
    for (const [i, value] of [36, 30, 4].entries()) assertAlmostEquals(batches[1]!.input[3 + i]!, value / 127.5 - 1, 1e-6);
  }));

Deno.test("batches() is determined by seed and epoch", () =>
  withFolder(async (folder) => {
    await paintPairs(folder, names);
    const pairs = await pairsFromFolder(folder, { size: 16 });
    const first = await collect(pairs.batches({ seed: 4, epoch: 2 }));
    assertEquals(await collect(pairs.batches({ seed: 4, epoch: 2 })), first);
    assertNotEquals(await collect(pairs.batches({ seed: 4, epoch: 3 })), first);
    assertNotEquals(await collect(pairs.batches({ seed: 5, epoch: 2 })), first);
    assertEquals(first.map((batch) => batch.names[0]).sort(), [...names].sort());
    const orders = new Set<string>();
    for (let epoch = 0; epoch < 10; epoch++) {
      orders.add((await collect(pairs.batches({ epoch }))).map((batch) => batch.names[0]).join());
    }
    assert(orders.size > 5, `${orders.size} orders in 10 epochs`);
  }));

Deno.test("batches() with skip continues like an uninterrupted run", () =>
  withFolder(async (folder) => {
    await paintPairs(folder, names);
    const pairs = await pairsFromFolder(folder, { size: 16 });
    for (const batch of [1, 2]) {
      const whole = await collect(pairs.batches({ seed: 1, epoch: 1, batch }));
      for (let skip = 0; skip <= whole.length; skip++) {
        assertEquals(await collect(pairs.batches({ seed: 1, epoch: 1, batch, skip })), whole.slice(skip));
      }
    }
  }));

Deno.test("batches() leaks no tensors when the consumer breaks", () =>
  withFolder(async (folder) => {
    await paintPairs(folder, names);
    const pairs = await pairsFromFolder(folder, { size: 16 });
    const before = tf.memory().numTensors;
    for await (const batch of pairs.batches()) {
      tf.dispose([batch.input, batch.target]);
      break;
    }
    assertEquals(tf.memory().numTensors, before);
  }));

Deno.test("batches() throws the error of a truncated jpg after the batches before it", () =>
  withFolder(async (folder) => {
    await paintPairs(folder, ["1.jpg", "2.jpg", "3.jpg"]);
    const bytes = await Deno.readFile(join(folder, "2.jpg"));
    await Deno.writeFile(join(folder, "2.jpg"), bytes.subarray(0, bytes.length - 200));
    const pairs = await pairsFromFolder(folder, { size: 16 });
    const seen: string[] = [];
    const error = await assertRejects(
      async () => {
        for await (const { input, target, names } of pairs.batches({ shuffle: false })) {
          seen.push(...names);
          tf.dispose([input, target]);
        }
      },
      Error,
      join(folder, "2.jpg"),
    );
    assert(!error.message.includes("\n"));
    assertEquals(seen, ["1.jpg"]);
  }));

Deno.test("batches() reports an image with an odd width", () =>
  withFolder(async (folder) => {
    const path = await paint(join(folder, "odd.png"), 15, 8, () => [0, 0, 0]);
    const pairs = await pairsFromFolder(folder, { size: 8 });
    await assertRejects(() => collect(pairs.batches()), Error, `Cannot split ${path} into a pair of images`);
  }));

Deno.test("batches() throws immediately on invalid options", () =>
  withFolder(async (folder) => {
    await paintPairs(folder, ["1.png"]);
    const pairs = await pairsFromFolder(folder, { size: 8 });
    for (
      const [options, message] of [[{ batch: 0 }, "batch"], [{ skip: -1 }, "skip"], [{ epoch: 0.5 }, "epoch"], [
        { seed: NaN },
        "seed",
      ]] as const
    ) {
      const error = await assertRejects(() => Promise.resolve().then(() => pairs.batches(options)), RangeError);
      assert(error.message.includes(message), error.message);
    }
  }));

Deno.test("pairsFromFolder() throws on a missing or empty folder, an invalid size and an invalid direction", () =>
  withFolder(async (folder) => {
    await assertRejects(() => pairsFromFolder(join(folder, "no"), { size: 8 }), Error, "there is no such folder");
    await assertRejects(() => pairsFromFolder(folder, { size: 8 }), Error, "contains no images");
    await paintPairs(join(folder, "train"), ["1.png"]);
    await paintPairs(join(folder, "val"), ["1.png"]);
    await assertRejects(() => pairsFromFolder(folder, { size: 8 }), Error, "choose one of its subfolders: train, val");
    for (const size of [0, -4, 1.5, NaN]) {
      await assertRejects(() => pairsFromFolder(folder, { size }), RangeError, `got [${size}, ${size}]`);
    }
    await assertRejects(() => pairsFromFolder(folder, {}), RangeError, "set size");
    await assertRejects(() => pairsFromFolder(folder, { size: 8, direction: "AtoC" as "AtoB" }), RangeError, 'got "AtoC"');
    const pairs = await pairsFromFolder(folder, { height: 8, width: 12, split: "train" });
    assertEquals([pairs.height, pairs.width, pairs.count], [8, 12, 1]);
    assert(pairs.name.endsWith("(train)"));
    const [batch] = await collect(pairs.batches());
    assertEquals(batch!.input.length, 8 * 12 * 3);
  }));

Deno.test("pairsFromFolders() pairs files by name regardless of extension and size, and augments both identically", () =>
  withFolder(async (folder) => {
    const [inputs, targets] = [join(folder, "in"), join(folder, "out")];
    await paintAll(inputs, { "1.png": 10, "2.png": 20, "10.png": 100 });
    await paintAll(targets, { "10.tif": 101, "2.png": 21, "1.webp": 11 }, 12, 10);
    const pairs = await pairsFromFolders(inputs, targets, { size: 8 });
    assertEquals([pairs.count, pairs.name, pairs.direction], [3, "in to out", "AtoB"]);
    const reverse = await pairsFromFolders(targets, inputs, { size: 8, direction: "BtoA" });
    assertEquals([reverse.name, reverse.direction], ["in to out", "BtoA"]);
    assertEquals(await collect(reverse.batches(plain)), await collect(pairs.batches(plain)));
    const seen = await collect(pairs.batches(plain));
    assertEquals(seen.map(({ names, input }) => [names[0], bytes(input)[0]]), [["1.png", 10], ["2.png", 20], ["10.png", 100]]);
    for (const { input, target } of seen) assertAlmostEquals(bytes(target)[0]! - bytes(input)[0]!, 1, 1.1); // webp is lossy
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

Deno.test("pairsFromFolders() reports a file without a partner, or excludes it with skipBad", () =>
  withFolder(async (folder) => {
    const [inputs, targets] = [join(folder, "in"), join(folder, "out")];
    await paintAll(inputs, { "1.png": 10, "2.png": 20 });
    await paintAll(targets, { "2.png": 21, "3.png": 31 });
    await assertRejects(
      () => pairsFromFolders(inputs, targets, { size: 8 }),
      Error,
      `${join(inputs, "1.png")} has no partner in ${targets} (2 in total)`,
    );
    const pairs = await pairsFromFolders(inputs, targets, { size: 8, skipBad: true });
    assertEquals([pairs.count, pairs.bad!.map(({ name }) => name)], [1, ["1.png", "3.png"]]);
    await paintAll(join(folder, "other"), { "x.png": 1 });
    await assertRejects(
      () => pairsFromFolders(inputs, join(folder, "other"), { size: 8, skipBad: true }),
      Error,
      "no file names in common",
    );
  }));

Deno.test("pairsFromFolder() reads each half with its own options: a label map on the left, greyscale on the right", () =>
  withFolder(async (folder) => {
    await paint(join(folder, "1.png"), 16, 8, (x) => x < 4 ? [0, 0, 0] : x < 8 ? [255, 0, 0] : [40, 40, 40]);
    const options = { size: 8, input: { labels: [[0, 0, 0], [255, 0, 0]] as const }, target: { channels: 1 } as const };
    const pairs = await pairsFromFolder(folder, options);
    assertEquals([pairs.inputChannels, pairs.targetChannels], [2, 1]);
    const [batch] = await collect(pairs.batches(plain));
    assertEquals([...batch!.input.subarray(0, 2), ...batch!.input.subarray(14, 16)], [1, -1, -1, 1]);
    assertEquals([...new Set(bytes(batch!.target))], [40]);
  }));

Deno.test("pairsFromFolders() reports files with the same name, or excludes one of them with skipBad", () =>
  withFolder(async (folder) => {
    for (const side of ["x", "y"]) await Deno.mkdir(join(folder, side));
    for (const file of ["x/1.png", "y/1.jpg", "y/1.png"]) await paint(join(folder, file), 8, 8, (x, y) => [x, y, 0]);
    const read = (skipBad: boolean) => pairsFromFolders(join(folder, "x"), join(folder, "y"), { size: 8, skipBad });
    await assertRejects(() => read(false), Error, "has the same name as");
    assertEquals((await read(true)).bad?.map(({ name }) => name), ["1.jpg"]);
  }));

Deno.test("writePairs() writes exactly what pairsFromFolder() reads, and leaks no tensors", () =>
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

Deno.test("writePairs() throws if input and target have different numbers of channels", () =>
  withFolder(async (folder) => {
    await assertRejects(
      () => writePairs(folder, { ...toytown(), inputChannels: 2 }),
      RangeError,
      "input has 2 channels, the target has 3",
    );
  }));
