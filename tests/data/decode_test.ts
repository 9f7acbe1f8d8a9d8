import { join } from "node:path";
import { assert, assertEquals, assertNotEquals, assertRejects, assertThrows } from "@std/assert";
import { readImageBytes } from "../../lib/data/image.ts";
import { readSide, readSides } from "../../lib/data/preprocess.ts";
import { channelsOf, type SideOptions } from "../../lib/data/side.ts";
import { loadSharp } from "../../lib/packages.ts";
import { withFolder } from "./_images.ts";
import { blackPng, gamma18, png, type PngParts } from "./_png.ts";

const sharp = await loadSharp();

/** Class indices of a small label map. */
const CLASSES = [0, 1, 2, 2, 1, 0, 0, 2];
const COLOURS = [[0, 0, 0], [128, 0, 0], [0, 128, 0]];
const spread = (values: number[]) => values.flatMap((value) => [value, value, value]);
const map = (more: Partial<PngParts>): PngParts => ({ width: 4, height: 2, bits: 8, type: 0, values: CLASSES, ...more });

/** Returns the class index of each pixel. */
async function classesOf(path: string, labels: SideOptions["labels"]): Promise<number[]> {
  const { data, channels } = await readSide(path, undefined, { labels: labels! });
  return Array.from({ length: data.length / channels }, (_, i) => data.subarray(i * channels, (i + 1) * channels).indexOf(255));
}

Deno.test("label maps are read as numbers, whatever the palette, bits, profile or transparency of the file", () =>
  withFolder(async (folder) => {
    const files: Record<string, PngParts> = {
      "8 bits": map({}),
      "4 bits": map({ bits: 4 }),
      "2 bits": map({ bits: 2 }),
      "palette": map({ type: 3, palette: COLOURS }),
      "palette with equal colours": map({ type: 3, palette: [[0, 0, 0], [9, 9, 9], [9, 9, 9]] }),
      "palette of 2 bits": map({ type: 3, bits: 2, palette: COLOURS }),
      "transparent palette": map({ type: 3, palette: COLOURS, opacity: [0, 128, 255] }),
      "equal channels": map({ type: 2, values: spread(CLASSES) }),
      "grey profile": map({ profile: gamma18("GRAY") }),
      "RGB profile": map({ type: 2, values: spread(CLASSES), profile: gamma18("RGB ") }),
      "alpha": map({ type: 4, values: CLASSES.flatMap((value, i) => [value, i * 30]) }),
    };
    for (const [name, parts] of Object.entries(files)) {
      const path = join(folder, `${name}.png`);
      await Deno.writeFile(path, png(parts));
      assertEquals(await classesOf(path, 3), CLASSES, name);
    }
    const every = Array.from({ length: 256 }, (_, i) => i);
    for (const parts of [{ profile: gamma18("GRAY") }, { type: 3, palette: every.map((i) => [255 - i, i, 7]) }] as const) {
      const path = join(folder, "every.png");
      await Deno.writeFile(path, png(map({ width: 256, height: 1, values: every, ...parts } as Partial<PngParts>)));
      assertEquals(await classesOf(path, 256), every);
    }
  }));

Deno.test("colours of label maps are compared as they are stored", () =>
  withFolder(async (folder) => {
    const path = join(folder, "1.png");
    const colours = COLOURS as [number, number, number][];
    for (const profile of [undefined, gamma18("RGB ")]) {
      const stored = { type: 2 as const, values: CLASSES.flatMap((number) => COLOURS[number]!), ...profile && { profile } };
      await Deno.writeFile(path, png(map(stored)));
      assertEquals(await classesOf(path, colours), CLASSES);
    }
    await Deno.writeFile(path, png(map({ type: 3, palette: COLOURS, opacity: [0, 0, 255] })));
    assertEquals(await classesOf(path, colours), CLASSES, "transparent pixels keep their class");
  }));

Deno.test("masks of 0 and 255, of one bit, and other lists of values", () =>
  withFolder(async (folder) => {
    const path = join(folder, "mask.png");
    const mask = CLASSES.map((value) => value > 0 ? 1 : 0);
    await Deno.writeFile(path, png(map({ values: mask.map((value) => 255 * value) })));
    assertEquals(await classesOf(path, 2), mask);
    assertEquals(await classesOf(path, [0, 255]), mask);
    assertEquals(await classesOf(path, [255, 0]), mask.map((value) => 1 - value));
    await assertRejects(() => classesOf(path, 3), RangeError, "pass labels: [0, 255]");
    await Deno.writeFile(path, png(map({ bits: 1, values: mask })));
    assertEquals(await classesOf(path, 2), mask);

    const codes = [7, 11, 255];
    await Deno.writeFile(path, png(map({ values: CLASSES.map((number) => codes[number]!) })));
    assertEquals(await classesOf(path, codes), CLASSES);
    await assertRejects(() => classesOf(path, [7, 11]), RangeError, "mask.png: expected one of 7, 11, got 255");
    await assertRejects(() => classesOf(path, 12), RangeError, "pass labels: [7, 11, 255]");
    assertThrows(() => channelsOf({ labels: [7, 7] }), RangeError, "distinct");
  }));

Deno.test("files whose classes would be wrong are rejected with the cure that works", () =>
  withFolder(async (folder) => {
    const values = Uint8Array.from({ length: 64 }, (_, i) => i % 3);
    const grey = () => sharp(values, { raw: { width: 8, height: 8, channels: 1 } }).toColourspace("b-w");
    const refused = async (name: string, words: string) => {
      await assertRejects(() => classesOf(join(folder, name), 3), Error, words);
    };
    await grey().jpeg().toFile(join(folder, "lossy.jpg"));
    await refused("lossy.jpg", "save the label map as PNG");
    await grey().toColourspace("srgb").gif().toFile(join(folder, "palette.gif"));
    await refused("palette.gif", "convert it to PNG");
    await Deno.writeFile(join(folder, "colours.png"), png(map({ type: 2, values: CLASSES.flatMap((n) => COLOURS[n]!) })));
    await refused("colours.png", "pass the colours of its classes");
    const whole = png(map({ type: 3, palette: COLOURS }));
    await Deno.writeFile(join(folder, "truncated.png"), whole.slice(0, whole.length - 20));
    await refused("truncated.png", "truncated.png");
  }));

Deno.test("numbers are read as stored, colours in sRGB", () =>
  withFolder(async (folder) => {
    const ramp = Array.from({ length: 8 }, (_, i) => 30 * i);
    const path = join(folder, "depth.png");
    await Deno.writeFile(path, png(map({ values: ramp, profile: gamma18("GRAY") })));
    const read = async (side: SideOptions) => [...(await readSide(path, undefined, side)).data];
    assertEquals(await read({ channels: 1, numbers: true }), ramp);
    assertEquals(await read({ channels: 1, depth: 16 }), ramp.map((value) => 257 * value), "a depth of 16 means numbers");
    assertNotEquals(await read({ channels: 1 }), ramp);
    await Deno.writeFile(path, png(map({ type: 2, values: spread(ramp), profile: gamma18("RGB ") })));
    assertEquals(await read({ channels: 3, numbers: true }), spread(ramp));
    assertNotEquals(await read({ channels: 3 }), spread(ramp));
  }));

Deno.test("large images give the same pixels as small ones, in whole and in halves, upright", () =>
  withFolder(async (folder) => {
    const path = join(folder, "large.png");
    const [width, height] = [2560, 1700]; // above the limit from which images are resized while they are decoded
    const soft = Uint8Array.from({ length: 16 * 12 * 3 }, (_, i) => (i * 37) % 256);
    await sharp(soft, { raw: { width: 16, height: 12, channels: 3 } }).resize(width, height, { fit: "fill" })
      .withMetadata({ orientation: 6 }).png({ compressionLevel: 1 }).toFile(path);
    const upright = await readImageBytes(path);
    assertEquals([upright.width, upright.height], [height, width]);
    for (const part of ["whole", "left", "right"] as const) {
      const left = part === "right" ? height / 2 : 0, across = part === "whole" ? height : height / 2;
      const expected = await sharp(upright.data, { raw: { width: height, height: width, channels: 3 } })
        .extract({ left, top: 0, width: across, height: width }).resize(40, 30, { fit: "fill", kernel: "cubic" }).raw()
        .toBuffer();
      const { data } = await readSide(path, { width: 40, height: 30, fit: "fill" }, {}, undefined, part);
      const apart = [...data].reduce((sum, value, i) => sum + Math.abs(value - expected[i]!), 0) / data.length;
      assert(apart < 1, `${part}: ${apart}`);
    }
    const halves = await readSides(path, { width: 8, height: 8, fit: "fill" }, [
      { side: { channels: 1 }, part: "left" },
      { side: { depth: 16 }, part: "right" },
    ]);
    assertEquals(halves.map(({ channels, data }) => [channels, data.BYTES_PER_ELEMENT]), [[1, 1], [3, 2]]);
  }));

Deno.test("an image of 400 megapixels is read with little memory", () =>
  withFolder(async (folder) => {
    const path = join(folder, "huge.png");
    const side = 20_000;
    await Deno.writeFile(path, blackPng(side, side));
    const before = Deno.memoryUsage().rss;
    const { data } = await readSide(path, { width: 4, height: 4, fit: "cover" }, {});
    assertEquals([...new Set(data)], [0]);
    assert(Deno.memoryUsage().rss - before < 400e6, `${Deno.memoryUsage().rss - before} bytes`);
  }));
