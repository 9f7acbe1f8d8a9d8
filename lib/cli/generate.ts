/** `deno task generate`: pictures of a model that makes them of noise.
 * @module */
import { join } from "node:path";
import type * as tf from "../tf.ts";
import { useBackend } from "../backend/use_backend.ts";
import { allCaptions, embedCaptions, readCaption } from "../../data/worlds/houses/mod.ts";
import { encodePng } from "../plot/png.ts";
import { finiteImages, type Image } from "../data/image_bytes.ts";
import { imageGrid } from "../plot/grid.ts";
import { ConditionalGan } from "../train/conditional_gan.ts";
import { writeWhole } from "../train/files.ts";
import { Gan } from "../train/gan.ts";
import { loadModel } from "../train/load_model.ts";
import { StackGan } from "../train/stackgan.ts";
import { backendOption } from "./backend.ts";
import type { Command } from "./command.ts";
import { runCommand } from "./main.ts";
import { makeFolder } from "./make_folder.ts";
import { integer, type Option, text, UsageError, type Values } from "./options.ts";
import { fromWhereCalled } from "./paths.ts";

const labelsOption: Option<number[] | undefined> = {
  help: "The class of each picture, of a conditional model: 7,7,7 gives three sevens. Without it each class in turn.",
  value: "LIST",
  default: undefined,
  read(list) {
    const labels = list.split(",").map((label) => label.trim() === "" ? NaN : Number(label));
    if (labels.every((label) => Number.isSafeInteger(label) && label >= 0)) return labels;
    throw new RangeError('wanted whole numbers from 0, for example "7,7,7"');
  },
};

const captionsOption: Option<string[] | undefined> = {
  help:
    'What each picture shall show, of a StackGAN: captions with semicolons between, "a red house with two windows; a blue house with one window".',
  value: "LIST",
  default: undefined,
  read(list) {
    const captions = list.split(";").map((caption) => caption.trim()).filter((caption) => caption !== "");
    captions.forEach(readCaption);
    if (captions.length > 0) return captions;
    throw new RangeError('wanted captions, for example "a red house with two windows"');
  },
};

const options = {
  model: text({ value: "FOLDER", help: "The model: a folder that train made, runs/gan-digits say." }),
  output: text({
    value: "FOLDER",
    help:
      "Where the pictures go, as png, and grid.png with all of them. It is made if need be; pictures of the same names in it are replaced.",
  }),
  count: integer({
    default: undefined,
    min: 1,
    max: 100_000,
    unit: "pictures",
    help: "How many. Without it 16, or as many as --labels or --captions.",
  }),
  labels: labelsOption,
  captions: captionsOption,
  seed: integer({ default: 0, min: 0, max: 2 ** 31 - 1, help: "Of the noise: the same seed gives the same pictures." }),
  backend: backendOption,
};

const command: Command<typeof options> = {
  name: "generate",
  usage: "--model FOLDER --output FOLDER",
  about: "Makes pictures with a model that train gan, train conditional-gan or train stackgan made.",
  options,
  examples: [
    { line: "generate --model runs/gan-digits --output generated", does: "16 pictures" },
    { line: "generate --model runs/conditional-gan-digits --output sevens --labels 7,7,7", does: "three sevens" },
    { line: 'generate --model runs/stackgan-houses --output houses --captions "a red house with two windows"', does: "a house" },
  ],
};

/** Pictures without --count and --labels. */
const COUNT = 16;
/** Pictures in a row of the grid. */
const COLUMNS = 8;
/** Pictures in the grid, at most. */
const MOST_IN_GRID = 64;

/** Generates pictures into a folder.
 * @returns how many. */
export async function generate(values: Values<typeof options>): Promise<number> {
  const lists = [values.labels, values.captions].filter((list) => list !== undefined);
  const wrong = lists.find((list) => values.count !== undefined && list.length !== values.count);
  if (wrong || lists.length > 1) {
    throw new UsageError("Options --count, --labels and --captions all say how many pictures: give one of them");
  }
  await useBackend(values.backend);
  const output = fromWhereCalled(values.output);
  const model = await loadGenerator(values);
  let pictures: Image[];
  try {
    await makeFolder(output, "--output");
    pictures = await picturesOf(model, values, output);
  } finally {
    model.dispose();
  }
  await writePictures(pictures, output);
  return pictures.length;
}

/** Each picture in a file of its own, and the first ones in a grid. */
async function writePictures(pictures: Image[], folder: string): Promise<void> {
  for (const [i, picture] of pictures.entries()) await writeWhole(join(folder, `${i + 1}.png`), [await encodePng(picture)]);
  const shown = pictures.slice(0, MOST_IN_GRID);
  const rows = Array.from({ length: Math.ceil(shown.length / COLUMNS) }, (_, i) => shown.slice(i * COLUMNS, (i + 1) * COLUMNS));
  await writeWhole(join(folder, "grid.png"), [(await imageGrid(rows)).png]);
}

/** Loads a model that makes pictures of noise.
 * @throws {UsageError} if it is of another kind, or knows no labels or captions. */
async function loadGenerator(
  { model: folder, labels, captions }: Values<typeof options>,
): Promise<Gan | ConditionalGan | StackGan> {
  const model = await loadModel<"gan" | "conditional-gan" | "stackgan">(fromWhereCalled(folder));
  const refuse = (option: string, why: string): never => {
    model.dispose();
    throw new UsageError(`Option ${option}: ${folder} ${why}`);
  };
  if (captions && !(model instanceof StackGan)) return refuse("--captions", "knows no captions; leave it out");
  if (labels && !(model instanceof ConditionalGan)) return refuse("--labels", "knows no classes; leave it out");
  if (model instanceof StackGan || model instanceof ConditionalGan) return model;
  if (model instanceof Gan && model.settings.shape.length === 3) return model as Gan;
  return refuse("--model", "makes no pictures of noise; give one that does, or use deno task translate");
}

/** What the model makes for a folder.
 * @throws {RangeError} if a colour is no number. */
async function picturesOf(
  model: Gan | ConditionalGan | StackGan,
  values: Values<typeof options>,
  folder: string,
): Promise<Image[]> {
  const images = await imagesOf(model, values);
  try {
    return finiteImages(images, `write pictures into ${folder}`);
  } finally {
    images.dispose();
  }
}

/** What the model makes, of whichever kind it is. */
async function imagesOf(model: Gan | ConditionalGan | StackGan, values: Values<typeof options>): Promise<tf.Tensor4D> {
  const { labels, captions, seed } = values;
  const count = values.count ?? labels?.length ?? captions?.length ?? COUNT;
  if (model instanceof StackGan) return await stackGanPictures(model, captions ?? takeTurns(count), seed);
  if (model instanceof ConditionalGan) return await model.generate({ count, seed, ...(labels ? { labels } : {}) });
  return await model.generate({ count, seed }) as tf.Tensor4D;
}

/** Each caption in turn. */
function takeTurns(count: number): string[] {
  return Array.from({ length: count }, (_, i) => allCaptions[i % allCaptions.length]!);
}

async function stackGanPictures(model: StackGan, captions: string[], seed: number): Promise<tf.Tensor4D> {
  const conditions = embedCaptions(captions);
  return await model.generate({ conditions, seed }).finally(() => conditions.dispose());
}

if (import.meta.main) {
  await runCommand(command, async (values) => {
    const count = await generate(values);
    console.log(`${count} ${count === 1 ? "picture" : "pictures"} in ${values.output}`);
  });
}
