import { assert, assertEquals, assertThrows } from "@std/assert";
import { augmented, crop, drawAugmentation, enlarged, mirror } from "../../lib/data/augment.ts";
import type { Image } from "../../lib/data/image_bytes.ts";
import { seededRandom } from "../../lib/data/random.ts";

/** Returns an image of two channels: 10 * row + column, and that plus 100. */
function numbered(height: number, width: number): Image {
  const data = new Uint8Array(height * width * 2);
  for (let i = 0; i < height * width; i++) {
    const value = 10 * Math.floor(i / width) + i % width;
    data.set([value, value + 100], 2 * i);
  }
  return { data, height, width, channels: 2 };
}

Deno.test("enlarged() returns 286 for 256, as in the paper, and scales other sizes proportionally", () => {
  assertEquals([256, 128, 64].map(enlarged), [286, 143, 72]);
});

Deno.test("crop() keeps the requested rows and columns in all channels", () => {
  const part = crop(numbered(4, 5), 1, 2, 2, 3);
  assertEquals([part.height, part.width, part.channels], [2, 3, 2]);
  assertEquals([...part.data], [12, 112, 13, 113, 14, 114, 22, 122, 23, 123, 24, 124]);
});

Deno.test("crop() throws if the crop extends beyond the image", () => {
  assertThrows(() => crop(numbered(4, 5), 3, 0, 2, 2), RangeError, "the image is [4, 5]");
  assertThrows(() => crop(numbered(4, 5), 0, -1, 2, 2), RangeError, "[4, 5]");
});

Deno.test("mirror() swaps left and right, keeps the channel order, and is its own inverse", () => {
  const image = numbered(2, 3);
  assertEquals([...mirror(image).data], [2, 102, 1, 101, 0, 100, 12, 112, 11, 111, 10, 110]);
  assertEquals(mirror(mirror(image)), image);
});

Deno.test("augmented() crops, then mirrors", () => {
  const part = augmented(numbered(4, 5), { top: 2, left: 1, mirror: true }, 1, 3);
  assertEquals([...part.data], [23, 123, 22, 122, 21, 121]);
});

Deno.test("drawAugmentation() reaches every position, and mirrors half of the time", () => {
  const seen = Array.from({ length: 2000 }, (_, seed) => drawAugmentation(64, 32, seededRandom(seed)));
  const distinct = (values: unknown[]) => new Set(values).size;
  assertEquals(distinct(seen.map(({ top }) => top)), 72 - 64 + 1);
  assertEquals(distinct(seen.map(({ left }) => left)), 36 - 32 + 1);
  assert(seen.every(({ top, left }) => top >= 0 && top <= 8 && left >= 0 && left <= 4));
  const mirrored = seen.filter((one) => one.mirror).length;
  assert(mirrored > 900 && mirrored < 1100, `${mirrored} of 2000 mirrored`);
});
