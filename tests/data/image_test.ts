import * as tf from "../../lib/tf.ts";
import { join } from "node:path";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { encodePng, readImage, readImageBytes, writeImage } from "../../lib/data/image.ts";
import { paint, withFolder } from "./_images.ts";
import { loadSharp } from "../../lib/packages.ts";

const sharp = await loadSharp();

Deno.test("readImage() returns [1, height, width, 3] in [-1, 1]", () =>
  withFolder(async (folder) => {
    const path = await paint(join(folder, "a.png"), 3, 2, (x, y) => [x * 100, y * 255, 51]);
    const image = await readImage(path);
    assertEquals(image.shape, [1, 2, 3, 3]);
    const values = [...image.dataSync()];
    const expected = [[0, 0, 51], [100, 0, 51], [200, 0, 51], [0, 255, 51], [100, 255, 51], [200, 255, 51]].flat();
    values.forEach((value, i) => assertAlmostEquals(value, expected[i]! / 127.5 - 1, 1e-6));
    image.dispose();
  }));

Deno.test("readImage() accepts bytes, and resizes on request", () =>
  withFolder(async (folder) => {
    const bytes = await Deno.readFile(await paint(join(folder, "a.png"), 20, 10, () => [10, 20, 30]));
    for (const [options, shape] of [[{ size: 8 }, [1, 8, 8, 3]], [{ height: 4, width: 6, channels: 1 }, [1, 4, 6, 1]]] as const) {
      const image = await readImage(bytes, options);
      assertEquals(image.shape, [...shape]);
      image.dispose();
    }
    assertEquals([...(await readImageBytes(bytes, { size: 1 })).data], [10, 20, 30]);
  }));

Deno.test("readImageBytes() converts greyscale to three equal channels, and colour to greyscale", () =>
  withFolder(async (folder) => {
    const grey = join(folder, "grey.png");
    await sharp(new Uint8Array([0, 90, 180, 255]), { raw: { width: 2, height: 2, channels: 1 } }).toColourspace("b-w").png()
      .toFile(grey);
    assertEquals((await sharp(grey).metadata()).channels, 1);
    assertEquals([...(await readImageBytes(grey)).data], [0, 0, 0, 90, 90, 90, 180, 180, 180, 255, 255, 255]);
    assertEquals([...(await readImageBytes(grey, { channels: 1 })).data], [0, 90, 180, 255]);
    const pure = await paint(
      join(folder, "pure.png"),
      3,
      1,
      (x) => [0, 1, 2].map((i) => i === x ? 255 : 0) as [number, number, number],
    );
    const { data, channels } = await readImageBytes(pure, { channels: 1 });
    assertEquals([channels, ...data], [1, 76, 150, 29], "0.299, 0.587 and 0.114 of 255");
  }));

Deno.test("readImageBytes() blends transparent pixels onto white, and keeps alpha if four channels are requested", () =>
  withFolder(async (folder) => {
    const path = join(folder, "alpha.png");
    const pixels = new Uint8Array([255, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 128]);
    await sharp(pixels, { raw: { width: 3, height: 1, channels: 4 } }).png().toFile(path);
    assertEquals([...(await readImageBytes(path)).data], [255, 0, 0, 255, 255, 255, 127, 127, 127]);
    assertEquals([...(await readImageBytes(path, { channels: 4 })).data], [...pixels]);
    const opaque = await readImageBytes(await paint(join(folder, "rgb.png"), 1, 1, () => [1, 2, 3]), { channels: 4 });
    assertEquals([...opaque.data], [1, 2, 3, 255]);
  }));

Deno.test("readImageBytes() rotates an image according to its EXIF orientation", () =>
  withFolder(async (folder) => {
    const upright = await paint(join(folder, "a.png"), 2, 1, (x) => [x === 0 ? 250 : 0, 0, 0]);
    const path = join(folder, "turned.png");
    await sharp(upright).withMetadata({ orientation: 6 }).png().toFile(path); // 6: rotate by 90° clockwise to view
    const image = await readImageBytes(path);
    assertEquals([image.height, image.width], [2, 1]);
    assertEquals([...image.data], [250, 0, 0, 0, 0, 0]);
  }));

Deno.test("readImageBytes() converts 16 bits to 8", () =>
  withFolder(async (folder) => {
    const path = join(folder, "deep.png");
    const pixels = new Uint16Array([0, 0x8080, 0xffff]);
    await sharp(pixels, { raw: { width: 1, height: 1, channels: 3 } }).toColourspace("rgb16").png().toFile(path);
    assertEquals((await sharp(path).metadata()).depth, "ushort");
    assertEquals([...(await readImageBytes(path)).data], [0, 128, 255]);
  }));

Deno.test("readImageBytes() reports a file that is missing, truncated, or not an image, in one line", () =>
  withFolder(async (folder) => {
    const whole = await paint(join(folder, "whole.jpg"), 64, 64, (x, y) => [x * 4, y * 4, (x * y) % 256]);
    const bytes = await Deno.readFile(whole);
    await Deno.writeFile(join(folder, "cut.jpg"), bytes.subarray(0, bytes.length / 2));
    await Deno.writeTextFile(join(folder, "text.jpg"), "not an image");
    await Deno.writeFile(join(folder, "empty.png"), new Uint8Array());
    for (const name of ["cut.jpg", "text.jpg", "empty.png", "missing.jpg"]) {
      const error = await assertRejects(() => readImageBytes(join(folder, name)), Error, join(folder, name));
      assert(!error.message.includes("\n"), error.message);
    }
    await assertRejects(() => readImageBytes(new Uint8Array([1, 2]), { name: "upload 3" }), Error, "Cannot read upload 3");
  }));

Deno.test("readImage() throws on invalid sizes and channels", async () => {
  await assertRejects(() => readImage("a.png", { size: 0 }), RangeError, "got [0, 0]");
  await assertRejects(() => readImage("a.png", { height: 4 }), RangeError, "got [4, NaN]");
  await assertRejects(() => readImage("a.png", { channels: 2 as 3 }), RangeError, "got 2");
});

Deno.test("writeImage() writes what readImage() reads, for ranks 3 and 4, greyscale and colour, and leaks no tensors", () =>
  withFolder(async (folder) => {
    const before = tf.memory().numTensors;
    for (const shape of [[1, 4, 5, 3], [4, 5, 1]] as number[][]) {
      const path = join(folder, `${shape.length}.png`);
      const image = tf.randomUniform<tf.Rank>(shape as [number, number, number], -1, 1, "float32", 3) as tf.Tensor4D;
      await writeImage(path, image);
      const channels = shape.at(-1) as 1 | 3;
      const again = await readImage(path, { channels });
      assertEquals(again.shape, [1, 4, 5, channels]);
      const expected = image.dataSync();
      again.dataSync().forEach((value, i) => assertAlmostEquals(value, expected[i]!, 1 / 255 + 1e-6));
      tf.dispose([image, again]);
    }
    assertEquals(tf.memory().numTensors, before);
  }));

Deno.test("writeImage() throws on a batch, on two channels, and if the file cannot be written", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.png");
    await assertRejects(() => writeImage(path, tf.zeros<tf.Rank.R4>([2, 4, 4, 3])), RangeError, "batch of 2");
    await assertRejects(() => writeImage(path, tf.zeros([4, 4, 2]) as tf.Tensor3D), RangeError, "with 2 channels");
    const nowhere = join(folder, "no", "a.png");
    await assertRejects(() => writeImage(nowhere, tf.zeros([4, 4, 3]) as tf.Tensor3D), Error, `Cannot write ${nowhere}`);
  }));

Deno.test("writeImage() throws on non-finite values, writes no file, and leaks no tensors", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.png");
    for (const value of [NaN, Infinity, -Infinity]) {
      const image = tf.tensor3d([0, 0.5, value], [1, 1, 3]);
      const before = tf.memory().numTensors;
      const { message } = await assertRejects(() => writeImage(path, image), RangeError);
      assert(message.startsWith(`Cannot write ${path}: expected values in [-1, 1], got ${value}; `), message);
      assertEquals(tf.memory().numTensors, before);
      image.dispose();
    }
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
    const outside = tf.tensor3d([-9, 0, 9], [1, 1, 3]);
    await writeImage(path, outside); // finite values are clipped
    assertEquals([...(await readImageBytes(path)).data], [0, 128, 255]);
    outside.dispose();
  }));

Deno.test("encodePng() returns a PNG that decodes to the same bytes", async () => {
  const image = { data: new Uint8Array([0, 1, 2, 253, 254, 255]), height: 1, width: 2, channels: 3 };
  const png = await encodePng(image);
  assertEquals([...png.subarray(1, 4)], [..."PNG"].map((letter) => letter.charCodeAt(0)));
  assertEquals(await readImageBytes(png), image);
});

Deno.test("readImageBytes() throws on floating-point values, which would all be black", () =>
  withFolder(async (folder) => {
    const path = join(folder, "depth.tif");
    const raw = { width: 2, height: 2, channels: 1 } as const;
    await sharp(new Float32Array([0, 0.25, 0.5, 1]), { raw }).pipelineColourspace("b-w").toColourspace("b-w").tiff({
      compression: "none",
    })
      .withMetadata().toFile(path);
    const { depth } = await sharp(path).metadata();
    if (depth !== "float") return void assertEquals(depth, "uchar"); // this version of sharp cannot write floating-point values
    await assertRejects(() => readImageBytes(path), Error, "expected 8 or 16 bits per channel, got values of type float");
  }));
