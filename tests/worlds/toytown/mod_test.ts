import * as tf from "../../../lib/tf.ts";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertThrows } from "@std/assert";
import { augmented, enlarged } from "../../../lib/data/augment.ts";
import { toImages } from "../../../lib/data/image_bytes.ts";
import { scene } from "../../../data/worlds/toytown/compose.ts";
import { sceneSeed, toytown, type ToytownOptions } from "../../../data/worlds/toytown/mod.ts";
import { palette } from "../../../data/worlds/toytown/palette.ts";
import { labelImage, photoImage } from "../../../data/worlds/toytown/raster.ts";
import { collect } from "../../data/_images.ts";

await tf.setBackend("cpu");
const small = { count: 6, size: 32 };
const isLabels = (values: Float32Array) => {
  const allowed = new Set(Object.values(palette).map((colour) => colour.join()));
  for (let i = 0; i < values.length; i += 3) {
    if (!allowed.has([...values.subarray(i, i + 3)].map((value) => Math.round((value + 1) * 127.5)).join())) return false;
  }
  return true;
};

Deno.test("toytown() gives labels to photo, in [-1, 1], with exact colours also when augmented", async () => {
  const pairs = toytown(small);
  assertEquals([pairs.count, pairs.height, pairs.width, pairs.inputChannels, pairs.targetChannels], [6, 32, 32, 3, 3]);
  for (const augment of [true, false]) {
    for (const { input, target } of await collect(pairs.batches({ augment, batch: 2 }))) {
      assertEquals([input.length, target.length], [2 * 32 * 32 * 3, 2 * 32 * 32 * 3]);
      assert(isLabels(input) && !isLabels(target));
      assert(target.every((value) => value >= -1 && value <= 1));
    }
  }
});

Deno.test("toytown() turns the pair round for AtoB", async () => {
  const options = { augment: false, shuffle: false } as const;
  const there = await collect(toytown(small).batches(options));
  const back = await collect(toytown({ ...small, direction: "AtoB" }).batches(options));
  assertEquals(back.map(({ input, target, names }) => ({ input: target, target: input, names })), there);
});

Deno.test("toytown() repeats for a seed, changes with the epoch, and goes on after skip", async () => {
  const pairs = toytown(small);
  const whole = await collect(pairs.batches({ seed: 2, epoch: 1 }));
  assertEquals(await collect(toytown(small).batches({ seed: 2, epoch: 1 })), whole);
  assertEquals(await collect(pairs.batches({ seed: 2, epoch: 1, skip: 4 })), whole.slice(4));
  assertNotEquals(await collect(pairs.batches({ seed: 2, epoch: 2 })), whole);
});

Deno.test("toytown() shares no scene between splits and towns", async () => {
  const seen = new Set<string>();
  for (const split of ["train", "val", "test"] as const) {
    for (const seed of [0, 1]) {
      const names = (await collect(toytown({ ...small, count: 3, split, seed }).batches({ augment: false }))).flatMap((batch) =>
        batch.names
      );
      for (const name of names) seen.add(name);
    }
  }
  assertEquals(seen.size, 18);
  const last = 999_999;
  assertEquals(sceneSeed(0, "train", last) + 1, sceneSeed(0, "val", 0));
  assertEquals(sceneSeed(0, "test", last) + 1, sceneSeed(1, "train", 0));
  assert(Number.isSafeInteger(sceneSeed(2 ** 31 - 1, "test", last)));
});

Deno.test("toytown() with keep gives what it gives without, in every epoch", async () => {
  const kept = toytown({ ...small, keep: true });
  for (const epoch of [0, 1]) {
    assertEquals(await collect(kept.batches({ epoch })), await collect(toytown(small).batches({ epoch })));
  }
  assertEquals(await collect(kept.batches({ augment: false })), await collect(toytown(small).batches({ augment: false })));
});

Deno.test("toytown() leaks no tensor when the reader breaks", async () => {
  const before = tf.memory().numTensors;
  for await (const { input, target } of toytown(small).batches()) {
    tf.dispose([input, target]);
    break;
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("toytown() moves and mirrors labels and photo alike: one cut of the larger drawings explains both", async () => {
  const cuts = [];
  for (let top = 0; top <= 4; top++) {
    for (let left = 0; left <= 4; left++) for (const mirror of [true, false]) cuts.push({ top, left, mirror });
  }
  const found = new Set<string>();
  for await (const { input, target, names } of toytown({ ...small, seed: 5 }).batches()) {
    const drawn = scene(Number(names[0]!.split(" ")[1]));
    const [labels, photo] = await Promise.all([labelImage(drawn, enlarged(32)), photoImage(drawn, enlarged(32))]);
    const [shownLabels, shownPhoto] = [toImages(input)[0]!.data.join(), toImages(target)[0]!.data.join()];
    const fits = cuts.filter((cut) =>
      augmented(labels, cut, 32, 32).data.join() === shownLabels && augmented(photo, cut, 32, 32).data.join() === shownPhoto
    );
    assertEquals(fits.length, 1, names[0]);
    found.add(JSON.stringify(fits[0]));
    tf.dispose([input, target]);
  }
  assert(found.size > 3, [...found].join());
});

Deno.test("toytown() throws on options out of their range", () => {
  const cases: [ToytownOptions, string][] = [
    [{ count: 0 }, "count must be"],
    [{ count: 1_000_001 }, "count must be"],
    [{ size: 0 }, "got [0, 0]"],
    [{ seed: -1 }, "seed must be"],
    [{ split: "dev" as "val" }, 'got "dev"'],
    [{ direction: "BtoC" as "BtoA" }, 'got "BtoC"'],
  ];
  for (const [options, message] of cases) assertThrows(() => toytown(options), RangeError, message);
  assertAlmostEquals(toytown({ count: 1_000_000 }).count, 1e6);
});
