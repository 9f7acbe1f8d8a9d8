import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { UsageError } from "../../lib/cli/command.ts";
import type { Image } from "../../lib/data/image_bytes.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { toTensor } from "../../lib/data/image_bytes.ts";
import { type Part, readSide } from "../../lib/data/preprocess.ts";
import { loadSharp } from "../../lib/data/sharp.ts";
import { readImageBytes } from "../../lib/data/image.ts";
import { ImageWriter } from "../../lib/data/image_grid.ts";
import { paint } from "../data/_images.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import { spoil } from "./_spoil.ts";
import { withFolder } from "./_task.ts";
import { type Given, prepare, run, save, SMALL } from "./_translate.ts";

Deno.test("translate does not overwrite an image that it reads through a link", () =>
  withFolder(async (folder) => {
    const { model, input, output, image } = await prepare(folder);
    const before = await Deno.readFile(image);
    const refused = async (from: string, words: string, variants = 1) => {
      await assertRejects(() => run({ model, input: from, output, variants }), UsageError, words);
      assertEquals(await Deno.readFile(image), before);
    };

    await Deno.symlink(input, output);
    await refused(input, "is the folder of the input images");
    await refused(image, "is the folder of the input images");
    await Deno.remove(output);

    await Deno.mkdir(output);
    await Deno.symlink(image, join(output, "a.png"));
    await refused(input, "which would be overwritten");
    await Deno.rename(join(output, "a.png"), join(output, "a-2.png"));
    await refused(input, "which would be overwritten", 2);
    assertEquals(await run({ model, input, output, noDropout: true }), 1, "a.png is no longer that link");

    const links = join(folder, "links");
    await Deno.mkdir(links);
    await Deno.symlink(join(output, "a.png"), join(links, "a.png"));
    await refused(links, "which would be overwritten");
  }));

Deno.test("translate reports that its output is a file", () =>
  withFolder(async (folder) => {
    const { output, ...rest } = await prepare(folder);
    await Deno.writeTextFile(output, "");
    const { message } = await assertRejects(() => run({ ...rest, output }), Error);
    assertEquals(message, `Cannot write to ${output}: it is a file; choose another folder with --output`);
  }));

Deno.test("translate writes nothing if weights of the model are NaN", () =>
  withFolder(async (folder) => {
    const { model, input, output } = await prepare(folder);
    await spoil(model);
    const { message } = await assertRejects(() => run({ model, input, output }), RangeError, "NaN");
    assert(message.startsWith(`Cannot write ${join(output, "a.png")}: `) && !message.includes("\n"), message);
    assertEquals(await Array.fromAsync(Deno.readDir(output)), []);
  }));

Deno.test("translate rejects options that have no effect, and accepts those that have one", () =>
  withFolder(async (folder) => {
    const { model, input, output } = await prepare(folder);
    const bicycle = await save(join(folder, "bicycle"), () => bicycleGan({ ...SMALL, norm: "batch" }));
    const cycle = await save(join(folder, "cycle"), () => cycleGan({ ...SMALL, blocks: 1 }));
    const noisy = await save(join(folder, "noisy"), () => cycleGan({ ...SMALL, blocks: 1, norm: "batch", dropout: 0.5 }));
    const refused: [model: string, given: Given, option: string][] = [
      [model, { back: true }, "--back"],
      [model, { seed: 0 }, "--seed"],
      [model, { variants: 2, noDropout: true }, "--variants"],
      [bicycle, { back: true }, "--back"],
      [bicycle, { noDropout: true }, "--no-dropout"],
      [bicycle, { runningStatistics: true }, "--running-statistics"],
      [cycle, { variants: 3 }, "--variants"],
      [cycle, { seed: 4 }, "--seed"],
      [cycle, { runningStatistics: true }, "--running-statistics"],
    ];
    for (const [model, given, option] of refused) {
      const { message } = await assertRejects(() => run({ model, input, output, ...given }), UsageError);
      assertStringIncludes(message, `Option ${option}: ${model} `);
      assertStringIncludes(message, "; omit ");
    }
    const taken: [model: string, given: Given][] = [
      [model, { variants: 2, runningStatistics: true }],
      [bicycle, { variants: 2, seed: 4 }],
      [cycle, { back: true, noDropout: true }],
      [noisy, { variants: 2, runningStatistics: true }],
    ];
    for (const [model, given] of taken) assertEquals(await run({ model, input, output, overwrite: true, ...given }), 1);
  }));

/** Colours that differ from pixel to pixel. */
const mixed = (x: number, y: number): [number, number, number] => [(x * 7) % 256, (y * 11) % 256, (x * y) % 256];

Deno.test("translate gives each image its own size and proportions, upright, also if it is tiny", () =>
  withFolder(async (folder) => {
    const { model, input, output } = await prepare(folder);
    const resnet = await save(join(folder, "resnet"), () => cycleGan({ ...SMALL, blocks: 1 }));
    const sizes = { wide: [70, 9], tall: [5, 40], tiny: [3, 2], one: [1, 1] } as const;
    for (const [name, [width, height]] of Object.entries(sizes)) await paint(join(input, `${name}.png`), width, height, mixed);
    const sharp = await loadSharp();
    await sharp(join(input, "wide.png")).withMetadata({ orientation: 6 }).jpeg().toFile(join(input, "turned.jpg"));
    for (const [by, place] of [[model, join(output, "unet")], [resnet, join(output, "resnet")]] as const) {
      assertEquals(await run({ model: by, input, output: place }), 6);
      for (const [name, size] of Object.entries({ ...sizes, turned: [9, 70] })) {
        const { width, height, orientation, channels, icc } = await sharp(join(place, `${name}.png`)).metadata();
        assertEquals([width, height, orientation, channels], [...size, undefined, 3], name);
        assert(icc && new TextDecoder("latin1").decode(icc).replaceAll("\0", "").includes("sRGB"), "the profile is sRGB");
      }
    }
  }));

Deno.test("translate applies the network at the size of the image, or with size: model at its own size", () =>
  withFolder(async (folder) => {
    const { model, input, output } = await prepare(folder);
    const path = await paint(join(input, "b.png"), 44, 36, mixed);
    const loaded = await loadModel(model, "pix2pix");
    const expected = async (size: number | undefined, part: Part) => {
      const fit = size === undefined ? undefined : { height: size, width: size, fit: "fill" } as const;
      const image = toTensor([await readSide(path, fit, {}, undefined, part)]); // as in training
      const translated = await loaded.translate(image, { dropout: false });
      const bytes = [...translated.dataSync()].map((value) => Math.round((value + 1) * 127.5));
      tf.dispose([image, translated]);
      return bytes;
    };
    const found = async (given: Given) => {
      await run({ model, input: path, output, noDropout: true, overwrite: true, ...given });
      return [...(await readImageBytes(join(output, "b.png"))).data];
    };
    assertEquals(await found({}), await expected(undefined, "whole"));
    assertEquals(await found({ half: "right" }), await expected(undefined, "right"));
    assertEquals(await found({ size: "model" }), await expected(32, "whole"));
    assertEquals(await found({ size: "model", half: "left" }), await expected(32, "left"));
    loaded.dispose();
  }));

Deno.test("translate keeps the alpha channel", () =>
  withFolder(async (folder) => {
    const { model, output } = await prepare(folder);
    const grey = await save(join(folder, "grey"), () => pix2pix({ ...SMALL, outputChannels: 1 }));
    const sharp = await loadSharp();
    const [width, height] = [20, 12];
    const alpha = Uint8Array.from({ length: width * height }, (_, i) => (i * 13) % 256);
    const rgba = Uint8Array.from({ length: 4 * alpha.length }, (_, i) => i % 4 === 3 ? alpha[i >> 2]! : (i * 5) % 256);
    const file = (name: string) => join(folder, name);
    const painted = sharp(rgba, { raw: { width, height, channels: 4 } });
    await painted.toFile(file("a.png"));
    await sharp(file("a.png")).toColourspace("rgb16").png().toFile(file("deep.png"));
    await sharp(file("a.png")).withMetadata({ orientation: 3 }).webp({ lossless: true }).toFile(file("turned.webp"));
    const alphaOf = async (name: string): Promise<Image> => {
      const { data, info } = await sharp(join(output, name)).extractChannel("alpha").raw().toBuffer({ resolveWithObject: true });
      return { data: new Uint8Array(data), height: info.height, width: info.width, channels: 1 };
    };
    const cases = [["a.png", "a.png"], ["deep.png", "deep.png"], ["turned.webp", "turned.png"]] as const;
    for (const [from, to] of cases) {
      await run({ model, input: file(from), output });
      const data = from === "turned.webp" ? alpha.toReversed() : alpha;
      assertEquals(await alphaOf(to), { data, height, width, channels: 1 });
    }
    await run({ model: grey, input: file("a.png"), output, overwrite: true });
    assertEquals((await alphaOf("a.png")).data, alpha);
    await run({ model, input: file("a.png"), output, overwrite: true, half: "right" });
    assertEquals((await alphaOf("a.png")).data, alpha.filter((_, i) => i % width >= width / 2));
    await run({ model, input: file("a.png"), output, overwrite: true, size: "model" });
    assertEquals([(await alphaOf("a.png")).width, (await alphaOf("a.png")).height], [32, 32]);
    await paint(file("opaque.png"), 8, 8, mixed);
    await run({ model, input: file("opaque.png"), output });
    assertEquals((await sharp(join(output, "opaque.png")).metadata()).hasAlpha, false);
  }));

Deno.test("translate gives the same image in tiles as in one piece", () =>
  withFolder(async (folder) => {
    const sharp = await loadSharp();
    const model = await save(join(folder, "model"), () => cycleGan({ size: 16, filters: 2, blocks: 1, layers: 1 }));
    const input = join(folder, "in");
    await Deno.mkdir(input);
    const noise = Uint8Array.from({ length: 7 * 5 * 4 }, (_, i) => (i * 71) % 256);
    const large = () => sharp(noise, { raw: { width: 7, height: 5, channels: 4 } }).resize(90, 61, { fit: "fill" });
    await large().png().toFile(join(input, "alpha.png"));
    await large().flatten().withMetadata({ orientation: 6 }).png().toFile(join(input, "turned.png"));
    for (const half of ["whole", "left"] as const) {
      const outputs = [join(folder, `${half}-whole`), join(folder, `${half}-tiles`)] as const;
      const only = half === "whole" ? input : join(input, "alpha.png");
      await run({ model, input: only, output: outputs[0], half });
      await run({ model, input: only, output: outputs[1], half, tile: 32 });
      for (const { name } of Deno.readDirSync(outputs[0])) {
        const [one, tiled] = await Promise.all(
          outputs.map((output) => sharp(join(output, name)).raw().toBuffer({ resolveWithObject: true })),
        );
        if (half === "whole") assertEquals(tiled!.info, one!.info);
        const { width, height, channels } = one!.info;
        assertEquals([tiled!.info.width, tiled!.info.height], [width, height]);
        const apart = one!.data.filter((value, i) => i % channels < 3 && Math.abs(value - tiled!.data[i]!) > 1);
        if (half === "whole") assertEquals(apart.length, 0, `${name}, ${half}`);
      }
      assertEquals([...Deno.readDirSync(outputs[1])].length, half === "whole" ? 2 : 1, "no temporary file is left");
    }
  }));

Deno.test("translate removes what a killed command left unfinished in the output folder, and nothing else", () =>
  withFolder(async (folder) => {
    const { model, input, output } = await prepare(folder);
    await Deno.mkdir(join(input, "sub"));
    await paint(join(input, "sub", "b.png"), 8, 8, mixed);
    await Deno.mkdir(join(output, "sub"), { recursive: true });
    new ImageWriter(output, 3, 4, 1); // a killed process does not close it
    assert([...Deno.readDirSync(output)].some(({ name }) => name.endsWith(".v")));
    const unfinished = ["a.png.12.1.part", "sub/b.png.12.3.part", ".forger-0a1b2c.part"];
    const others = [
      `.${crypto.randomUUID()}.v`,
      ".forger-notes.txt",
      "mine.v",
      "c.png.12.1.part",
      "a.png.part",
      "sub/a.png.1.1.part",
    ];
    for (const name of [...unfinished, ...others]) await Deno.writeTextFile(join(output, name), "");
    assertEquals(await run({ model, input, output }), 2);
    const names = (place: string) => [...Deno.readDirSync(join(output, place))].map(({ name }) => join(place, name));
    assertEquals([...names("."), ...names("sub")].sort(), [...others, "a.png", "sub", "sub/b.png"].sort());
  }));
