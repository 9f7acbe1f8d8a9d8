/** The pictures of a model's card: what the model makes of the first test items, what it made of them during training, and its
 * losses. No image is selected.
 * @module */
import { join } from "node:path";
import { allCaptions, colourNames, embedCaptions, numberWords } from "../../data/worlds/houses/mod.ts";
import { readImageBytes } from "../../lib/data/image.ts";
import { type Image, toImages } from "../../lib/data/image_bytes.ts";
import { loadSharp } from "../../lib/packages.ts";
import { imageGrid } from "../../lib/plot/grid.ts";
import { lossFigure, LossHistory } from "../../lib/plot/losses.ts";
import { toPng } from "../../lib/plot/png.ts";
import {
  type GeneratingModel,
  type Models,
  type SomeModel,
  systemOf,
  type TranslatingModel,
} from "../../lib/systems/registry.ts";
import * as tf from "../../lib/tf.ts";
import { LossesCsv } from "../../lib/train/losses_csv.ts";
import { RunSamples } from "../../lib/train/run_samples.ts";
import type { HistoryPoint } from "../../lib/train/pretrained.ts";
import type { Scoring } from "./scores.ts";

/** A picture for a card. */
export interface Picture {
  png: Uint8Array;
  /** Sentence below the picture. */
  caption: string;
}

/** Number of items whose translations are shown, and number of images of a GAN. */
const TRANSLATED = 4, GENERATED = 60;
/** Largest width of an image in a picture, in pixels; in a picture of several epochs, the images are smaller. */
const WIDEST = 128, WIDEST_OF_EPOCHS = 96;
/** Number of latent codes for each input of a BicycleGAN. */
const CODES = 4;
/** Seed for the noise of generated images. */
const SEED = 1;

/** Shows what a model makes of the first test items. */
export async function samplesPicture(model: SomeModel, { data: { pairs, unpaired, labelled } }: Scoring): Promise<Picture> {
  const { uses } = systemOf(model.kind)!;
  if (pairs) {
    const rows: Record<string, Image>[] = [];
    for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
      const row: Record<string, Image> = { input: take(input.clone()) };
      const variants = uses.includes("variants") ? CODES : 1;
      for (let seed = 0; seed < variants; seed++) {
        const name = variants > 1 ? `generated ${seed + 1}` : "generated";
        row[name] = take(await (model as TranslatingModel).translate(input, { seed }));
      }
      rows.push({ ...row, target: take(target) });
      input.dispose();
      if (rows.length === TRANSLATED) break;
    }
    return await grid(rows, {}, `The first ${TRANSLATED} pairs of ${pairs.name}, which are held out.`);
  }
  if (unpaired) return await domainsPicture(model as TranslatingModel, unpaired);
  if (uses.includes("classify")) return await answersPicture(model as unknown as Models["classifier"], labelled!);
  if (uses.includes("captions")) return await housesPicture(model as GeneratingModel);
  const columns = 10;
  const images = toImages(await (model as GeneratingModel).generate({ ...await requestOf(model), seed: SEED }));
  const rows = Array.from({ length: GENERATED / columns }, (_, i) => images.slice(i * columns, (i + 1) * columns));
  const caption = `The first ${GENERATED} images, generated with seed ${SEED}.`;
  return await grid(rows, uses.includes("labels") ? { columns: [..."0123456789"] } : {}, caption);
}

function requestOf({ settings }: SomeModel): { count: number } | { labels: number[] } {
  return settings.classes === undefined
    ? { count: GENERATED }
    : { labels: Array.from({ length: GENERATED }, (_, i) => i % settings.classes) };
}

async function domainsPicture(model: TranslatingModel, data: NonNullable<Scoring["data"]["unpaired"]>): Promise<Picture> {
  const rows: [Record<string, Image>[], Record<string, Image>[]] = [[], []];
  for await (const { a, b } of data.batches({ shuffle: false, augment: false })) {
    for (const [i, images, there, back] of [[0, a, "xToY", "yToX"], [1, b, "yToX", "xToY"]] as const) {
      const translated = await model.translate(images, { direction: there });
      const again = await model.translate(translated, { direction: back });
      rows[i].push({ input: take(images), translated: take(translated), "translated back": take(again) });
    }
    if (rows[0].length === TRANSLATED / 2) break;
  }
  return await grid(rows.flat(), {}, `The first ${TRANSLATED / 2} images of each domain of ${data.name}, which are held out.`);
}

async function answersPicture(model: Models["classifier"], data: NonNullable<Scoring["data"]["labelled"]>): Promise<Picture> {
  const columns = 10;
  for await (const { images, labels } of data.batches({ batch: 3 * columns, shuffle: false, augment: false })) {
    const answers = [...await model.classify(images)];
    const all = toImages(images);
    tf.dispose([images, labels]);
    const rows = [0, 1, 2].map((row) => all.slice(row * columns, (row + 1) * columns));
    const said = [0, 1, 2].map((row) => answers.slice(row * columns, (row + 1) * columns).join(" ")).join(" / ");
    return await grid(rows, {}, `The first ${all.length} images of ${data.name}. The answers: ${said}.`);
  }
  throw new Error(`Cannot draw the answers: ${data.name} is empty; increase its count`);
}

async function housesPicture(model: GeneratingModel): Promise<Picture> {
  const conditions = embedCaptions([...allCaptions]);
  const images = toImages(await model.generate({ conditions, seed: SEED }).finally(() => conditions.dispose()));
  const of = (colour: string, number: string) =>
    images[allCaptions.findIndex((text) => text.includes(` ${colour} `) && text.includes(` ${number} `))]!;
  const rows = colourNames.map((colour) => numberWords.map((number) => of(colour, number)));
  const caption = `One house for each of the ${allCaptions.length} captions, generated with seed ${SEED}.`;
  return await grid(rows, { columns: [...numberWords], rows: [...colourNames] }, caption);
}

/** Shows the samples of a training run after the epochs of its history.
 * @param given Whether to show inputs and targets too.
 * @returns `undefined` if the run has no samples. */
export async function epochsPicture(
  run: string,
  history: readonly Pick<HistoryPoint, "epoch">[],
  { given = true } = {},
): Promise<Picture | undefined> {
  const folder = join(run, "samples");
  const stored = await new RunSamples(folder).stored();
  const [first] = stored;
  const epochs = history.map(({ epoch }) => epoch).filter((epoch) => stored.some((entry) => entry.epoch === epoch));
  if (!first || epochs.length === 0) return undefined;
  const read = (place: string, row: number, name: string) =>
    readImageBytes(join(folder, place, `${row + 1}-${name.replaceAll(" ", "_")}.png`)).then((image) =>
      smaller(image, WIDEST_OF_EPOCHS)
    ).catch(() => undefined);
  const at = (epoch: number) => `epoch-${String(epoch).padStart(4, "0")}`;
  const { rows: count, names } = first;
  const made = names.find((name) => name !== "input" && name !== "sketch")!;
  if (names.includes("input")) {
    const shown = names.includes("target") ? [0, 1].filter((row) => row < count) : [0, count / 2]; // one of each domain
    const rows = await Promise.all(shown.map(async (row) => {
      const images: [string, Image | undefined][] = given ? [["input", await read("given", row, "input")]] : [];
      for (const epoch of epochs) images.push([`${epoch}`, await read(at(epoch), row, made)]);
      if (given && names.includes("target")) images.push(["target", await read("given", row, "target")]);
      return images;
    }));
    const columns = rows[0]!.map(([name]) => name);
    return await grid(rows.map((row) => row.map(([, image]) => image!)), { columns }, ofEpochs("column"));
  }
  const isRow = count === 1; // a GAN's samples are one row, those of other systems a column
  const many = Math.min(10, isRow ? names.length : count);
  const rows = await Promise.all(
    epochs.map((epoch) =>
      Promise.all(Array.from({ length: many }, (_, i) => isRow ? read(at(epoch), 0, names[i]!) : read(at(epoch), i, made)))
    ),
  );
  return await grid(rows as Image[][], { rows: epochs.map((epoch) => `${epoch}`) }, ofEpochs("row"));
}

function ofEpochs(each: string): string {
  return `The same samples during training; the number of a ${each} is the epoch.`;
}

/** Draws the losses of a run, averaged over each epoch. */
export async function lossesPicture(run: string, title: string): Promise<Picture> {
  const { points } = await new LossesCsv(join(run, "losses.csv")).read() ?? { points: [] };
  const isShort = (points.at(-1)?.epoch ?? 0) < 10;
  const figure = lossFigure(isShort ? LossHistory.from(points) : points, {
    ...{ title, height: 380, x: isShort ? "step" : "epoch" },
    ...isShort && { smooth: Math.max(1, Math.round(points.length / 40)) },
  });
  return { png: (await toPng(figure, { scale: 1 })).png, caption: "Losses, in the units of the training objective." };
}

/** Converts a tensor with one image to an image of at most {@linkcode WIDEST} pixels, and disposes of the tensor. */
function take(images: tf.Tensor4D): Image {
  const [image] = toImages(images);
  images.dispose();
  return image!;
}

/** Draws a grid with few colours, which keeps the file small. */
async function grid(
  rows: Image[][] | Record<string, Image>[],
  options: Parameters<typeof imageGrid>[1],
  caption: string,
): Promise<Picture> {
  const small = await Promise.all(rows.map(async (row) => {
    const entries = await Promise.all(
      Object.entries(row).map(async ([name, image]) => [name, image && await smaller(image)] as const),
    );
    return Array.isArray(row) ? entries.map(([, image]) => image) : Object.fromEntries(entries);
  }));
  const widest = Math.max(
    ...small.flatMap((row) => Object.values(row as Record<string, Image>)).map((image) => image?.width ?? 0),
  );
  const { png } = await imageGrid(small as Image[][], { scale: widest <= 64 ? 2 : 1, ...options });
  const sharp = await loadSharp();
  return { png: await sharp(png).png({ palette: true, colours: 128, effort: 10, dither: 0.5 }).toBuffer(), caption };
}

/** Shrinks an image to a width. */
async function smaller(image: Image, widest = WIDEST): Promise<Image> {
  if (image.width <= widest) return image;
  const { height, width, channels } = image;
  const sharp = await loadSharp();
  const pipeline = sharp(image.data, { raw: { height, width, channels: channels as 1 | 3 } });
  const { data, info } = await pipeline.resize(widest).raw().toBuffer({ resolveWithObject: true });
  return { data: new Uint8Array(data), height: info.height, width: info.width, channels: info.channels };
}
