import { join } from "node:path";
import { assertEquals, assertRejects } from "@std/assert";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { evaluate } from "../../lib/cli/evaluate.ts";
import { translate } from "../../lib/cli/translate.ts";
import { unpairedFromFolders } from "../../lib/data/image_folders.ts";
import { toTensor } from "../../lib/data/image_bytes.ts";
import { writeImage } from "../../lib/data/image.ts";
import { pairsFromFolders } from "../../lib/data/paired_folders.ts";
import { readSide } from "../../lib/data/preprocess.ts";
import type { SideOptions } from "../../lib/data/side.ts";
import { loadSharp } from "../../lib/packages.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { type Pix2Pix, pix2pix } from "../../lib/systems/pix2pix.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import { paint } from "../data/_images.ts";
import { png } from "../data/_png.ts";
import { withFolder } from "./_task.ts";

const sharp = await loadSharp();
const SIZE = 16;
const SMALL = { size: SIZE, filters: 1, layers: 1, depth: 2 } as const;
const quiet = { update: () => {}, finish: () => {}, print: () => {} };
const COLOURS = [[0, 0, 0], [128, 0, 0], [0, 128, 0]] as [number, number, number][];
const classes = Array.from({ length: SIZE * SIZE }, (_, i) => (i >> 2) % 3);

/** Creates folders of label maps (palette PNG files), depth maps (16 bits) and photos with the same names. */
async function paintData(folder: string): Promise<Record<"labels" | "depth" | "photos", string>> {
  const places = { labels: join(folder, "labels"), depth: join(folder, "depth"), photos: join(folder, "photos") };
  for (const place of Object.values(places)) await Deno.mkdir(place);
  for (const n of [1, 2]) {
    const values = classes.map((value) => (value + n) % 3);
    const file = png({ width: SIZE, height: SIZE, bits: 8, type: 3, values, palette: COLOURS });
    await Deno.writeFile(join(places.labels, `${n}.png`), file);
    const deep = Uint16Array.from(values, (value, i) => 9000 * value + 31 * i);
    await sharp(deep, { raw: { width: SIZE, height: SIZE, channels: 1 } }).toColourspace("grey16").png()
      .toFile(join(places.depth, `${n}.png`));
    await paint(join(places.photos, `${n}.png`), SIZE, SIZE, (x, y) => [15 * x, 15 * y, 90 * n]);
  }
  return places;
}

/** Trains a model for one epoch, saves it, and returns its folder. */
async function trained(
  folder: string,
  inputs: string,
  targets: string,
  input: SideOptions,
  target: SideOptions,
): Promise<string> {
  await useBackend("cpu", { quiet: true });
  const pairs = await pairsFromFolders(inputs, targets, { size: SIZE, input, target });
  const { inputChannels, targetChannels: outputChannels } = pairs;
  const model = pix2pix({ ...SMALL, inputChannels, outputChannels });
  for await (const _ of model.train(pairs, { epochs: 1 }));
  await model.save(folder);
  model.dispose();
  return folder;
}

async function run(model: string, input: string, output: string, back = false): Promise<void> {
  const flags = { noDropout: true, runningStatistics: false, back };
  await translate({ half: "whole", variants: 1, seed: undefined, backend: "cpu", ...flags, model, input, output }, quiet);
}

/** Translates an image with the library, and writes the result. */
async function expected(folder: string, file: string, input: SideOptions, output: SideOptions): Promise<number[]> {
  const model = await loadModel(folder) as Pix2Pix;
  const images = toTensor([await readSide(file, undefined, input)]);
  const translated = await model.translate(images, { dropout: false });
  await writeImage(`${folder}.png`, translated, output);
  tf.dispose([images, translated]);
  model.dispose();
  return await pixels(`${folder}.png`);
}

async function pixels(path: string): Promise<number[]> {
  const { channels, depth } = await sharp(path).metadata();
  return [channels!, depth === "ushort" ? 16 : 8, ...await sharp(path).raw().toBuffer()];
}

Deno.test("translate and evaluate read and write images as the model was trained on them", () =>
  withFolder(async (folder) => {
    const { labels, depth, photos } = await paintData(folder);
    const kinds: [string, string, string, SideOptions, SideOptions][] = [
      ["class numbers to photos", labels, photos, { labels: 3 }, {}],
      ["class colours to photos", labels, photos, { labels: COLOURS }, {}],
      ["photos to class numbers", photos, labels, {}, { labels: 3 }],
      ["photos to class colours", photos, labels, {}, { labels: COLOURS }],
      ["depth to photos", depth, photos, { channels: 1, depth: 16 }, {}],
      ["photos to depth", photos, depth, {}, { channels: 1, depth: 16 }],
      ["photos to grey", photos, photos, {}, { channels: 1 }],
      ["alpha", photos, photos, { channels: 4 }, { channels: 4 }],
    ];
    for (const [name, inputs, targets, input, target] of kinds) {
      const model = await trained(join(folder, name), inputs, targets, input, target);
      const output = join(folder, `${name}, translated`);
      await run(model, inputs, output);
      assertEquals(await pixels(join(output, "1.png")), await expected(model, join(inputs, "1.png"), input, target), name);
      const measured = await evaluate({ ...evaluation, model, data: inputs, targets });
      assertEquals(measured.measures.every(({ value }) => Number.isFinite(value)), true, name);
    }
    const written = await pixels(join(folder, "photos to class numbers, translated", "1.png"));
    assertEquals(written.slice(2).every((value) => value < 3), true, "class numbers");
    await assertRejects(
      () => evaluate({ ...evaluation, model: join(folder, "class numbers to photos"), data: "toytown" }),
      Error,
      "Cannot evaluate",
    );
  }));

const evaluation = {
  ...{ data: undefined, targets: undefined, colourise: false, others: undefined, skipBad: false, direction: undefined },
  ...{ classifier: undefined, count: undefined, seed: undefined, json: false, backend: "cpu" as const },
};

Deno.test("translate follows both domains of a CycleGAN", () =>
  withFolder(async (folder) => {
    const { labels, photos } = await paintData(folder);
    await useBackend("cpu", { quiet: true });
    const data = await unpairedFromFolders(labels, photos, { size: SIZE, a: { labels: 3 } });
    const model = cycleGan({ size: SIZE, filters: 1, layers: 1, blocks: 1, xChannels: 3, yChannels: 3 });
    for await (const _ of model.train(data, { epochs: 1 }));
    await model.save(join(folder, "model"));
    model.dispose();
    await run(join(folder, "model"), photos, join(folder, "back"), true);
    const [channels, , ...values] = await pixels(join(folder, "back", "1.png"));
    assertEquals([channels, values.every((value) => value < 3)], [1, true]);
  }));

Deno.test("translate refuses files if the model does not say how they become its input", () =>
  withFolder(async (folder) => {
    const { photos } = await paintData(folder);
    await useBackend("cpu", { quiet: true });
    const model = pix2pix({ ...SMALL, inputChannels: 5 });
    await model.save(join(folder, "model"));
    model.dispose();
    await assertRejects(() => run(join(folder, "model"), photos, join(folder, "out")), Error, "5 channels");
  }));
