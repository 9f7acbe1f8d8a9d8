/** Translation with a model that was trained with `--scale`. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { pixelsOf } from "../../lib/data/image.ts";
import { type Image, toTensor } from "../../lib/data/image_bytes.ts";
import { unpairedFromFolders } from "../../lib/data/image_folders.ts";
import { readSide } from "../../lib/data/preprocess.ts";
import { loadSharp } from "../../lib/data/sharp.ts";
import type { SideOptions } from "../../lib/data/side.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { loadModel } from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import { withFolder } from "./_task.ts";
import { run } from "./_translate.ts";

const sharp = await loadSharp();
const SCALE = 0.4;

/** Writes two photos with alpha, and label maps of the same size with values below 3. */
async function paintData(folder: string): Promise<{ photos: string; labels: string }> {
  const [photos, labels] = [join(folder, "photos"), join(folder, "labels")];
  for (const [n, [width, height]] of ([[90, 61], [75, 120]] as const).entries()) {
    await Deno.mkdir(photos, { recursive: true });
    await Deno.mkdir(labels, { recursive: true });
    const noise = Uint8Array.from({ length: 7 * 5 * 4 }, (_, i) => (i * 71 + 50 * n) % 256);
    await sharp(noise, { raw: { width: 7, height: 5, channels: 4 } }).resize(width, height, { fit: "fill" }).png()
      .toFile(join(photos, `${n}.png`));
    const classes = Uint8Array.from({ length: width * height }, (_, i) => ((i % width) >> 3) % 3);
    await sharp(classes, { raw: { width, height, channels: 1 } }).toColourspace("b-w").png().toFile(join(labels, `${n}.png`));
  }
  return { photos, labels };
}

/** Trains a CycleGAN on crops of scaled images, and saves it. */
async function trained(folder: string, [a, b]: [string, string], side: SideOptions = {}): Promise<string> {
  await useBackend("cpu", { quiet: true });
  const data = await unpairedFromFolders(a, b, { size: 16, crop: true, scale: SCALE, b: side });
  const model = cycleGan({ size: 16, filters: 2, blocks: 1, layers: 1, yChannels: data.bChannels, identity: 0 });
  for await (const _ of model.train(data, { epochs: 1 }));
  await model.save(folder);
  model.dispose();
  return folder;
}

async function bytesOf(path: string): Promise<{ data: number[]; alpha: number[]; size: number[] }> {
  const { data, info: { height, width, channels } } = await sharp(path).raw().toBuffer({ resolveWithObject: true });
  const of = (isAlpha: boolean) => [...data.filter((_, i) => (channels % 2 === 0 && i % channels === channels - 1) === isAlpha)];
  return { data: of(false), alpha: of(true), size: [height, width] };
}

Deno.test("translate runs the network at the scale of the training, and gives the image back in its own size", () =>
  withFolder(async (folder) => {
    const { photos } = await paintData(folder);
    const model = await trained(join(folder, "model"), [photos, photos]);
    const [whole, tiles, small] = ["whole", "tiles", "small"].map((name) => join(folder, name)) as [string, string, string];
    await run({ model, input: photos, output: whole });
    await run({ model, input: photos, output: tiles, tile: 16 });
    await run({ model, input: photos, output: small, size: "model" });
    const loaded = await loadModel(model, "cyclegan");
    for (const [n, [width, height]] of ([[90, 61], [75, 120]] as const).entries()) {
      const name = `${n}.png`;
      const scaled = [height, width].map((length) => Math.round(SCALE * length)) as [number, number];
      const image = await readSide(join(photos, name), { height: scaled[0], width: scaled[1], fit: "fill" }, {});
      const input = toTensor([image]);
      const translated = await loaded.translate(input);
      const { data } = pixelsOf(translated, {}, "compare") as Image;
      const raw = { height: scaled[0], width: scaled[1], channels: 3 } as const;
      const expected = await sharp(data, { raw }).resize(width, height, { fit: "fill", kernel: "cubic" }).raw().toBuffer();
      tf.dispose([input, translated]);
      const original = await bytesOf(join(photos, name));
      const [got, tiled] = [await bytesOf(join(whole, name)), await bytesOf(join(tiles, name))];
      assertEquals(got, { data: [...expected], alpha: original.alpha, size: [height, width] });
      assertEquals([tiled.size, tiled.alpha], [got.size, got.alpha]);
      assert(tiled.data.every((value, i) => Math.abs(value - got.data[i]!) <= 2), name);
      assertEquals((await bytesOf(join(small, name))).size, [16, 16]);
    }
    assertEquals([...Deno.readDirSync(tiles)].length, 2, "no temporary file is left");
    loaded.dispose();
  }));

Deno.test("translate enlarges label maps without mixing their classes", () =>
  withFolder(async (folder) => {
    const { photos, labels } = await paintData(folder);
    const model = await trained(join(folder, "model"), [photos, labels], { labels: 3 });
    await run({ model, input: photos, output: join(folder, "there") });
    await run({ model, input: labels, output: join(folder, "back"), back: true });
    const { data, size } = await bytesOf(join(folder, "there", "1.png"));
    assertEquals([size, data.every((value) => value < 3)], [[120, 75], true]);
    assertEquals((await bytesOf(join(folder, "back", "1.png"))).size, [120, 75]);
  }));
