import * as tf from "../../lib/tf.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { toTensor } from "../../lib/data/image_bytes.ts";
import { type Colour, labelNumbers, labelPlanes, likeliestLabels, paintLabels } from "../../lib/data/label_maps.ts";

const palette: Colour[] = [[0, 0, 0], [255, 0, 0], [0, 0, 255]];
const numbers = Uint8Array.from([0, 1, 2, 2, 1, 0]);

Deno.test("paintLabels() and labelNumbers() are inverses of each other", () => {
  const image = paintLabels(numbers, palette, 2, 3);
  assertEquals([image.height, image.width, image.channels], [2, 3, 3]);
  assertEquals([...image.data.subarray(3, 9)], [255, 0, 0, 0, 0, 255]);
  assertEquals(labelNumbers(image, palette), numbers);
  assertEquals(labelNumbers({ data: numbers, height: 2, width: 3, channels: 1 }, 3), numbers);
});

Deno.test("labelNumbers() reports the first pixel without a class, or maps it to the nearest colour on request", () => {
  const image = paintLabels(numbers, palette, 2, 3);
  image.data.set([200, 30, 40], 4 * 3);
  assertThrows(() => labelNumbers(image, palette, { name: "a.png" }), RangeError, "a.png: rgb(200, 30, 40) at row 1, column 1");
  assertEquals(labelNumbers(image, palette, { nearest: true }), numbers);
  const grey = { data: Uint8Array.from([0, 3]), height: 1, width: 2, channels: 1 };
  assertThrows(() => labelNumbers(grey, 3), RangeError, "expected 0 to 2, got 3 at row 0, column 1");
  assertThrows(() => labelNumbers(grey, palette), RangeError, "expected 3 colour channels, got 1");
  assertThrows(() => labelNumbers(image, 3), RangeError, "expected 1 channel of class indices, got 3");
});

Deno.test("labelPlanes() returns one plane per class, and likeliestLabels() inverts it", async () => {
  await tf.setBackend("cpu");
  const planes = toTensor([labelPlanes(numbers, 3, 2, 3)]);
  assertEquals(planes.shape, [1, 2, 3, 3]);
  assertEquals([...planes.dataSync()], [...numbers].flatMap((number) => [0, 1, 2].map((plane) => plane === number ? 1 : -1)));
  assertEquals(likeliestLabels(planes), [numbers]);
  planes.dispose();
});

Deno.test("labelPlanes() throws on a number that is not a class", () => {
  assertThrows(() => labelPlanes(new Uint8Array([3, 0]), 2, 1, 2), RangeError, "pixel 0 has class 3");
});
