import { assertEquals, assertThrows } from "@std/assert";
import { brightness, type Image, toImages, toTensor } from "../../lib/data/image_bytes.ts";
import { labelNumbers, labelPlanes, likeliestLabels, paintLabels } from "../../lib/data/label_maps.ts";
import { backgroundOf } from "../../lib/play/board.ts";
import { Drawing } from "../../lib/play/drawing.ts";
import type { PageColour, PageSide } from "../../lib/play/page_data.ts";
import { classesOf, classValues, type Pixels, pixelsOf, valuesOf } from "../../lib/play/pixels.ts";
import { numbersOf, runsOf } from "../../lib/play/views/input.ts";
import * as tf from "../../lib/tf.ts";

const PALETTE: PageColour[] = [
  { name: "sky", colour: [0, 0, 170] },
  { name: "wall", colour: [255, 85, 0] },
  { name: "door", colour: [0, 170, 255] },
];

/** The rows of a drawing, as text. */
function rows({ pixels, width, height }: Drawing): string[] {
  return Array.from({ length: height }, (_, y) => [...pixels.subarray(y * width, (y + 1) * width)].join(""));
}

Deno.test("a pen draws lines, also between points that are far apart, and stays inside", () => {
  const drawing = new Drawing({ height: 4, width: 6 });
  drawing.press("pen", { x: 0, y: 1 }, 2, 1);
  drawing.move("pen", { x: 9, y: 1 }, 2, 1);
  drawing.release();
  assertEquals(rows(drawing), ["000000", "222222", "000000", "000000"]);
  drawing.press("pen", { x: 0, y: 3 }, 1, 2);
  drawing.release();
  assertEquals(rows(drawing), ["000000", "222222", "100000", "100000"]);
  drawing.press("eraser", { x: 3, y: 1 }, 2, 3);
  drawing.release();
  assertEquals(rows(drawing), ["000000", "220002", "100000", "100000"]);
});

Deno.test("a rectangle follows the pen until it is released, in any direction", () => {
  const drawing = new Drawing({ height: 4, width: 5 });
  drawing.press("rectangle", { x: 3, y: 3 }, 1, 4);
  drawing.move("rectangle", { x: 0, y: 0 }, 1, 4);
  drawing.move("rectangle", { x: 2, y: 1 }, 1, 4);
  drawing.release();
  assertEquals(rows(drawing), ["00000", "00110", "00110", "00110"]);
});

Deno.test("filling changes the connected area only", () => {
  const drawing = new Drawing({ height: 4, width: 5 });
  drawing.press("rectangle", { x: 2, y: 0 }, 1, 1);
  drawing.move("rectangle", { x: 2, y: 3 }, 1, 1);
  drawing.release();
  drawing.press("fill", { x: 4, y: 3 }, 2, 1);
  drawing.release();
  assertEquals(rows(drawing), ["00122", "00122", "00122", "00122"]);
});

Deno.test("undo and redo take whole strokes; a new stroke ends what can be redone; a stroke without effect is no step", () => {
  const drawing = new Drawing({ height: 1, width: 4 });
  for (const x of [0, 1]) {
    drawing.press("pen", { x, y: 0 }, 1, 1);
    drawing.move("pen", { x: x + 1, y: 0 }, 1, 1);
    drawing.release();
  }
  assertEquals(rows(drawing), ["1110"]);
  drawing.undo();
  assertEquals([rows(drawing), drawing.can], [["1100"], { undo: true, redo: true }]);
  drawing.redo();
  assertEquals(rows(drawing), ["1110"]);
  drawing.undo();
  drawing.press("pen", { x: 0, y: 0 }, 1, 1);
  drawing.release();
  assertEquals(drawing.can, { undo: true, redo: true });
  drawing.clear();
  assertEquals([rows(drawing), drawing.can], [["0000"], { undo: true, redo: false }]);
  drawing.undo();
  drawing.undo();
  assertEquals([rows(drawing), drawing.can.undo], [["0000"], false]);
});

Deno.test("a stroke that the browser takes away leaves nothing", () => {
  const drawing = new Drawing({ height: 1, width: 3 });
  drawing.press("pen", { x: 1, y: 0 }, 1, 1);
  drawing.cancel();
  assertEquals([rows(drawing), drawing.can.undo], [["000"], false]);
});

/** Pixels of a canvas that shows an image. */
function pixelsOfImage({ data, height, width, channels }: Image): Pixels {
  const rgba = new Uint8ClampedArray(4 * height * width).fill(255);
  for (let pixel = 0; pixel < height * width; pixel++) {
    rgba.set(data.subarray(pixel * channels, (pixel + 1) * channels), 4 * pixel);
  }
  return { data: rgba, height, width };
}

const random = (channels: number): Image => ({
  data: Uint8Array.from({ length: 5 * 7 * channels }, (_, i) => (i * 97 + 31 * (i >> 3)) % 256),
  ...{ height: 5, width: 7, channels },
});

Deno.test("colours, grey and RGBA become the values that lib/data gives, and come back as the bytes that it gives", () => {
  for (const channels of [1, 3, 4]) {
    const image = random(Math.max(3, channels));
    const side: PageSide = { channels, meaning: "colours" };
    const expected = toTensor([channels === 1 ? brightness(image) : image]);
    const { data, shape } = valuesOf(pixelsOfImage(image), side);
    assertEquals([shape, data], [expected.shape, expected.dataSync()]);
    const [bytes] = toImages(expected);
    const [back] = pixelsOf({ data, shape }, side);
    const shown = (i: number, c: number) => c === 3 && channels < 4 ? 255 : bytes!.data[i * channels + Math.min(c, channels - 1)];
    assertEquals([...back!.data], Array.from({ length: 4 * 35 }, (_, i) => shown(i >> 2, i % 4)));
    expected.dispose();
  }
});

Deno.test("label maps become the planes that lib/data gives, and planes come back in the palette", () => {
  const numbers = Uint8Array.from({ length: 35 }, (_, i) => (i * 5 + (i >> 2)) % 3);
  const colours = PALETTE.map(({ colour }) => colour);
  const image = paintLabels(numbers, colours, 5, 7);
  const side: PageSide = { channels: 3, meaning: "classes", palette: PALETTE };
  const expected = toTensor([labelPlanes(labelNumbers(image, colours), 3, 5, 7)]);
  assertEquals(valuesOf(pixelsOfImage(image), side), {
    data: expected.dataSync() as Float32Array<ArrayBuffer>,
    shape: expected.shape,
  });
  assertEquals(classValues(numbers, side, 5, 7).data, expected.dataSync());
  assertEquals(classesOf(pixelsOfImage(image), PALETTE), numbers);

  const planes = tf.randomUniform([1, 5, 7, 3], -1, 1, "float32", 3) as tf.Tensor4D;
  const painted = paintLabels(likeliestLabels(planes)[0]!, colours, 5, 7);
  const [shown] = pixelsOf({ data: planes.dataSync() as Float32Array<ArrayBuffer>, shape: planes.shape }, side);
  assertEquals(shown!.data, pixelsOfImage(painted).data as Uint8ClampedArray);
  tf.dispose([expected, planes]);
});

Deno.test("a drawing in the colours of a palette becomes the values of its colours", () => {
  const numbers = Uint8Array.from([0, 1, 2, 2]);
  const { data } = classValues(numbers, { channels: 3, meaning: "colours", palette: PALETTE }, 2, 2);
  const expected = toTensor([paintLabels(numbers, PALETTE.map(({ colour }) => colour), 2, 2)]);
  assertEquals(data, expected.dataSync());
  expected.dispose();
});

Deno.test("a link's drawing comes back; one that does not fit the model is an error", () => {
  const numbers = Uint8Array.from([0, 0, 0, 2, 2, 1]);
  assertEquals(numbersOf(runsOf(numbers), 6, 3), numbers);
  for (const damaged of ["", "0x5", "0x7", "0x5,3x1", "0x5,-1x1", "0x-1,0x7", "a", "0x5,1x0.5", "0x1e9"]) {
    assertThrows(() => numbersOf(damaged, 6, 3), RangeError, "does not fit this model");
  }
});

Deno.test("the background is what an example has at its border", () => {
  assertEquals(backgroundOf(Uint8Array.from([1, 1, 2, 1, 0, 2, 1, 0, 0]), { height: 3, width: 3 }), 1);
});
