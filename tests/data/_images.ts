/** Images painted for the tests, in temporary folders.
 * @module */
import * as tf from "../../lib/tf.ts";
import { join } from "node:path";
import type { LabelledBatch, PairBatch, UnpairedBatch } from "../../lib/data/datasets.ts";
import { loadSharp } from "../../lib/packages.ts";

const sharp = await loadSharp();

/** Runs a test on the cpu backend with a temporary folder. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  await tf.setBackend("cpu");
  const folder = await Deno.makeTempDir({ prefix: "forger-test-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Returns the colour of a pixel. */
export type Paint = (x: number, y: number) => [number, number, number];

/** Writes an image pixel by pixel; the extension of the path determines the format. */
export async function paint(path: string, width: number, height: number, colour: Paint): Promise<string> {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set(colour(x, y), (y * width + x) * 3);
  }
  await sharp(data, { raw: { width, height, channels: 3 } }).toFile(path);
  return path;
}

/** Writes side-by-side images: in both halves red encodes the column, green the row; blue is `number` in A and 255 - `number` in
 * B. */
export async function paintPairs(folder: string, names: string[], half = 32): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [number, name] of names.entries()) {
    await paint(
      join(folder, name),
      2 * half,
      half,
      (x, y) => [(x % half) * 6 + 30, y * 6 + 30, x < half ? number : 255 - number],
    );
  }
}

/** The options of an epoch in the data set's own order, without augmentation. */
export const plain = { shuffle: false, augment: false } as const;

/** Paints every pixel in the same grey. */
export const flat = (value: number) => (): [number, number, number] => [value, value, value];

/** Values in [-1, 1] as bytes. */
export const bytes = (values: Float32Array): number[] => [...values].map((value) => Math.round((value + 1) * 127.5));

/** Writes images of one grey each. */
export async function paintAll(folder: string, images: Record<string, number>, width = 8, height = 8): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for (const [name, value] of Object.entries(images)) await paint(join(folder, name), width, height, flat(value));
}

/** Writes a small data set in the layout of facades: 3 pairs of images in train, 2 in val, 1 in test. */
export async function paintSet(folder: string): Promise<void> {
  for (const [split, count] of Object.entries({ train: 3, val: 2, test: 1 })) {
    await paintPairs(join(folder, split), Array.from({ length: count }, (_, i) => `${i + 1}.jpg`), 16);
  }
}

/** Collects batches of pairs as plain values, and disposes of them. */
export async function collect(
  batches: AsyncIterable<PairBatch>,
): Promise<{ names: string[]; input: Float32Array; target: Float32Array }[]> {
  const taken = [];
  for await (const { input, target, names } of batches) {
    taken.push({ names, input: input.dataSync().slice() as Float32Array, target: target.dataSync().slice() as Float32Array });
    tf.dispose([input, target]);
  }
  return taken;
}

/** Collects batches of labelled images as plain values, and disposes of them. */
export async function collectLabelled(
  batches: AsyncIterable<LabelledBatch>,
): Promise<{ names: string[]; images: Float32Array; labels: number[] }[]> {
  const taken = [];
  for await (const { images, labels, names } of batches) {
    taken.push({ names, images: images.dataSync().slice() as Float32Array, labels: [...labels.dataSync()] });
    tf.dispose([images, labels]);
  }
  return taken;
}

/** Collects batches of unpaired images as plain values, and disposes of them. */
export async function collectUnpaired(
  batches: AsyncIterable<UnpairedBatch>,
): Promise<{ names: string[]; a: Float32Array; b: Float32Array }[]> {
  const taken = [];
  for await (const { a, b, names } of batches) {
    taken.push({ names, a: a.dataSync().slice() as Float32Array, b: b.dataSync().slice() as Float32Array });
    tf.dispose([a, b]);
  }
  return taken;
}
