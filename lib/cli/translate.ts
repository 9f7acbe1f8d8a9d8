/** `deno task translate`: translates images with a trained model.
 * @module */
import { join } from "node:path";
import { useBackend } from "../backend/use_backend.ts";
import { choice, flag, integer, text, type Values } from "../settings.ts";
import { loadModel, type SomeModel, systemOf, type TranslatingModel } from "../systems/registry.ts";
import { oneLine } from "../data/errors.ts";
import { headerOf } from "../data/header.ts";
import type { Image } from "../data/image_bytes.ts";
import { findReasons } from "../data/prefetch.ts";
import type * as tf from "../tf.ts";
import { backendOption } from "./backend.ts";
import { type Command, UsageError } from "./command.ts";
import { lookAtInputs } from "./data/look.ts";
import { folderOptions } from "./data/source.ts";
import { isCommand } from "./entry.ts";
import { runCommand } from "./main.ts";
import { existingOutputs, outputOptions, type OutputReport, type OutputWriter, printOutputs, withOutputs } from "./outputs.ts";
import { modelOption, modelPath } from "./model.ts";
import { readAhead, Writes } from "./overlap.ts";
import { fromWhereCalled } from "./paths.ts";
import { type Progress, statusLine } from "./status_line.ts";
import { type InputImage, inputImages } from "./translate/files.ts";
import {
  encodeOutput,
  fileSides,
  inputSize,
  readAlpha,
  readInput,
  type TranslateHow,
  translateImage,
} from "./translate/image.ts";
import { isLarge, translateInTiles } from "./translate/large.ts";

const options = {
  model: modelOption("runs/facades"),
  input: text({ value: "PATH", help: "Image to translate, or a folder of images. Its subfolders are included." }),
  output: text({
    value: "FOLDER",
    help:
      "Folder for the translated images: PNG files named after the originals, in the same subfolders. The folder is created " +
      "if necessary.",
  }),
  ...outputOptions,
  skipBad: {
    ...folderOptions.skipBad,
    help: "Accept files that cannot be read. Such files are always skipped and listed, but without this option the exit " +
      "status is 1.",
  },
  size: choice("input", ["input", "model"], {
    help: "Size of the output: the size of the input image, or the size of the images that the model was trained on. With " +
      "--size model, the image is resized without preserving its proportions. With --size input, the network runs at the size " +
      "of the input image. If the model was trained with --scale, the input image is first resized by the same factor, and " +
      "the result is resized to the size of the input image. A network expects objects to have the same size in pixels as in " +
      "training. For a model trained on whole images resized to 256x256, objects in a photo that is 4,000 pixels wide appear " +
      "enlarged 16 times: the model translates colours and textures, but not large shapes. If large shapes matter, use --size " +
      "model, or scale the photo down first.",
  }),
  tile: integer(1024, {
    min: 16,
    unit: "pixels",
    help: "Images that are taller or wider than this are translated in tiles, which limits memory use and gives the same " +
      "result. Temporary files then take up to 200 bytes per pixel in the output folder.",
  }),
  half: choice("whole", ["whole", "left", "right"], {
    help: "Which part of each image to translate: the whole image, or one half of a side-by-side image.",
  }),
  noDropout: flag(false, {
    help: "Turn off dropout, the model's source of noise, so that the same image always gives the same result.",
  }),
  runningStatistics: flag(false, {
    help: "Use the running statistics of batch norm. By default, as in the paper, the statistics of the image itself are used.",
  }),
  variants: integer(1, {
    min: 1,
    max: 1000,
    help: "Number of translations of each image, saved as NAME-1.png, NAME-2.png and so on. With BicycleGAN, the " +
      "translations of an image differ; with pix2pix, dropout makes them differ only slightly.",
  }),
  seed: integer(undefined, { min: 0, max: 2 ** 30, help: "Seed for the first latent code of a BicycleGAN. Default: 0." }),
  back: flag(false, { help: "With a CycleGAN, translate from the second domain to the first." }),
  backend: backendOption,
};

type TranslateValues = Values<typeof options>;

const command: Command<typeof options> = {
  name: "translate",
  usage: "--model FOLDER --input PATH --output FOLDER",
  about:
    "Translates images with a trained model. Each output has the height and width of its input; EXIF orientation is applied, " +
    "transparency is kept, and colours are sRGB. The model folder contains all settings of the model, so none of them have to " +
    "be given again. Ctrl-C stops the command after the current image.",
  options,
  examples: [
    { line: "translate --model runs/facades --input labels.png --output translated", does: "translate one image" },
    {
      line: "translate --model runs/facades --input facades/test --half right --output translated",
      does: "translate the right half of each image in a folder",
    },
    {
      line: "translate --model runs/facades --input photos --output translated --missing",
      does: "continue after an interruption",
    },
  ],
};

/** Translates images and writes the results to a folder.
 * @throws {Error} If an output file exists, unless the options say what to do with it. */
export async function translate(values: TranslateValues, progress: Progress = statusLine()): Promise<OutputReport> {
  const [input, output] = [fromWhereCalled(values.input), fromWhereCalled(values.output)];
  const images = await inputImages(input, output, values.variants);
  const { overwrite, missing } = values;
  const plan = { folder: output, option: "--output", files: images.flatMap(({ targets }) => targets), overwrite, missing };
  await existingOutputs(plan);
  if (images[0]!.path !== input) await lookAtInputs(input, values.half, { say: console.error });
  await useBackend(values.backend);
  const model = await loadTranslator(values);
  try {
    const job = { stage: "Translating", count: images.length, progress };
    const scale = values.size === "model" ? 1 : model.provenance?.reading?.scale ?? 1;
    const how = { ...values, scale, sides: fileSides(model, values.back, values.model) };
    return await withOutputs(plan, job, (outputs) => translateAll(model, images, outputs, how));
  } finally {
    model.dispose();
  }
}

/** Translates the images one at a time, while other images are read and written. Unreadable files are skipped, unless there is
 * only one image. */
async function translateAll(
  model: TranslatingModel,
  images: readonly InputImage[],
  outputs: OutputWriter,
  how: TranslateHow & { seed: number | undefined },
): Promise<OutputReport> {
  const toMake = images.filter(({ targets }) => targets.some((target) => outputs.isMissing(target)));
  const report: OutputReport = { made: 0, kept: images.length - toMake.length, left: 0, bad: [] };
  const bad: BadImage[] = [];
  const writes = new Writes();
  const read = ({ path }: InputImage) => readToTranslate(path, model, how);
  try {
    for await (const { item: image, result } of readAhead(toMake, read, ({ input }) => input?.dispose())) {
      outputs.report(report.kept + report.made + bad.length, image.targets[0]);
      if (outputs.stopped) break;
      const end = await translateOne(model, image, result, { outputs, writes }, how, images.length > 1 ? bad : undefined);
      if (end === "made") report.made++;
    }
    await writes.finish();
  } finally {
    await writes.settle();
  }
  await findReasons(bad, ({ image }) => read(image).then(({ input }) => void input?.dispose(), oneLine));
  report.bad = bad.map(({ reason }) => reason);
  report.left = toMake.length - report.made - bad.length;
  if (report.bad.length < images.length) return report;
  throw new Error(`Cannot translate: none of the ${images.length} files can be read; the first error was: ${report.bad[0]}`);
}

/** An image that cannot be read. */
interface BadImage {
  image: InputImage;
  reason: string;
}

/** Loads a model that translates images.
 * @throws {UsageError} If the model does not translate images, or if an option does not apply to it. */
async function loadTranslator(values: TranslateValues): Promise<TranslatingModel> {
  const { model: folder } = values;
  const model = await loadModel(await modelPath(folder)) as SomeModel;
  if (!systemOf(model.kind)!.uses.includes("translate")) {
    throw new UsageError(
      `Option --model: ${folder} does not translate images; if it generates images from noise, use deno task generate`,
    );
  }
  refuseUnused(folder, model, values);
  return model as TranslatingModel;
}

/** Rejects options that have no effect on a model, instead of silently ignoring them.
 * @throws {UsageError} If such an option is given. */
function refuseUnused(folder: string, { kind, settings }: SomeModel, values: TranslateValues): void {
  const { uses } = systemOf(kind)!;
  const refuse = (option: string, why: string): never => {
    throw new UsageError(`Option ${option}: ${folder} ${why}; omit ${option}`);
  };
  const { noDropout, runningStatistics, seed, variants } = values;
  if (values.back && !uses.includes("back")) refuse("--back", "translates in one direction only");
  if (uses.includes("variants")) {
    if (noDropout) refuse("--no-dropout", "has no dropout (its source of noise is a latent code)");
    if (runningStatistics) refuse("--running-statistics", "always uses the statistics of the image itself");
    return;
  }
  if (runningStatistics && settings.norm !== "batch") refuse("--running-statistics", "has no batch norm");
  if (seed !== undefined) refuse("--seed", "has no latent codes");
  if (variants > 1 && settings.dropout === 0) refuse("--variants", "has no source of noise, so all variants would be the same");
  if (variants > 1 && noDropout) refuse("--variants", "has no noise other than dropout, so all variants would be the same");
}

/** Translates an image in tiles, once for each missing output file.
 * @returns "made" if all output files of the image now exist, "bad" if the image cannot be read, or "left" if the user stops the
 * command. */
async function translateLarge(
  model: TranslatingModel,
  image: InputImage,
  outputs: OutputWriter,
  how: TranslateHow & { seed: number | undefined },
  bad: BadImage[] | undefined,
): Promise<"made" | "bad" | "left"> {
  const { path, targets } = image;
  try {
    for (const [i, target] of targets.entries()) {
      if (!outputs.isMissing(target)) continue;
      const options = { seed: (how.seed ?? 0) + i, scratch: outputs.folder, signal: outputs.signal };
      await outputs.make(target, (to) => translateInTiles(model, path, to, how, options));
    }
    return "made";
  } catch (error) {
    if (outputs.stopped && (error as Error).name === "AbortError") return "left";
    if (!bad || !oneLine(error).startsWith("Cannot read")) throw error;
    bad.push({ image, reason: oneLine(error) });
    return "bad";
  }
}

/** Data read from an image file before the image is translated. */
interface ToTranslate {
  /** The input of the model. An image that is translated in tiles is read later. */
  input?: tf.Tensor4D;
  alpha?: Image | undefined;
  /** Height and width of the output, if they are those of the file. */
  size?: { height: number; width: number };
}

async function readToTranslate(path: string, model: TranslatingModel, how: TranslateHow): Promise<ToTranslate> {
  const header = await headerOf(path);
  if (isLarge(header, how)) return {};
  const alpha = await readAlpha(path, header, model, how);
  const input = await readInput(path, header, model, how);
  return { input, alpha, ...how.size === "input" && { size: inputSize(header, how) } };
}

/** Translates an image once for each missing output file, and starts to write the files.
 * @param bad A list to which the image is added if it cannot be read. Without a list, the error is thrown. */
async function translateOne(
  model: TranslatingModel,
  image: InputImage,
  read: Promise<ToTranslate>,
  { outputs, writes }: { outputs: OutputWriter; writes: Writes },
  how: TranslateHow & { seed: number | undefined },
  bad: BadImage[] | undefined,
): Promise<"made" | "bad" | "left"> {
  let ready: ToTranslate;
  try {
    ready = await read;
  } catch (error) {
    if (!bad) throw error;
    bad.push({ image, reason: oneLine(error) });
    return "bad";
  }
  const { input, alpha, size } = ready;
  if (!input) return await translateLarge(model, image, outputs, how, bad);
  try {
    for (const [i, target] of image.targets.entries()) {
      if (!outputs.isMissing(target)) continue;
      const translated = await translateImage(model, input, how, (how.seed ?? 0) + i);
      const place = join(outputs.folder, target);
      const bytes = encodeOutput(translated, how, alpha, place, size);
      translated.dispose(); // encodeOutput() has already read it
      await writes.add(bytes.then((bytes) => outputs.write(target, bytes)));
    }
  } finally {
    input.dispose();
  }
  return "made";
}

if (isCommand(import.meta)) {
  await runCommand(command, async (values) => printOutputs(await translate(values), values.output, values));
}
