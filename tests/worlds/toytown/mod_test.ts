import * as tf from "../../../lib/tf.ts";
import { assert, assertAlmostEquals, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { augmented, enlarged } from "../../../lib/data/augment.ts";
import { toImages } from "../../../lib/data/image_bytes.ts";
import { scene } from "../../../data/worlds/toytown/facade/compose.ts";
import { sceneSeed, toytown, type ToytownOptions, toytownUnpaired } from "../../../data/worlds/toytown/mod.ts";
import { palette } from "../../../data/worlds/toytown/facade/scene.ts";
import { labelImage, photoImage, renderScene } from "../../../data/worlds/toytown/worlds.ts";
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

Deno.test("toytown() pairs labels with photos in [-1, 1]; label colours stay exact under augmentation", async () => {
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

Deno.test("toytown() swaps input and target for AtoB", async () => {
  const options = { augment: false, shuffle: false } as const;
  const there = await collect(toytown(small).batches(options));
  const back = await collect(toytown({ ...small, direction: "AtoB" }).batches(options));
  assertEquals(back.map(({ input, target, names }) => ({ input: target, target: input, names })), there);
});

Deno.test("toytown() is reproducible, differs between epochs, and resumes after skip", async () => {
  const pairs = toytown(small);
  const whole = await collect(pairs.batches({ seed: 2, epoch: 1 }));
  assertEquals(await collect(toytown(small).batches({ seed: 2, epoch: 1 })), whole);
  assertEquals(await collect(pairs.batches({ seed: 2, epoch: 1, skip: 4 })), whole.slice(4));
  assertNotEquals(await collect(pairs.batches({ seed: 2, epoch: 2 })), whole);
});

Deno.test("toytown() has no scenes in common between splits or seeds", async () => {
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

Deno.test("toytown() with keep yields the same batches in every epoch", async () => {
  const kept = toytown({ ...small, keep: true });
  for (const epoch of [0, 1]) {
    assertEquals(await collect(kept.batches({ epoch })), await collect(toytown(small).batches({ epoch })));
  }
  assertEquals(await collect(kept.batches({ augment: false })), await collect(toytown(small).batches({ augment: false })));
});

Deno.test("toytown() leaks no tensors when the loop breaks", async () => {
  const before = tf.memory().numTensors;
  for await (const { input, target } of toytown(small).batches()) {
    tf.dispose([input, target]);
    break;
  }
  assertEquals(tf.memory().numTensors, before);
});

Deno.test("toytown() augments labels and photo identically: both are the same crop of larger drawings", async () => {
  const crops = [];
  for (let top = 0; top <= 4; top++) {
    for (let left = 0; left <= 4; left++) {
      for (const mirror of [true, false]) crops.push({ vertical: (top + 0.5) / 5, horizontal: (left + 0.5) / 5, mirror });
    }
  }
  const found = new Set<string>();
  for await (const { input, target, names } of toytown({ ...small, seed: 5 }).batches()) {
    const drawn = scene(Number(names[0]!.split(" ")[1]));
    const [labels, photo] = await Promise.all([labelImage(drawn, enlarged(32)), photoImage(drawn, enlarged(32))]);
    const [shownLabels, shownPhoto] = [toImages(input)[0]!.data.join(), toImages(target)[0]!.data.join()];
    const fits = crops.filter((crop) =>
      augmented(labels, crop, 32, 32).data.join() === shownLabels && augmented(photo, crop, 32, 32).data.join() === shownPhoto
    );
    assertEquals(fits.length, 1, names[0]);
    found.add(JSON.stringify(fits[0]));
    tf.dispose([input, target]);
  }
  assert(found.size > 3, [...found].join());
});

Deno.test("toytown() throws on options that are out of range", () => {
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

Deno.test("toytown() pairs any two renderings with their channels, in both directions", async () => {
  const cases: [ToytownOptions, number, number, string][] = [
    [{ input: "edges", target: "photo" }, 1, 3, "edges to photo"],
    [{ input: "photo", target: "night" }, 3, 3, "photo to night"],
    [{ scene: "town" }, 3, 3, "map to aerial"],
    [{ scene: "town", direction: "AtoB" }, 3, 3, "aerial to map"],
    [{ scene: "town", input: "grey", target: "aerial" }, 1, 3, "grey to aerial"],
  ];
  for (const [options, inputChannels, targetChannels, name] of cases) {
    const pairs = toytown({ ...options, count: 2, size: 16 });
    assertEquals([pairs.inputChannels, pairs.targetChannels], [inputChannels, targetChannels]);
    assert(pairs.name.includes(name), pairs.name);
    for (const { input, target } of await collect(pairs.batches())) {
      assertEquals([input.length, target.length], [256 * inputChannels, 256 * targetChannels]);
    }
  }
  const wrong = { scene: "town", input: "night" } as const;
  assertThrows(() => toytown(wrong), RangeError, '"labels", "aerial", "map", "winter", "edges", "grey", got "night"');
  assertThrows(() => toytown({ scene: "village" as "town" }), RangeError, 'scene must be one of "facade", "town", got "village"');
  await assertRejects(() => renderScene("facade", 1, "aerial", 8), RangeError, 'got "aerial"');
});

Deno.test("toytownUnpaired() draws domains with no scenes in common, and their ground truth", async () => {
  const data = toytownUnpaired({ count: 4, size: 16 });
  assertEquals([data.count, data.aCount, data.bCount, data.aChannels, data.bChannels], [4, 4, 4, 3, 3]);
  const [left, right] = [new Set<string>(), new Set<string>()];
  for await (const { a, b, names } of data.batches({ batch: 2 })) {
    assertEquals([a.shape, b.shape], [[2, 16, 16, 3], [2, 16, 16, 3]]);
    for (const name of names) {
      const [first, second] = name.split(", ") as [string, string];
      left.add(first), right.add(second);
    }
    tf.dispose([a, b]);
  }
  assertEquals([left.size, right.size], [4, 4]);
  assertEquals([...left].filter((name) => right.has(name)), []);
  const [truth] = await collect(data.truth!.batches({ shuffle: false, augment: false }));
  const seed = sceneSeed(0, "train", 0);
  assertEquals(truth!.names, [`scene ${seed}`]);
  const brick = await renderScene("facade", seed, "brick", 16), plaster = await renderScene("facade", seed, "plaster", 16);
  assertEquals([...truth!.input].map((value) => Math.round((value + 1) * 127.5)), [...brick.data]);
  assertEquals([...truth!.target].map((value) => Math.round((value + 1) * 127.5)), [...plaster.data]);
});

Deno.test("toytownUnpaired() is reproducible, resumes after skip, and differs between epochs", async () => {
  const data = toytownUnpaired({ count: 5, size: 8, scene: "town" });
  const read = async (options: Parameters<typeof data.batches>[0]) => {
    const taken = [];
    for await (const { a, b, names } of data.batches(options)) {
      taken.push({ names, a: a.dataSync().slice(), b: b.dataSync().slice() });
      tf.dispose([a, b]);
    }
    return taken;
  };
  const before = tf.memory().numTensors;
  const whole = await read({ seed: 1, batch: 2 });
  assertEquals(await read({ seed: 1, batch: 2 }), whole);
  assertEquals(await read({ seed: 1, batch: 2, skip: 1 }), whole.slice(1));
  assertNotEquals(
    (await read({ seed: 1, epoch: 1, batch: 2 })).flatMap(({ names }) => names),
    whole.flatMap(({ names }) => names),
  );
  assertEquals(tf.memory().numTensors, before);
});
