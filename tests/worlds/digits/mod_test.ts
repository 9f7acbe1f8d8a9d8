import * as tf from "../../../lib/tf.ts";
import { assert, assertEquals, assertGreater, assertLess, assertNotEquals, assertThrows } from "@std/assert";
import { digits } from "../../../data/worlds/digits/mod.ts";
import { digitSize, renderDigit } from "../../../data/worlds/digits/render_digit.ts";
import { seededRandom } from "../../../lib/data/random.ts";
import { collectLabelled } from "../../data/_images.ts";

await tf.setBackend("cpu");

Deno.test("renderDigit() draws white on black, with the centre of mass in the middle, and an empty border", () => {
  for (let digit = 0; digit < 10; digit++) {
    for (let seed = 0; seed < 20; seed++) {
      const { data, height, width, channels } = renderDigit(digit, seededRandom(seed, digit));
      assertEquals([height, width, channels, data.length], [28, 28, 1, 784]);
      let [sum, right, down, rim] = [0, 0, 0, 0];
      data.forEach((value, at) => {
        const [x, y] = [at % digitSize, Math.floor(at / digitSize)];
        sum += value, right += value * (x + 0.5), down += value * (y + 0.5);
        if (Math.min(x, y, 27 - x, 27 - y) === 0) rim += value;
      });
      assert(Math.abs(right / sum - 14) <= 0.75 && Math.abs(down / sum - 14) <= 0.75, `${digit}, seed ${seed}`);
      assertLess(rim / sum, 0.05);
      const ink = sum / 255 / 784;
      assert(ink > 0.02 && ink < 0.4, `${digit}, seed ${seed}: ${ink} of the image is ink`);
    }
  }
});

Deno.test("renderDigit() draws images whose nearest mean image is that of their digit", () => {
  const mean = (digit: number, from: number) => {
    const sum = new Float64Array(784);
    for (let seed = from; seed < from + 60; seed++) {
      renderDigit(digit, seededRandom(seed)).data.forEach((value, i) => sum[i]! += value);
    }
    return sum;
  };
  const means = Array.from({ length: 10 }, (_, digit) => mean(digit, 0));
  const distance = (a: Float64Array, b: Float64Array) => Math.hypot(...a.map((value, i) => value - b[i]!));
  for (let digit = 0; digit < 10; digit++) {
    const distances = means.map((other) => distance(other, mean(digit, 1000)));
    assertEquals(distances.indexOf(Math.min(...distances)), digit);
  }
});

Deno.test("digits() yields balanced classes with matching labels, and is reproducible", async () => {
  const data = digits({ count: 50, seed: 3 });
  assertEquals([data.count, data.height, data.width, data.channels, data.classes, data.name], [
    50,
    28,
    28,
    1,
    10,
    "digits (train)",
  ]);
  const whole = await collectLabelled(data.batches({ batch: 20, seed: 1 }));
  const labels = whole.flatMap((batch) => batch.labels);
  for (let digit = 0; digit < 10; digit++) assertEquals(labels.filter((label) => label === digit).length, 5);
  for (const { images, labels, names } of whole) {
    assertEquals(images.length, labels.length * 784);
    labels.forEach((label, i) => {
      const seed = Number(names[i]!.split(" ")[1]);
      const { data } = renderDigit(label, seededRandom(seed));
      assertEquals([...images.subarray(i * 784, (i + 1) * 784)].map((value) => Math.round((value + 1) * 127.5)), [...data]);
    });
  }
  assertEquals(await collectLabelled(digits({ count: 50, seed: 3 }).batches({ batch: 20, seed: 1 })), whole);
  assertEquals(await collectLabelled(data.batches({ batch: 20, seed: 1, skip: 2 })), whole.slice(2));
  assertEquals(await collectLabelled(data.batches({ batch: 20, seed: 1, augment: false })), whole, "augment has no effect");
  assertNotEquals(await collectLabelled(digits({ count: 50, seed: 4 }).batches({ batch: 20, seed: 1 })), whole);
});

Deno.test("digits() has disjoint splits, leaks no tensors, and throws on options that are out of range", async () => {
  const before = tf.memory().numTensors;
  const names = new Set<string>();
  for (const split of ["train", "val", "test"] as const) {
    for (const batch of await collectLabelled(digits({ count: 10, split }).batches())) {
      batch.names.forEach((name) => names.add(name));
    }
  }
  assertEquals(names.size, 30);
  assertEquals(tf.memory().numTensors, before);
  assertThrows(() => digits({ count: 0 }), RangeError, "Cannot draw digits: count must be");
  assertThrows(() => digits({ split: "dev" as "val" }), RangeError, 'got "dev"');
  assertGreater(digits().count, 0);
});

Deno.test("digits() throws on a seed above 300,000,000", async () => {
  assertThrows(() => digits({ seed: 300_000_001 }), RangeError, "seed must be an integer from 0 to 300000000");
  const [batch] = await Array.fromAsync(digits({ seed: 300_000_000, count: 1, split: "test" }).batches());
  assertEquals(batch!.images.shape, [1, 28, 28, 1]);
  tf.dispose([batch!.images, batch!.labels]);
});
