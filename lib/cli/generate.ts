/** `deno task generate`: uses a trained model to generate images from noise, class labels or captions.
 * @module */
import { join } from "node:path";
import { allCaptions, embedCaptions, readCaption } from "../../data/worlds/houses/mod.ts";
import { useBackend } from "../backend/use_backend.ts";
import { readImageBytes } from "../data/image.ts";
import { finiteImages, type Image } from "../data/image_bytes.ts";
import { imageGrid } from "../plot/grid.ts";
import { encodePng } from "../plot/png.ts";
import { type Field, integer, list, text, type Values } from "../settings.ts";
import { type GeneratingModel, loadModel, type SomeModel, systemOf } from "../systems/registry.ts";
import { backendOption } from "./backend.ts";
import { classIndices } from "./class_names.ts";
import { type Command, UsageError } from "./command.ts";
import { isCommand } from "./entry.ts";
import { runCommand } from "./main.ts";
import { modelOption, modelPath } from "./model.ts";
import { existingOutputs, outputOptions, type OutputReport, type OutputWriter, printOutputs, withOutputs } from "./outputs.ts";
import { Writes } from "./overlap.ts";
import { fromWhereCalled } from "./paths.ts";
import { type Progress, statusLine } from "./status_line.ts";

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
  model: modelOption("runs/gan-digits"),
  output: text({
    value: "FOLDER",
    help: "Folder for the images (1.png, 2.png and so on) and for grid.png, which shows the first 64 images. The folder is " +
      "created if necessary.",
  }),
  ...outputOptions,
  count: integer(undefined, {
    min: 1,
    max: 100_000,
    unit: "images",
    help: "Number of images. Default: 16, or the number of labels or captions given.",
  }),
  labels: list<string, string[] | undefined>(undefined, label, {
    of: "classes",
    help: "Class of each image, for a conditional model. Classes are given as indices from 0, such as 7,7,7 for three sevens, " +
      "or as names, such as cat,cat,dog, if the model knows the names of its classes. Default: each class in turn.",
  }),
  captions: captionsOption,
  seed: integer(0, { min: 0, max: 2 ** 31 - 1, help: "Seed for the noise; the same seed gives the same images." }),
  backend: backendOption,
};

type GenerateValues = Values<typeof options>;

const command: Command<typeof options> = {
  name: "generate",
  usage: "--model FOLDER --output FOLDER",
  about: "Generates images with a model trained by deno task train gan, conditional-gan or stackgan. Each image is written as " +
    "soon as it is generated. Ctrl-C stops the command after the current image.",
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
const COLUMNS = 8;
const MOST_IN_GRID = 64;

/** Generates images and writes them to a folder.
 * @throws {Error} If an output file exists, unless the options specify how to handle existing files. */
export async function generate(values: GenerateValues, progress: Progress = statusLine()): Promise<OutputReport> {
  const lists = [values.labels, values.captions].filter((list) => list !== undefined);
  const wrong = lists.find((list) => values.count !== undefined && list.length !== values.count);
  if (wrong || lists.length > 1) {
    throw new UsageError("Options --count, --labels and --captions all set the number of images: use only one of them");
  }
  const count = values.count ?? lists[0]?.length ?? COUNT;
  const { overwrite, missing } = values;
  const files = [...Array.from({ length: count }, (_, i) => fileOf(i)), GRID];
  const plan = { folder: fromWhereCalled(values.output), option: "--output", files, overwrite, missing };
  await existingOutputs(plan);
  await useBackend(values.backend);
  const { model, classes } = await loadGenerator(values);
  try {
    const job = { stage: "Generating", count, progress };
    return await withOutputs(plan, job, (outputs) => generateAll(model, { ...values, count, labels: classes }, outputs));
  } finally {
    model.dispose();
  }
}

/** Values of the options, with the number of images filled in and class names replaced by class indices. */
type GenerateChoice = Omit<GenerateValues, "labels"> & { count: number; labels: number[] | undefined };

const GRID = "grid.png";

function fileOf(index: number): string {
  return `${index + 1}.png`;
}

/** Writes each missing image to its own file, and then writes the grid of the first images. */
async function generateAll(
  model: GeneratingModel,
  values: GenerateChoice,
  outputs: OutputWriter,
): Promise<OutputReport> {
  const indices = Array.from({ length: values.count }, (_, i) => i);
  const isMissing = (i: number) => outputs.isMissing(fileOf(i));
  const toMake = indices.filter(isMissing).length;
  const report: OutputReport = { made: 0, kept: values.count - toMake, left: 0, bad: [] };
  const writes = new Writes();
  const skip = (start: number, length: number) => !indices.slice(start, start + length).some(isMissing);
  try {
    for await (const { start, images } of partsOf(model, values, skip)) {
      for (const [i, image] of images.entries()) {
        if (!isMissing(start + i)) continue;
        if (outputs.stopped) return { ...report, left: toMake - report.made };
        outputs.report(report.kept + report.made);
        await writes.add(encodePng(image).then((bytes) => outputs.write(fileOf(start + i), bytes)));
        report.made++;
      }
    }
    await writes.finish();
  } finally {
    await writes.settle();
  }
  if (outputs.isMissing(GRID)) await outputs.write(GRID, await gridOf(outputs.folder, Math.min(values.count, MOST_IN_GRID)));
  return report;
}

/** Generates the images in parts, except for the parts for which `skip` returns true. */
async function* partsOf(
  model: GeneratingModel,
  { labels, captions, count, seed, output }: GenerateChoice,
  skip: (start: number, length: number) => boolean,
): AsyncGenerator<{ start: number; images: Image[] }> {
  const captioned = systemOf(model.kind)!.uses.includes("captions");
  const conditions = captioned
    ? embedCaptions(captions ?? Array.from({ length: count }, (_, i) => allCaptions[i % allCaptions.length]!))
    : undefined;
  const options = { ...conditions ? { conditions } : { count, ...labels && { labels } }, seed };
  const parts = model.generateParts?.({ ...options, skip }) ?? [{ start: 0, samples: await model.generate(options) }];
  try {
    for await (const { start, samples } of parts) {
      let images: Image[];
      try {
        images = finiteImages(samples, `write images to ${output}`);
      } finally {
        samples.dispose();
      }
      yield { start, images };
    }
  } finally {
    conditions?.dispose();
  }
}

/** Draws the grid of the first images. The images are read from their files, because an earlier command may have written some of
 * them. */
async function gridOf(folder: string, count: number): Promise<Uint8Array<ArrayBuffer>> {
  const images = await Promise.all(Array.from({ length: count }, (_, i) => readImageBytes(join(folder, fileOf(i)))));
  const rows = Array.from({ length: Math.ceil(count / COLUMNS) }, (_, i) => images.slice(i * COLUMNS, (i + 1) * COLUMNS));
  return (await imageGrid(rows)).png;
}

/** Loads a model that generates images.
 * @throws {UsageError} If the model does not generate images, or does not support the given labels or captions. */
async function loadGenerator(
  { model: folder, labels, captions }: GenerateValues,
): Promise<{ model: GeneratingModel; classes: number[] | undefined }> {
  const model = await loadModel(await modelPath(folder)) as SomeModel;
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

if (isCommand(import.meta)) {
  await runCommand(command, async (values) => printOutputs(await generate(values), values.output, values));
}
