import * as tf from "../../../lib/tf.ts";
import { assert, assertEquals, assertGreater, assertLess, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import type { Image } from "../../../lib/data/image_bytes.ts";
import { sceneSeed, toytown, type ToytownOptions } from "../../../data/worlds/toytown/mod.ts";
import { townLabelNames, townPalette } from "../../../data/worlds/toytown/town/palette.ts";
import { town } from "../../../data/worlds/toytown/town/compose.ts";
import { toytownUnpaired } from "../../../data/worlds/toytown/unpaired.ts";
import { type Rendering, renderScene, type WorldName, worlds } from "../../../data/worlds/toytown/worlds.ts";
import { collect } from "../../data/_images.ts";
import { assertAgree, brightness, colourAt } from "./_agreement.ts";

await tf.setBackend("cpu");
const mean = (picture: Image) => picture.data.reduce((sum, value) => sum + value, 0) / picture.data.length;

Deno.test("renderScene() draws every rendering of every world, the same each time, each of them another picture", async () => {
  for (const world of Object.keys(worlds) as WorldName[]) {
    const seen = new Set<string>();
    for (const rendering of Object.keys(worlds[world].renderings) as Rendering[]) {
      const picture = await renderScene(world, 3, rendering, 32);
      const channels = rendering === "edges" || rendering === "grey" ? 1 : 3;
      assertEquals([picture.height, picture.width, picture.channels], [32, 32, channels], `${world} ${rendering}`);
      assertEquals(picture, await renderScene(world, 3, rendering, 32));
      assertGreater(new Set(picture.data).size, rendering === "labels" ? 2 : 8, `${world} ${rendering} is not flat`);
      seen.add(picture.data.join());
    }
    assertEquals(seen.size, Object.keys(worlds[world].renderings).length);
  }
});

Deno.test("renderScene() by night is dark, with windows that are not; in winter it is lighter than in summer", async () => {
  let lit = 0;
  for (const seed of [1, 2, 3, 4]) {
    const [day, night, winter] = await Promise.all(
      (["photo", "night", "winter"] as const).map((one) => renderScene("facade", seed, one, 64)),
    );
    assertLess(mean(night!), 0.5 * mean(day!));
    assertGreater(mean(winter!), mean(day!) + 3);
    lit += Array.from({ length: 64 * 64 }, (_, pixel) => brightness(night!, pixel)).filter((value) => value > 150).length;
    const [aerial, snow] = [await renderScene("town", seed, "aerial", 64), await renderScene("town", seed, "winter", 64)];
    assertGreater(mean(snow), mean(aerial) + 25);
  }
  assertGreater(lit, 200);
});

Deno.test("renderScene() in grey is the photo's brightness, its edges are dark lines on white", async () => {
  const [photo, grey, edges] = await Promise.all(
    (["photo", "grey", "edges"] as const).map((one) => renderScene("facade", 8, one, 64)),
  );
  let difference = 0;
  for (let pixel = 0; pixel < 64 * 64; pixel++) difference += Math.abs(brightness(photo!, pixel) - grey!.data[pixel]!) / 64 ** 2;
  assertLess(difference, 14); // the mean of the channels is not quite the luminance
  const white = edges!.data.filter((value) => value > 250).length / 64 ** 2,
    black = edges!.data.filter((value) => value < 80).length / 64 ** 2;
  assert(white > 0.3 && black > 0.03, `${white} white, ${black} black`);
});

Deno.test("a town's renderings agree to the pixel", async () => {
  for (const rendering of ["aerial", "winter", "map"] as const) {
    const pairs = Array.from({ length: 5 }, async (_, i) => {
      const [labels, photo] = await Promise.all([
        renderScene("town", 20 + i, "labels", 128),
        renderScene("town", 20 + i, rendering, 128),
      ]);
      return { labels, photo };
    });
    assertAgree(await Promise.all(pairs));
  }
});

Deno.test("brick and plaster are of one scene: their edges are where the labels have borders, their walls differ", async () => {
  for (const rendering of ["brick", "plaster", "winter", "night"] as const) {
    const pairs = Array.from({ length: 5 }, async (_, i) => {
      const [labels, photo] = await Promise.all([
        renderScene("facade", 40 + i, "labels", 128),
        renderScene("facade", 40 + i, rendering, 128),
      ]);
      return { labels, photo };
    });
    assertAgree(await Promise.all(pairs));
  }
  const [brick, plaster] = [await renderScene("facade", 40, "brick", 64), await renderScene("facade", 40, "plaster", 64)];
  assertGreater(brick.data.reduce((sum, value, i) => sum + Math.abs(value - plaster.data[i]!), 0) / brick.data.length, 5);
});

Deno.test("town() has all classes, none of them rarely, and no two towns alike; a label map holds only the palette's colours", async () => {
  const towns = Array.from({ length: 60 }, (_, seed) => town(seed));
  assertEquals(new Set(towns.map((one) => JSON.stringify(one.areas))).size, 60);
  assertEquals(town(5), towns[5]!);
  for (const label of townLabelNames) {
    assertGreater(towns.filter(({ areas }) => areas.some((area) => area.label === label)).length, 20, label);
  }
  const allowed = new Set(Object.values(townPalette).map((colour) => colour.join()));
  for (const [seed, size] of [[1, 32], [2, 100], [3, 143]] as const) {
    const labels = await renderScene("town", seed, "labels", size);
    for (let pixel = 0; pixel < size * size; pixel++) assert(allowed.has(colourAt(labels, pixel)), colourAt(labels, pixel));
  }
});

Deno.test("no rendering of a town has a number that is not finite", () => {
  for (const { svg } of Object.values(worlds.town.renderings)) {
    for (let seed = 0; seed < 25; seed++) assert(!/NaN|Infinity|undefined/.test(svg(seed, 64)), `seed ${seed}`);
  }
});

Deno.test("toytown() pairs any two renderings, with their channels, and AtoB turns them round", async () => {
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

Deno.test("toytownUnpaired() shows two styles without a scene in common, and keeps the truth apart", async () => {
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

Deno.test("toytownUnpaired() repeats for a seed, goes on after skip, and meets others in another epoch", async () => {
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
