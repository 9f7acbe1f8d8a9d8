import { join } from "node:path";
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { greyToColour } from "../../lib/data/image_folders.ts";
import { inspectFolder } from "../../lib/data/inspect.ts";
import { lookAtFolder } from "../../lib/data/look.ts";
import { CUTS, OWN_REASONS, writeBroken } from "./_broken.ts";
import { paint, paintPairs, withFolder } from "./_images.ts";
import { loadSharp } from "../../lib/packages.ts";

const sharp = await loadSharp();

const varied = (x: number, y: number): [number, number, number] => [x * 7 % 256, y * 5 % 256, (x * y) % 256];

Deno.test("inspectFolder() counts sizes and channels, and recognizes side-by-side images", () =>
  withFolder(async (folder) => {
    await paintPairs(join(folder, "train"), ["1.png", "2.jpg", "10.png"]);
    await paintPairs(join(folder, "val"), ["1.png"], 16);
    const found = await inspectFolder(folder);
    assertEquals(found.layout, "side by side");
    assertEquals(found.partnerless, []);
    assertEquals(found.folders.map(({ path, files }) => ({ path, files })), [
      { path: "train", files: ["1.png", "2.jpg", "10.png"] },
      { path: "val", files: ["1.png"] },
    ]);
    assertEquals(found.folders[0]!.sizes, { "64x32": 3 });
    assertEquals(found.folders[0]!.kinds, { "RGB, 8 bits, png": 2, "RGB, 8 bits, jpeg": 1 });
    assertEquals(found.folders.map(({ unreadable, flat }) => [unreadable, flat]), [[[], []], [[], []]]);
  }));

Deno.test("inspectFolder() finds flat images and flat halves, and truncated files", () =>
  withFolder(async (folder) => {
    await paint(join(folder, "1.png"), 64, 32, varied);
    await paint(join(folder, "2.png"), 64, 32, () => [9, 9, 9]);
    await paint(join(folder, "3.png"), 64, 32, (x, y) => x < 32 ? [200, 0, 0] : varied(x, y));
    await paint(join(folder, "4.png"), 64, 32, (x, y) => x >= 32 ? [200, 0, 0] : varied(x, y));
    const bytes = await Deno.readFile(await paint(join(folder, "5.jpg"), 64, 32, varied));
    await Deno.writeFile(join(folder, "5.jpg"), bytes.subarray(0, bytes.length / 2));
    const seen: number[] = [];
    const { folders: [found] } = await inspectFolder(folder, { report: (done) => seen.push(done) });
    assertEquals(found!.flat, [{ file: "2.png", part: "whole" }, { file: "3.png", part: "left half" }, {
      file: "4.png",
      part: "right half",
    }]);
    assertEquals(found!.unreadable.map(({ file }) => file), ["5.jpg"]);
    assertMatch(found!.unreadable[0]!.reason, /premature end|damaged or truncated/); // sharp reports either
    assertEquals(found!.sizes, { "64x32": 4 });
    assertEquals(seen, [1, 2, 3, 4, 5]);
  }));

for (const [kind, cut] of Object.entries(CUTS)) {
  Deno.test(`${kind} are found, each with its own reason`, () =>
    withFolder(async (folder) => {
      await paint(join(folder, "good.png"), 64, 64, varied);
      const names = await writeBroken(folder, cut);
      const check = (broken: { file: string; reason: string }[]) => {
        for (const { file, reason } of broken) assertMatch(reason, OWN_REASONS[file]!, file);
      };
      for (let i = 0; i < 3; i++) {
        const { folders: [found] } = await inspectFolder(folder);
        assertEquals(found!.unreadable.map(({ file }) => file).sort(), names);
        check(found!.unreadable);
        check((await lookAtFolder(folder)).broken);
        const { bad } = await greyToColour(folder, { size: 8, skipBad: true });
        assertEquals(bad!.map(({ name }) => name).sort(), names);
        check(bad!.map(({ name, reason }) => ({ file: name, reason })));
      }
    }));
}

Deno.test("inspectFolder() finds files without a partner in paired folders, but not in CycleGAN's layout", () =>
  withFolder(async (folder) => {
    const write = async (path: string, names: string[]) => {
      await Deno.mkdir(join(folder, path), { recursive: true });
      for (const name of names) await paint(join(folder, path, name), 8, 8, varied);
    };
    await write("pairs/input", ["a.png", "b.png", "c.png"]);
    await write("pairs/target", ["a.jpg", "c.jpg", "d.jpg"]);
    const pairs = await inspectFolder(join(folder, "pairs"));
    assertEquals([pairs.layout, pairs.partnerless], ["two folders, paired by name", [
      join("input", "b.png"),
      join("target", "d.jpg"),
    ]]);
    for (const side of ["A", "B"]) for (const split of ["train", "val"]) await write(`ab/${side}/${split}`, ["1.png", "2.png"]);
    await write("ab/B/val", ["3.png"]);
    assertEquals((await inspectFolder(join(folder, "ab"))).partnerless, [join("B", "val", "3.png")]);
    await write("cycle/trainA", ["1.png", "2.png"]);
    await write("cycle/trainB", ["1.png", "2.png", "3.png"]);
    const cycle = await inspectFolder(join(folder, "cycle"));
    assertEquals([cycle.layout, cycle.partnerless], ["unpaired folders", []]);
  }));

Deno.test("inspectFolder() reports greyscale, alpha and 16 bits", () =>
  withFolder(async (folder) => {
    const raw = (channels: 1 | 3 | 4) =>
      sharp(new Uint8Array(16 * channels).map((_, i) => i * 3), { raw: { width: 4, height: 4, channels } });
    await raw(1).toColourspace("b-w").png().toFile(join(folder, "grey.png"));
    await raw(4).png().toFile(join(folder, "alpha.png"));
    const deep = sharp(new Uint16Array(48).map((_, i) => i * 999), { raw: { width: 4, height: 4, channels: 3 } });
    await deep.toColourspace("rgb16").tiff({ compression: "none" }).toFile(join(folder, "deep.tif"));
    const { folders: [found], layout } = await inspectFolder(folder);
    assertEquals(found!.kinds, { "RGB and alpha, 8 bits, png": 1, "RGB, 16 bits, tiff": 1, "grey, 8 bits, png": 1 });
    assertEquals(layout, "single images");
  }));

Deno.test("inspectFolder() throws if there is nothing to inspect", () =>
  withFolder(async (folder) => {
    await assertRejects(() => inspectFolder(join(folder, "no")), Error, "there is no such folder");
    await assertRejects(() => inspectFolder(folder), Error, "contains no images");
  }));

Deno.test("inspectFolder() inspects images as they are read: upright, on white, and through links", () =>
  withFolder(async (folder) => {
    const phone = await sharp(await paint(join(folder, "a.png"), 64, 32, varied)).jpeg().withMetadata({ orientation: 6 })
      .toBuffer();
    await Deno.remove(join(folder, "a.png"));
    await Deno.mkdir(join(folder, "there"));
    await Deno.writeFile(join(folder, "there", "phone.jpg"), phone);
    const shape = new Uint8Array(16 * 4).map((_, i) => i % 4 === 3 && i < 32 ? 255 : 0); // black, and half of it transparent
    await sharp(shape, { raw: { width: 4, height: 4, channels: 4 } }).png().toFile(join(folder, "there", "shape.png"));
    await sharp(phone).toColourspace("cmyk").jpeg().toFile(join(folder, "there", "print.jpg"));
    await Deno.symlink(join(folder, "there"), join(folder, "link"));
    const { folders } = await inspectFolder(folder);
    assertEquals(folders.map(({ path }) => path), ["link", "there"]);
    const [, found] = folders;
    assertEquals([found!.sizes["32x64"], found!.flat], [1, []]);
    assertEquals(Object.keys(found!.kinds).sort(), ["CMYK, 8 bits, jpeg", "RGB and alpha, 8 bits, png", "RGB, 8 bits, jpeg"]);
  }));
