import { assert, assertEquals, assertGreaterOrEqual, assertNotEquals, assertThrows } from "@std/assert";
import * as tf from "../../../lib/tf.ts";
import { drawHouse, houses, readCaption, recoverHouse } from "../../../data/worlds/houses/mod.ts";
import { toImages } from "../../../lib/data/image_bytes.ts";
import { testOnBackends } from "../../_backends.ts";

testOnBackends("recoverHouse() is correct for at least 99% of drawn images at every size", async () => {
  for (const size of [32, 64, 128]) {
    let [correct, count] = [0, 0];
    for await (const { images, conditions, captions } of houses({ count: 240, size, split: "val" }).batches({ batch: 48 })) {
      toImages(images).map(recoverHouse).forEach((seen, i) => {
        const { colour, windows } = readCaption(captions[i]!);
        if (seen.colour === colour && seen.windows === windows) correct++;
        count++;
      });
      tf.dispose([images, conditions]);
    }
    assertGreaterOrEqual(correct / count, 0.99, `at ${size}`);
  }
}, ["cpu"]);

Deno.test("recoverHouse() finds no window in a flat image, and throws on small images", () => {
  const flat = { data: new Uint8Array(64 * 64 * 3).fill(200), width: 64, height: 64, channels: 3 as const };
  assertEquals(recoverHouse(flat), { colour: "white", windows: 0 });
  assertThrows(() => recoverHouse({ ...flat, width: 8, height: 8 }), RangeError, "at least 32x32, got 8x8");
});

Deno.test("drawHouse() is deterministic, and draws different houses for different seeds", async () => {
  const facts = { colour: "red", windows: 2 } as const;
  const [first, again, other] = await Promise.all([drawHouse(facts, 1, 32), drawHouse(facts, 1, 32), drawHouse(facts, 2, 32)]);
  assertEquals(again.data, first.data);
  assertNotEquals(other.data, first.data);
});

testOnBackends(
  "houses() uses captions equally often, has no houses in common between splits, and resumes after skip",
  async () => {
    const seen = async (options: Parameters<typeof houses>[0], skip = 0) => {
      const all: { name: string; caption: string }[] = [];
      for await (
        const { images, conditions, captions, names } of houses({ size: 32, ...options }).batches({ batch: 4, seed: 3, skip })
      ) {
        captions.forEach((caption, i) => all.push({ name: names[i]!, caption }));
        tf.dispose([images, conditions]);
      }
      return all;
    };
    const train = await seen({ count: 48 });
    assertEquals(new Set(train.map(({ caption }) => caption)).size, 24);
    assertEquals(new Set(train.map(({ name }) => name)).size, 48);
    assertEquals(await seen({ count: 48 }, 3), train.slice(12));
    const test = await seen({ count: 48, split: "test" });
    assert(test.every(({ name }) => !train.some((other) => other.name === name)));
    const only = await seen({ count: 4, captions: ["a red house with one window"] });
    assertEquals(new Set(only.map(({ caption }) => caption)), new Set(["a red house with one window"]));
    assertThrows(() => houses({ captions: [] }), RangeError, "at least one caption");
    assertThrows(() => houses({ size: 0 }), RangeError, "draw houses");
  },
  ["cpu"],
);
