/** Data sets of crops: images at their own resolution, cropped at random positions. */
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { captionedByClass, type PairData } from "../../lib/data/datasets.ts";
import { type Image, toImages } from "../../lib/data/image_bytes.ts";
import { greyToColour, labelledFromFolder, unpairedFromFolders } from "../../lib/data/image_folders.ts";
import { pairsFromFolder, pairsFromFolders } from "../../lib/data/paired_folders.ts";
import { loadSharp } from "../../lib/packages.ts";
import { classifier } from "../../lib/systems/classifier.ts";
import { gan } from "../../lib/systems/gan.ts";
import * as tf from "../../lib/tf.ts";
import { type Paint, paint, plain, withFolder } from "./_images.ts";

const sharp = await loadSharp();

/** Red and green encode the column and the row. */
const places: Paint = (x, y) => [x % 256, y % 256, 0];

/** Paints both halves of a side-by-side image with {@linkcode places}. */
async function paintPair(path: string, width: number, height: number): Promise<string> {
  return await paint(path, 2 * width, height, (x, y) => places(x % width, y));
}

async function images(data: PairData, options: Parameters<PairData["batches"]>[0] = {}): Promise<[Image, Image, string][]> {
  const found: [Image, Image, string][] = [];
  for await (const { input, target, names } of data.batches(options)) {
    const [inputs, targets] = [toImages(input), toImages(target)];
    found.push(...names.map((name, i): [Image, Image, string] => [inputs[i]!, targets[i]!, name]));
    tf.dispose([input, target]);
  }
  return found;
}

/** Returns the column and row that the pixel of an image encodes. */
function at({ data, width, channels }: Image, x: number, y: number): [number, number] {
  return [data[(y * width + x) * channels]!, data[(y * width + x) * channels + 1]!];
}

/** Returns the position of a crop, and checks all of its pixels. */
function placeOf(image: Image): { left: number; top: number; mirrored: boolean } {
  const { height, width } = image;
  const [first, top] = at(image, 0, 0);
  const mirrored = at(image, 1, 0)[0] < first;
  const left = mirrored ? first - width + 1 : first;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) assertEquals(at(image, x, y), [mirrored ? first - x : first + x, top + y]);
  }
  return { left, top, mirrored };
}

Deno.test("crops are exact parts of the images, the same for both images of a pair, and reach every edge", () =>
  withFolder(async (folder) => {
    await paintPair(join(folder, "1.png"), 30, 20);
    const data = await pairsFromFolder(folder, { size: [16, 24], crop: true });
    assertEquals([data.height, data.width, data.scale], [16, 24, 1]);
    const seen = { left: new Set<number>(), top: new Set<number>(), mirrored: new Set<boolean>() };
    for (let epoch = 0; epoch < 60; epoch++) {
      const [[input, target]] = await images(data, { epoch }) as [[Image, Image, string]];
      const place = placeOf(input);
      assertEquals(placeOf(target), place);
      seen.left.add(place.left), seen.top.add(place.top), seen.mirrored.add(place.mirrored);
    }
    assertEquals([seen.left.size, seen.top.size, seen.mirrored.size], [7, 5, 2]);
  }));

Deno.test("a crop depends on the seed, the epoch and the image alone, not on the order", () =>
  withFolder(async (folder) => {
    for (const name of ["a", "b", "c", "d"]) await paintPair(join(folder, `${name}.png`), 200, 150);
    const data = await pairsFromFolder(folder, { size: 16, crop: true });
    const crops = async (options: object) =>
      Object.fromEntries((await images(data, options)).map(([input, , name]) => [name, placeOf(input)]));
    const wanted = await crops({ seed: 3, epoch: 2 });
    assertEquals(await crops({ seed: 3, epoch: 2, shuffle: false, batch: 3 }), wanted);
    for (const other of [{ seed: 4, epoch: 2 }, { seed: 3, epoch: 1 }]) assert((await crops(other))["a.png"] !== wanted["a.png"]);
    assertEquals(new Set(Object.values(wanted).map((place) => JSON.stringify(place))).size, 4);
  }));

Deno.test("without augmentation, a data set of crops gives centres or, on request, whole images, at the same scale", () =>
  withFolder(async (folder) => {
    await paintPair(join(folder, "1.png"), 60, 40);
    await paintPair(join(folder, "2.png"), 80, 32);
    const data = await pairsFromFolder(folder, { size: 32, crop: true });
    const centres = await images(data, { ...plain, batch: 2 });
    assertEquals(centres.map(([input]) => placeOf(input)), [
      { left: 14, top: 4, mirrored: false },
      { left: 24, top: 0, mirrored: false },
    ]);
    const shapes = async (scale: number) => {
      const scaled = await pairsFromFolder(folder, { size: 16, crop: true, scale });
      return (await images(scaled, { ...plain, whole: true })).map(([{ width, height }]) => `${width}x${height}`);
    };
    assertEquals(await shapes(1), ["60x40", "80x32"]);
    assertEquals(await shapes(0.5), ["30x20", "40x16"]);
    assertEquals(await shapes(2), ["120x80", "160x64"]);
    assertEquals(await shapes(0.25), ["24x16", "40x16"], "enlarged just enough for a crop");
    const fixed = await pairsFromFolder(folder, { size: 16 });
    assertEquals((await images(fixed, { ...plain, whole: true, batch: 2 })).map(([{ width }]) => width), [16, 16]);
  }));

Deno.test("in batches, whole images larger than 1024 pixels are cropped at their centre; wholePairs() does not crop them", () =>
  withFolder(async (folder) => {
    await paint(join(folder, "1.png"), 1100, 10, (x) => [x >> 3, x % 8, 0]);
    const data = await greyToColour(folder, { size: 8, crop: true });
    const [[, { width, height, data: bytes }]] = await images(data, { ...plain, whole: true }) as [[Image, Image, string]];
    assertEquals([width, height, 8 * bytes[0]! + bytes[1]!], [1024, 10, 38]);
    const halved = await greyToColour(folder, { size: 5, crop: true, scale: 0.5 });
    const sizes = async ({ wholePairs }: PairData) =>
      (await Array.fromAsync(wholePairs!())).map(({ input, target }) => [input.width, target.width, target.height]);
    assertEquals([await sizes(data), await sizes(halved)], [[[1100, 1100, 10]], [[550, 550, 5]]]);
    assertEquals((await greyToColour(folder, { size: 8 })).wholePairs, undefined);
  }));

Deno.test("scale resizes an image before it is cropped; an image smaller than a crop is enlarged, with its proportions", () =>
  withFolder(async (folder) => {
    await paintPair(join(folder, "1.png"), 120, 100);
    for (const [scale, step] of [[0.5, 2], [1, 1], [2, 0.5], [0.1, 100 / 16]] as const) {
      const data = await pairsFromFolder(folder, { size: 16, crop: true, scale });
      const [[input]] = await images(data, { epoch: 1 }) as [[Image, Image, string]];
      const [left, right, low] = [at(input, 3, 8), at(input, 12, 8), at(input, 8, 12)];
      assertAlmostEquals(Math.abs(right[0] - left[0]) / 9, step, 0.25, `columns at scale ${scale}`);
      assertAlmostEquals((low[1] - left[1]) / 4, step, 0.4, `rows at scale ${scale}`);
    }
  }));

Deno.test("pairs of different resolutions are cropped at the same place of their content, in both directions", () =>
  withFolder(async (folder) => {
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    await Deno.mkdir(a), await Deno.mkdir(b);
    await paint(join(a, "1.png"), 120, 80, (x, y) => [2 * x, 3 * y, 0]);
    await paint(join(b, "1.png"), 60, 40, (x, y) => [4 * x + 1, 6 * y + 1, 0]); // the mean of 2x2 pixels
    for (const direction of ["AtoB", "BtoA"] as const) {
      const data = await pairsFromFolders(a, b, { size: 24, direction, crop: true });
      for (let epoch = 0; epoch < 6; epoch++) {
        const [[input, target]] = await images(data, { epoch }) as [[Image, Image, string]];
        for (let y = 4; y < 20; y++) {
          for (let x = 4; x < 20; x++) {
            at(input, x, y).forEach((value, i) => assertAlmostEquals(value, at(target, x, y)[i]!, 5));
          }
        }
        const slope = Math.abs(at(input, 16, 8)[0] - at(input, 8, 8)[0]) / 8;
        assertAlmostEquals(slope, 2, 0.3, "at the resolution of the larger image");
      }
    }
  }));

Deno.test("label maps are cropped exactly, also if they are smaller than the photo", () =>
  withFolder(async (folder) => {
    const [photos, labels, small] = ["photos", "labels", "small"].map((name) => join(folder, name)) as [string, string, string];
    for (const place of [photos, labels, small]) await Deno.mkdir(place);
    const grey = async (path: string, width: number, height: number, classOf: (x: number, y: number) => number) => {
      const data = Uint8Array.from({ length: width * height }, (_, i) => classOf(i % width, Math.floor(i / width)));
      await sharp(data, { raw: { width, height, channels: 1 } }).toColourspace("b-w").png().toFile(path);
    };
    await paint(join(photos, "1.png"), 90, 60, places);
    await grey(join(labels, "1.png"), 90, 60, (x, y) => (3 * x + 5 * y) % 7);
    await grey(join(small, "1.png"), 45, 30, (x, y) => (3 * x + 5 * y) % 7);
    for (const [place, per] of [[labels, 1], [small, 2]] as const) {
      const data = await pairsFromFolders(photos, place, { size: 24, crop: true, target: { labels: 7 } });
      for (let epoch = 0; epoch < 6; epoch++) {
        const [[photo, planes]] = await images(data, { epoch }) as [[Image, Image, string]];
        placeOf(photo);
        for (let y = 0; y < 24; y++) {
          for (let x = 0; x < 24; x++) {
            const [column, row] = at(photo, x, y).map((value) => Math.floor(value / per)) as [number, number];
            const wanted = Array.from({ length: 7 }, (_, i) => i === (3 * column + 5 * row) % 7 ? 255 : 0);
            assertEquals([...planes.data.subarray((y * 24 + x) * 7, (y * 24 + x + 1) * 7)], wanted);
          }
        }
      }
    }
  }));

Deno.test("crops of large files, which are never decoded as a whole, are exact, also if EXIF turns the image", () =>
  withFolder(async (folder) => {
    const [halves, turned] = [join(folder, "halves"), join(folder, "turned")];
    await Deno.mkdir(halves), await Deno.mkdir(turned);
    // Red and green are the column and the row modulo 256.
    await paintPair(join(halves, "1.png"), 2400, 1000);
    await paint(join(folder, "upright.png"), 2000, 2400, places);
    await sharp(join(folder, "upright.png")).rotate(270).withMetadata({ orientation: 6 }).toFile(join(turned, "1.png"));
    const check = (image: Image) => {
      const [first, top] = at(image, 0, 0);
      const sign = (at(image, 1, 0)[0] - first + 256) % 256 === 1 ? 1 : -1;
      for (let y = 0; y < 32; y++) {
        for (let x = 0; x < 32; x++) assertEquals(at(image, x, y), [(first + sign * x + 256) % 256, (top + y) % 256]);
      }
      return first;
    };
    for (let epoch = 0; epoch < 4; epoch++) {
      const [[input, target]] = await images(await pairsFromFolder(halves, { size: 32, crop: true }), { epoch }) as [
        [Image, Image, string],
      ];
      assertEquals(check(input), check(target));
      const [[, photo]] = await images(await greyToColour(turned, { size: 32, crop: true }), { epoch }) as [
        [Image, Image, string],
      ];
      check(photo);
    }
  }));

Deno.test("unpaired images are cropped independently; whole images of the domains may differ in size", () =>
  withFolder(async (folder) => {
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    await Deno.mkdir(a), await Deno.mkdir(b);
    await paint(join(a, "1.png"), 100, 60, places);
    await paint(join(b, "1.png"), 50, 90, places);
    const data = await unpairedFromFolders(a, b, { size: 16, crop: true, scale: 1 });
    const tops = new Set<string>();
    for (let epoch = 0; epoch < 4; epoch++) {
      for await (const batch of data.batches({ epoch })) {
        tops.add([batch.a, batch.b].map((image) => placeOf(toImages(image)[0]!).top).join());
        tf.dispose([batch.a, batch.b]);
      }
    }
    assert(tops.size > 2);
    for await (const batch of data.batches({ ...plain, whole: true })) {
      assertEquals([batch.a.shape, batch.b.shape], [[1, 60, 100, 3], [1, 90, 50, 3]]);
      tf.dispose([batch.a, batch.b]);
    }
  }));

Deno.test("labelled images are cropped at random without mirroring; gan() and classifier() train on such crops by default", () =>
  withFolder(async (folder) => {
    for (const name of ["a", "b"]) {
      await Deno.mkdir(join(folder, name));
      await paint(join(folder, name, "1.png"), 100, 60, places);
    }
    const data = await labelledFromFolder(folder, { size: 16, crop: true });
    assertEquals([data.scale, captionedByClass(data).scale], [1, 1]); // so that stackGan() does the same
    const crops = async (options: object) => {
      const found = [];
      for await (const { images, labels } of data.batches(options)) {
        found.push(...toImages(images).map(placeOf));
        tf.dispose([images, labels]);
      }
      return found;
    };
    const random = (await Promise.all(Array.from({ length: 8 }, (_, epoch) => crops({ epoch, batch: 2 })))).flat();
    assert(new Set(random.map(({ left }) => left)).size > 8);
    assert(random.every(({ mirrored }) => !mirrored));
    assertEquals(await crops({ ...plain, batch: 2, whole: true }), Array(2).fill({ left: 42, top: 22, mirrored: false }));
    const asked: unknown[] = [];
    const watched = { ...data, batches: (options?: object) => (asked.push(options), data.batches(options)) };
    const shape = [16, 16, 3];
    for (
      const model of [gan({ networks: "dcgan", shape, filters: 1, latent: 2 }), classifier({ size: 16, channels: 3, classes: 2 })]
    ) {
      asked.length = 0;
      for await (const _ of model.train(watched, { epochs: 1, batch: 2, samples: 0 } as { epochs: number })) { /* to the end */ }
      assertEquals((asked.at(-1) as { augment?: boolean }).augment, true);
      model.dispose();
    }
  }));

Deno.test("skipBad finds files that are damaged outside the centre", () =>
  withFolder(async (folder) => {
    const [width, height] = [1500, 2900]; // so large that only a part is decoded
    const noise = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 7919 + (i * i) % 251) & 255);
    for (const name of ["1.jpg", "2.jpg"]) {
      await sharp(noise, { raw: { width, height, channels: 3 } }).jpeg().toFile(join(folder, name));
    }
    const bytes = await Deno.readFile(join(folder, "2.jpg"));
    await Deno.writeFile(join(folder, "2.jpg"), bytes.subarray(0, bytes.length * 0.9));
    const data = await greyToColour(folder, { size: 16, crop: true, skipBad: true });
    assertEquals(data.bad!.map(({ name }) => name), ["2.jpg"]);
  }));

Deno.test("scale must be a positive number, and needs crop", async () => {
  for (const scale of [0, -1, NaN, Infinity, "1" as unknown as number]) {
    await assertRejects(() => pairsFromFolder("x", { size: 8, crop: true, scale }), RangeError, `got ${scale}`);
  }
  await assertRejects(() => pairsFromFolder("x", { size: 8, scale: 0.5 }), RangeError, "set crop");
});

Deno.test("crops of a photo with 24 million pixels need less memory than the photo", () =>
  withFolder(async (folder) => {
    const [width, height] = [6000, 4000];
    const grey = Uint8Array.from({ length: width * height }, (_, i) => i >> 7);
    await sharp(grey, { raw: { width, height, channels: 1 } }).toColourspace("srgb").jpeg().toFile(join(folder, "1.jpg"));
    const files = new URL("../../lib/data/image_folders.ts", import.meta.url);
    const script = `
      import { greyToColour } from "${files}";
      const peak = async () => Number(/VmHWM:\\s*(\\d+)/.exec(await Deno.readTextFile("/proc/self/status"))[1]);
      const data = await greyToColour(${JSON.stringify(folder)}, { size: 256, crop: true });
      const before = await peak();
      for (let epoch = 0; epoch < 3; epoch++) for await (const batch of data.batches({ epoch })) batch.input.dispose();
      console.log("kilobytes:", await peak() - before);`;
    if (Deno.build.os !== "linux") return;
    const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["eval", "--no-check", "--ext=js", script] }).output();
    const used = Number(/kilobytes: (\d+)/.exec(new TextDecoder().decode(stdout))![1]);
    assert(used < 60_000, `${used} kB for a photo of ${3 * width * height / 1000} kB`);
  }));
