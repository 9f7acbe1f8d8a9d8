import { assert, assertEquals, assertThrows } from "@std/assert";
import { augmented, CENTRE, crop, drawAugmentation, END, enlarged, mirror, startOf } from "../../lib/data/augment.ts";
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
  const part = augmented(numbered(4, 5), { vertical: 0.6, horizontal: 0.4, mirror: true }, 1, 3);
  assertEquals([...part.data], [23, 123, 22, 122, 21, 121]);
});

Deno.test("startOf() puts a crop at the start, the centre or the end, and nowhere else if it fills the image", () => {
  for (const [length, cropped, centre, end] of [[10, 4, 3, 6], [9, 4, 3, 5], [5, 5, 0, 0]] as const) {
    const found = [0, CENTRE.vertical, END.vertical].map((position) => startOf(position, length, cropped));
    assertEquals(found, [0, centre, end]);
  }
});

Deno.test("drawAugmentation() reaches every position, and mirrors half of the time", () => {
  const seen = Array.from({ length: 2000 }, (_, seed) => drawAugmentation(seededRandom(seed)));
  const distinct = (values: number[]) => [...new Set(values)].sort((a, b) => a - b);
  assertEquals(distinct(seen.map(({ vertical }) => startOf(vertical, 72, 64))), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assertEquals(distinct(seen.map(({ horizontal }) => startOf(horizontal, 36, 32))), [0, 1, 2, 3, 4]);
  const mirrored = seen.filter((one) => one.mirror).length;
  assert(mirrored > 900 && mirrored < 1100, `${mirrored} of 2000 mirrored`);
});
