/** Generates the sample data sets in data/, and their checksums in data/SHA256SUMS. Usage:
 *
 *     deno run -A data/sample.ts
 *
 * @module */
import * as tf from "../lib/tf.ts";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { quietCpu } from "../lib/backend/cpu.ts";
import { sha256Of } from "../lib/data/fetch.ts";
import { allCaptions, digits, houses, toytown, toytownUnpaired } from "./mod.ts";
import { toImages } from "../lib/data/image_bytes.ts";
import { writeImage } from "../lib/data/image.ts";
import { writePairs } from "../lib/data/paired_folders.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const size = 64;
const paths: string[] = [];

/** Writes each image pair as one image, in pix2pix's layout, with the photo on the left. */
async function pairs(): Promise<void> {
  for (const [split, count] of [["train", 4], ["val", 1], ["test", 1]] as const) {
    paths.push(...await writePairs(join(here, "toytown", split), toytown({ split, count, size, direction: "AtoB" })));
    const towns = toytown({ split, count, size, scene: "town", direction: "AtoB" });
    paths.push(...await writePairs(join(here, "town", split), towns));
    paths.push(...await writePairs(join(here, "night", split), toytown({ split, count, size, input: "photo", target: "night" })));
  }
}

/** Writes an unpaired data set in CycleGAN's layout. */
async function unpaired(): Promise<void> {
  for (const [split, count] of [["train", 4], ["test", 1]] as const) {
    const folders = ["A", "B"].map((side) => join(here, "brick2plaster", `${split}${side}`)) as [string, string];
    for (const folder of folders) await Deno.mkdir(folder, { recursive: true });
    let number = 0;
    for await (const { a, b } of toytownUnpaired({ split, count, size }).batches({ shuffle: false, augment: false })) {
      number++;
      for (const [folder, image] of [[folders[0], a], [folders[1], b]] as const) {
        const path = join(folder, `${number}.png`);
        await writeImage(path, image);
        paths.push(path);
      }
      tf.dispose([a, b]);
    }
  }
}

/** Writes digits as IDX files, with the file names of MNIST. */
async function written(): Promise<void> {
  await Deno.mkdir(join(here, "digits"), { recursive: true });
  for (const [split, part, count] of [["train", "train", 400], ["test", "t10k", 100]] as const) {
    for await (const { images, labels } of digits({ split, count }).batches({ batch: count, shuffle: false })) {
      const pixels = toImages(images).flatMap(({ data }) => [...data]);
      const files = {
        [`${part}-images-idx3-ubyte.gz`]: [...bigEndian(0x803, count, 28, 28), ...pixels],
        [`${part}-labels-idx1-ubyte.gz`]: [...bigEndian(0x801, count), ...labels.dataSync()],
      };
      for (const [name, bytes] of Object.entries(files)) {
        const path = join(here, "digits", name);
        await Deno.writeFile(path, gzipSync(Uint8Array.from(bytes), { level: 9 }));
        paths.push(path);
      }
      tf.dispose([images, labels]);
    }
  }
}

/** Writes images of houses, and one file with all captions. */
async function captioned(): Promise<void> {
  await Deno.mkdir(join(here, "houses"), { recursive: true });
  const lines: string[] = [];
  // Every fifth caption, which covers all colours and numbers.
  const captions = Array.from({ length: 12 }, (_, i) => allCaptions[(i * 5) % allCaptions.length]!);
  for await (const batch of houses({ count: captions.length, size, captions }).batches({ shuffle: false })) {
    const name = `${lines.length + 1}.png`;
    await writeImage(join(here, "houses", name), batch.images);
    paths.push(join(here, "houses", name));
    lines.push(`${name}\t${batch.captions[0]}\n`);
    tf.dispose([batch.images, batch.conditions]);
  }
  await Deno.writeTextFile(join(here, "houses", "captions.tsv"), lines.join(""));
  paths.push(join(here, "houses", "captions.tsv"));
}

function bigEndian(...numbers: number[]): number[] {
  return numbers.flatMap((number) => [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255]);
}

/** Checks that no sample was changed by hand, so that only files written by this program are replaced.
 * @throws {Error} If a sample was changed by hand. */
async function checkSamples(): Promise<void> {
  const sums = await Deno.readTextFile(`${here}SHA256SUMS`).catch(() => "");
  for (const [, sum, name] of sums.matchAll(/^(\w+) +(.+)$/gm)) {
    const found = await sha256Of(join(here, name!)).catch(() => sum);
    if (found !== sum) throw new Error(`Cannot write data/${name}: it was changed by hand; move it to another folder`);
  }
}

await checkSamples();
quietCpu();
await tf.setBackend("cpu");
await pairs();
await unpaired();
await written();
await captioned();
const lines = await Promise.all(paths.map(async (path) => `${await sha256Of(path)}  ${relative(here, path)}\n`));
await Deno.writeTextFile(`${here}SHA256SUMS`, lines.join(""));
