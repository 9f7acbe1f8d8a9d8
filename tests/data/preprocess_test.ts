import { join } from "node:path";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { pairsFromFolders } from "../../lib/data/paired_folders.ts";
import { collect, flat, paint, plain, withFolder } from "./_images.ts";
import { loadSharp } from "../../lib/packages.ts";

const sharp = await loadSharp();

Deno.test("readSide() preserves 16-bit precision in PNG and TIFF files, and reads 8-bit files too", () =>
  withFolder(async (folder) => {
    const deep = new Uint16Array(4 * 4 * 3).map((_, i) => i * 1365 + i);
    const raw = () =>
      sharp(deep, { raw: { width: 4, height: 4, channels: 3 } }).pipelineColourspace("rgb16").toColourspace("rgb16");
    for (const side of ["in", "out"]) await Deno.mkdir(join(folder, side));
    await raw().png().toFile(join(folder, "in", "1.png"));
    await raw().tiff({ compression: "lzw" }).toFile(join(folder, "out", "1.tif"));
    const pairs = await pairsFromFolders(join(folder, "in"), join(folder, "out"), {
      size: 4,
      input: { depth: 16 },
      target: { depth: 16 },
    });
    const [batch] = await collect(pairs.batches(plain));
    for (const values of [batch!.input, batch!.target]) {
      assertEquals([...values].map((value) => Math.round((value + 1) * 32767.5)), [...deep]);
    }
    const augmented = await collect(pairs.batches({ batch: 1 }));
    assert(
      augmented[0]!.input.some((value) => Math.abs((value + 1) * 127.5 - Math.round((value + 1) * 127.5)) > 0.05),
      "finer than 8 bits",
    );
    await paint(join(folder, "in", "1.png"), 4, 4, flat(255));
    const [shallow] = await collect(pairs.batches(plain));
    assertEquals([...new Set(shallow!.input)], [1], "white of 8 bits stays white");
    const grey = new Uint16Array(16).map((_, i) => i * 4096 + 5);
    await sharp(grey, { raw: { width: 4, height: 4, channels: 1 } }).pipelineColourspace("grey16").toColourspace("grey16").png()
      .toFile(join(folder, "in", "1.png"));
    const one = await pairsFromFolders(join(folder, "in"), join(folder, "out"), { size: 4, input: { depth: 16, channels: 1 } });
    const [depth] = await collect(one.batches(plain));
    assertEquals([...depth!.input].map((value) => Math.round((value + 1) * 32767.5)), [...grey]);
  }));

Deno.test("readSide() reads label maps as planes, by colour or by value, and resizes without mixing classes", () =>
  withFolder(async (folder) => {
    const colours = [[0, 0, 0], [255, 0, 0], [0, 0, 255]] as const;
    const classOf = (x: number, y: number) => x < 6 ? 0 : y < 5 ? 1 : 2;
    for (const side of ["labels", "numbers", "photos"]) await Deno.mkdir(join(folder, side));
    await paint(join(folder, "labels", "1.png"), 12, 12, (x, y) => [...colours[classOf(x, y)]!]);
    await sharp(join(folder, "labels", "1.png")).png({ palette: true }).toFile(join(folder, "p.png"));
    await Deno.rename(join(folder, "p.png"), join(folder, "labels", "1.png"));
    const numbers = new Uint8Array(144).map((_, i) => classOf(i % 12, Math.floor(i / 12)));
    await sharp(numbers, { raw: { width: 12, height: 12, channels: 1 } }).toColourspace("b-w").png().toFile(
      join(folder, "numbers", "1.png"),
    );
    await paint(join(folder, "photos", "1.png"), 12, 12, flat(9));
    for (const [side, labels] of [["labels", colours], ["numbers", 3]] as const) {
      const pairs = await pairsFromFolders(join(folder, side), join(folder, "photos"), { size: 12, input: { labels } });
      assertEquals([pairs.inputChannels, pairs.targetChannels], [3, 3]);
      const [batch] = await collect(pairs.batches(plain));
      assertEquals([...batch!.input], [...numbers].flatMap((number) => [0, 1, 2].map((plane) => plane === number ? 1 : -1)));
      for (
        const batch of await collect(
          (await pairsFromFolders(join(folder, side), join(folder, "photos"), { size: 17, input: { labels } })).batches(),
        )
      ) {
        for (let i = 0; i < batch.input.length; i += 3) {
          assertEquals(batch.input.subarray(i, i + 3).reduce((sum, value) => sum + value, 0), -1, "one class per pixel");
        }
      }
    }
    const wrong = await pairsFromFolders(join(folder, "labels"), join(folder, "photos"), {
      size: 12,
      input: { labels: colours.slice(0, 2) },
    });
    await assertRejects(() => collect(wrong.batches(plain)), RangeError, "1.png: rgb(0, 0, 255)");
    await assertRejects(
      () => pairsFromFolders(folder, folder, { size: 8, input: { labels: 1 } }),
      RangeError,
      "2 to 256 classes",
    );
    await assertRejects(
      () => pairsFromFolders(folder, folder, { size: 8, input: { channels: 2 as 3 } }),
      RangeError,
      "channels must be",
    );
    await assertRejects(
      () => pairsFromFolders(folder, folder, { size: 8, target: { depth: 12 as 8 } }),
      RangeError,
      "depth must be 8 or 16",
    );
  }));

Deno.test("readSide() reads classes stored in 16 bits", () =>
  withFolder(async (folder) => {
    for (const side of ["x", "y"]) await Deno.mkdir(join(folder, side));
    const write = (numbers: number[]) =>
      sharp(new Uint16Array(numbers), { raw: { width: 2, height: 2, channels: 1 } }).toColourspace("grey16").png()
        .toFile(join(folder, "x", "1.png"));
    await paint(join(folder, "y", "1.png"), 2, 2, () => [0, 0, 0]);
    const read = async () => {
      const pairs = await pairsFromFolders(join(folder, "x"), join(folder, "y"), { height: 2, width: 2, input: { labels: 4 } });
      const [batch] = await collect(pairs.batches({ augment: false }));
      return [0, 1, 2, 3].map((pixel) => [...batch!.input.slice(4 * pixel, 4 * pixel + 4)].indexOf(1));
    };
    await write([0, 1, 2, 3]);
    assertEquals(await read(), [0, 1, 2, 3]);
    await write([0, 1, 2, 300]);
    await assertRejects(read, Error, "expected values from 0 to 255, got 300");
  }));

Deno.test("skipBad finds an invalid pixel anywhere in a label map", () =>
  withFolder(async (folder) => {
    for (const side of ["x", "y"]) await Deno.mkdir(join(folder, side));
    for (const name of ["1.png", "2.png"]) {
      await paint(join(folder, "x", name), 64, 64, (x, y) => name === "2.png" && x === 5 && y === 41 ? [9, 9, 9] : [0, 0, 255]);
      await paint(join(folder, "y", name), 64, 64, (x, y) => [x, y, 0]);
    }
    const input = { labels: [[0, 0, 255], [255, 0, 0]] } as const;
    const pairs = await pairsFromFolders(join(folder, "x"), join(folder, "y"), { size: 16, input, skipBad: true });
    assertEquals(pairs.bad?.map(({ name }) => name), ["2.png"]);
    assert(pairs.bad![0]!.reason.includes("rgb(9, 9, 9) at row 41, column 5"), pairs.bad![0]!.reason);
  }));
