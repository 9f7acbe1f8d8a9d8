import { join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { imageExtensions, listFolder, listImages, stem } from "../../lib/data/image_files.ts";
import { readHeader } from "../../lib/data/header.ts";
import { lookAtFolder, LOOKED_AT, sameProportions, singleImages } from "../../lib/data/look.ts";
import { labelledFromFolder } from "../../lib/data/image_folders.ts";
import { pairsFromFolders } from "../../lib/data/paired_folders.ts";
import { loadSharp } from "../../lib/packages.ts";
import { flat, paint, paintAll, withFolder } from "./_images.ts";

const sharp = await loadSharp();

/** Writes files that are not images. */
async function touch(folder: string, names: string[], text = "x"): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const name of names) await Deno.writeTextFile(join(folder, name), text);
}

Deno.test("imageExtensions contains the extension of every format that sharp decodes from files", () => {
  const suffixes = Object.values(sharp.format).flatMap(({ input }) => input.file ? [...input.fileSuffix ?? []] : []);
  assert(suffixes.length > 5);
  for (const suffix of suffixes) assert(imageExtensions.includes(suffix), suffix);
});

Deno.test("images are read whatever the name of their format: JPEG as .jfif and .jpe, SVG, and upper case", () =>
  withFolder(async (folder) => {
    await paint(join(folder, "1.jpg"), 8, 8, flat(9));
    for (const name of ["2.jfif", "3.JPE", "4.pjpeg"]) await Deno.copyFile(join(folder, "1.jpg"), join(folder, name));
    await touch(folder, ["5.svg"], '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>');
    assertEquals((await lookAtFolder(folder)).seen.map(({ header }) => header.format), ["jpeg", "jpeg", "jpeg", "jpeg", "svg"]);
    assertEquals((await labelledFromFolder(folder, { size: 8 })).count, 5);
  }));

Deno.test("listFolder() counts formats that cannot be decoded, other files and hidden images", () =>
  withFolder(async (folder) => {
    await touch(folder, ["1.HEIC", "2.heic", "3.bmp", "4.cr2", "notes.txt", ".5.png", ".DS_Store"]);
    const { images, unreadable, others, hidden } = await listFolder(folder);
    assertEquals([images, unreadable, others, hidden], [[], { ".heic": 2, ".bmp": 1, ".cr2": 1 }, 1, 1]);
    await assertRejects(() => listImages(folder), Error, "convert them to PNG or JPEG");
  }));

Deno.test("folders of training runs are left out, so that their samples are neither images nor classes", () =>
  withFolder(async (folder) => {
    for (const name of ["cat", "dog", "run", "samples"]) await paintAll(join(folder, name), { "1.png": 1, "2.png": 2 });
    assertEquals((await labelledFromFolder(folder, { size: 8 })).classNames, ["cat", "dog", "run", "samples"]);
    await touch(join(folder, "run"), ["forger.json"]);
    await touch(folder, ["run.json", "losses.csv"]); // the folder is itself that of a run
    assertEquals((await labelledFromFolder(folder, { size: 8 })).classNames, ["cat", "dog"]);
    assertEquals((await listFolder(folder)).results.sort(), ["run", "samples"]);
  }));

Deno.test("lookAtFolder() reads a bounded number of headers, and reports files that are not images", () =>
  withFolder(async (folder) => {
    const file = await paint(join(folder, "0.png"), 8, 8, flat(9));
    for (let i = 1; i < 400; i++) await Deno.copyFile(file, join(folder, `${i}.png`));
    const { images, seen } = await lookAtFolder(folder);
    assertEquals([images.length, seen.length, new Set(seen.map(({ file }) => file)).size], [400, LOOKED_AT, LOOKED_AT]);
    await touch(join(folder, "bad"), ["text.png"]);
    await touch(join(folder, "bad"), ["empty.jpg"], "");
    assertEquals((await lookAtFolder(join(folder, "bad"))).broken.map(({ file }) => file), ["empty.jpg", "text.png"]);
  }));

Deno.test("readHeader() gives the size as the image is read, upright, and recognizes a palette", () =>
  withFolder(async (folder) => {
    const plain = sharp(await paint(join(folder, "1.png"), 12, 8, (x) => x < 6 ? [0, 0, 0] : [128, 0, 0]));
    await plain.clone().withMetadata({ orientation: 6 }).jpeg().toFile(join(folder, "2.jpg"));
    await plain.clone().png({ palette: true }).toFile(join(folder, "3.png"));
    const headers = await Promise.all(["1.png", "2.jpg", "3.png"].map((file) => readHeader(join(folder, file))));
    const facts = headers.map((found) => {
      return "header" in found && [found.header.width, found.header.height, found.header.orientation, found.header.palette];
    });
    assertEquals(facts, [[12, 8, 1, false], [8, 12, 6, false], [12, 8, 1, true]]);
  }));

Deno.test("sameProportions() accepts rounding, and nothing else", () => {
  const size = (width: number, height: number) => ({ width, height });
  for (const [a, b] of [[size(481, 321), size(240, 160)], [size(30, 20), size(16, 11)], [size(9, 9), size(500, 500)]] as const) {
    assert(sameProportions(a, b) && sameProportions(b, a), `${a.width}x${a.height}`);
  }
  for (const [a, b] of [[size(128, 64), size(64, 128)], [size(400, 300), size(400, 320)], [size(8, 8), size(16, 8)]] as const) {
    assert(!sameProportions(a, b) && !sameProportions(b, a), `${a.width}x${a.height}`);
  }
});

Deno.test("singleImages() finds photographs among pairs of any proportions", () =>
  withFolder(async (folder) => {
    const photo = (x: number, y: number): [number, number, number] => [(x * 2 + y) % 256, (y * 3) % 256, (x + y) % 256];
    await paint(join(folder, "square.png"), 60, 60, photo);
    await paint(join(folder, "odd.png"), 61, 40, photo);
    await paint(join(folder, "pair.png"), 64, 32, photo);
    await paint(join(folder, "tall pair.png"), 64, 48, (x, y) => x < 32 ? photo(x, y) : [0, 200 - y, 255]);
    assertEquals((await singleImages(await lookAtFolder(folder))).map(({ file }) => file).sort(), ["odd.png", "square.png"]);
  }));

Deno.test("names that differ only in their Unicode form, or in the case of the extension, are partners", () =>
  withFolder(async (folder) => {
    const [a, b] = [join(folder, "a"), join(folder, "b")];
    await paintAll(a, { ["Müller.png".normalize("NFC")]: 1, "2.PNG": 2 });
    await paintAll(b, { ["Müller.png".normalize("NFD")]: 1, "2.png": 2 });
    assertEquals((await pairsFromFolders(a, b, { size: 8 })).count, 2);
    assertEquals(stem("é.png".normalize("NFD")), "é".normalize("NFC"));
  }));

Deno.test("count limits a folder to its first images in natural order, and keeps all classes", () =>
  withFolder(async (folder) => {
    const names = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`${i + 1}.png`, i]));
    for (const name of ["cat", "dog"]) await paintAll(join(folder, name), names);
    const taken = async (count: number) => {
      const found: string[] = [];
      for await (const batch of (await labelledFromFolder(folder, { size: 8, count })).batches({ batch: 100, shuffle: false })) {
        found.push(...batch.names);
        batch.images.dispose();
        batch.labels.dispose();
      }
      return found;
    };
    assertEquals(
      await taken(5),
      [1, 2, 3].map((n) => join("cat", `${n}.png`)).concat([1, 2].map((n) => join("dog", `${n}.png`))),
    );
    assertEquals((await taken(100)).length, 24);
    await Deno.writeTextFile(join(folder, "cat", "1.png"), "no image");
    const pairs = await pairsFromFolders(join(folder, "cat"), join(folder, "dog"), { size: 8, count: 3, skipBad: true });
    assertEquals([pairs.count, pairs.bad?.length], [3, 1]);
  }));
