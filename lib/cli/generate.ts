/** `deno task generate`: uses a trained model to generate images from noise, class labels or captions.
 * @module */
import { join } from "node:path";
import { allCaptions, embedCaptions, readCaption } from "../../data/worlds/houses/mod.ts";
import { useBackend } from "../backend/use_backend.ts";
import { finiteImages, type Image } from "../data/image_bytes.ts";
import { imageGrid } from "../plot/grid.ts";
import { encodePng } from "../plot/png.ts";
import { type Field, integer, list, text, type Values } from "../settings.ts";
import { type GeneratingModel, loadModel, type SomeModel, systemOf } from "../systems/registry.ts";
import type * as tf from "../tf.ts";
import { writeFile } from "../train/files.ts";
import { backendOption } from "./backend.ts";
import { classIndices } from "./class_names.ts";
import { type Command, UsageError } from "./command.ts";
import { isCommand } from "./entry.ts";
import { runCommand } from "./main.ts";
import { fromWhereCalled, makeFolder } from "./paths.ts";

const label = text({ value: "CLASS", help: "Class." });

const captionsOption: Field<string[] | undefined> = {
  help: "Caption of each image, for a StackGAN. Separate captions with semicolons: " +
    '"a red house with two windows; a blue house with one window".',
  value: "CAPTIONS",
  accepts: 'captions, for example "a red house with two windows"',
  default: undefined,
  fits: (value) => Array.isArray(value) && value.length > 0,
  read(text) {
    const captions = text.split(";").map((caption) => caption.trim()).filter((caption) => caption !== "");
    captions.forEach(readCaption);
    return captions;
  },
};

const options = {
  model: text({ value: "FOLDER", help: "Model folder written by deno task train, such as runs/gan-digits." }),
  output: text({
    value: "FOLDER",
    help: "Folder for the images (PNG files) and for grid.png, which shows the first 64 of them. The folder is created if " +
      "necessary; existing images with the same names are overwritten.",
  }),
  count: integer(undefined, {
    min: 1,
    max: 100_000,
    unit: "images",
    help: "Number of images. Default: 16, or the number of labels or captions given.",
  }),
  labels: list<string, string[] | undefined>(undefined, label, {
    of: "classes",
    help: "Class of each image, for a conditional model: its name, such as cat,cat,dog, if the model knows the names of its " +
      "classes, or its index from 0, such as 7,7,7 for three sevens. Default: each class in turn.",
  }),
  captions: captionsOption,
  seed: integer(0, { min: 0, max: 2 ** 31 - 1, help: "Seed for the noise; the same seed gives the same images." }),
  backend: backendOption,
};

type GenerateValues = Values<typeof options>;

const command: Command<typeof options> = {
  name: "generate",
  usage: "--model FOLDER --output FOLDER",
  about: "Generates images with a model trained by deno task train gan, conditional-gan or stackgan.",
  options,
  examples: [
    { line: "generate --model runs/gan-digits --output generated", does: "generate 16 images" },
    { line: "generate --model runs/conditional-gan-digits --output sevens --labels 7,7,7", does: "generate three sevens" },
    {
      line: 'generate --model runs/stackgan-houses --output houses --captions "a red house with two windows"',
      does: "generate a house",
    },
  ],
};

/** Number of images if none of --count, --labels and --captions is given. */
const COUNT = 16;
/** Number of images in a row of the grid. */
const COLUMNS = 8;
/** Maximum number of images in the grid. */
const MOST_IN_GRID = 64;

/** Generates images and writes them to a folder.
 * @returns the number of images. */
export async function generate(values: GenerateValues): Promise<number> {
  const lists = [values.labels, values.captions].filter((list) => list !== undefined);
  const wrong = lists.find((list) => values.count !== undefined && list.length !== values.count);
  if (wrong || lists.length > 1) {
    throw new UsageError("Options --count, --labels and --captions all set the number of images: use only one of them");
  }
  await useBackend(values.backend);
  const output = fromWhereCalled(values.output);
  const { model, classes } = await loadGenerator(values);
  let images: Image[];
  try {
    await makeFolder(output, "--output");
    const tensor = await imagesOf(model, { ...values, labels: classes });
    try {
      images = finiteImages(tensor, `write images to ${output}`);
    } finally {
      tensor.dispose();
    }
  } finally {
    model.dispose();
  }
  await writeImages(images, output);
  return images.length;
}

/** Writes each image to its own file, and writes a grid of the first images. */
async function writeImages(images: Image[], folder: string): Promise<void> {
  for (const [i, image] of images.entries()) await writeFile(join(folder, `${i + 1}.png`), [await encodePng(image)]);
  const shown = images.slice(0, MOST_IN_GRID);
  const rows = Array.from({ length: Math.ceil(shown.length / COLUMNS) }, (_, i) => shown.slice(i * COLUMNS, (i + 1) * COLUMNS));
  await writeFile(join(folder, "grid.png"), [(await imageGrid(rows)).png]);
}

/** Loads a model that generates images.
 * @throws {UsageError} if the model does not generate images, or does not support the given labels or captions. */
async function loadGenerator(
  { model: folder, labels, captions }: GenerateValues,
): Promise<{ model: GeneratingModel; classes: number[] | undefined }> {
  const model = await loadModel(fromWhereCalled(folder)) as SomeModel;
  const { uses } = systemOf(model.kind)!;
  const refuse = (option: string, why: string): never => {
    model.dispose();
    throw new UsageError(`Option ${option}: ${folder} ${why}`);
  };
  if (captions && !uses.includes("captions")) return refuse("--captions", "was not trained on captions; omit --captions");
  if (labels && !uses.includes("labels")) return refuse("--labels", "was not trained with class labels; omit --labels");
  const ofPoints = Array.isArray(model.settings.shape) && model.settings.shape.length !== 3;
  if (uses.includes("generate") && !ofPoints) {
    try {
      const classes = labels && classIndices(labels, folder, model.provenance?.classNames, model.settings.classes);
      return { model: model as GeneratingModel, classes };
    } catch (error) {
      model.dispose();
      throw error;
    }
  }
  return refuse("--model", "does not generate images from noise; choose a model that does, or use deno task translate");
}

async function imagesOf(
  model: GeneratingModel,
  values: Omit<GenerateValues, "labels"> & { labels: number[] | undefined },
): Promise<tf.Tensor4D> {
  const { labels, captions, seed } = values;
  const count = values.count ?? labels?.length ?? captions?.length ?? COUNT;
  if (!systemOf(model.kind)!.uses.includes("captions")) {
    return await model.generate({ count, seed, ...(labels ? { labels } : {}) });
  }
  const conditions = embedCaptions(captions ?? Array.from({ length: count }, (_, i) => allCaptions[i % allCaptions.length]!));
  return await model.generate({ conditions, seed }).finally(() => conditions.dispose());
}

if (isCommand(import.meta)) {
  await runCommand(command, async (values) => {
    const count = await generate(values);
    console.log(`${count} ${count === 1 ? "image" : "images"} in ${values.output}`);
  });
}
