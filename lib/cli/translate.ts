/** `deno task translate`: translates images with a trained model.
 * @module */
import { basename, dirname, extname, join } from "node:path";
import { useBackend } from "../backend/use_backend.ts";
import { listImages } from "../data/image_files.ts";
import { writeImage } from "../data/image.ts";
import { toTensor } from "../data/image_bytes.ts";
import { readSide } from "../data/preprocess.ts";
import type { SideOptions } from "../data/side.ts";
import { choice, dimensionsOf, flag, integer, text, type Values } from "../settings.ts";
import { loadModel, type SomeModel, systemOf, type TranslatingModel } from "../systems/registry.ts";
import { recordedSide } from "../train/provenance.ts";
import { backendOption } from "./backend.ts";
import { type Command, UsageError } from "./command.ts";
import { runCommand } from "./main.ts";
import { byRealPath, fromWhereCalled, makeFolder, realPath } from "./paths.ts";
import { type Progress, statusLine } from "./status_line.ts";

const options = {
  model: text({ value: "FOLDER", help: "Model folder written by deno task train, such as runs/facades." }),
  input: text({ value: "PATH", help: "Image to translate, or a folder of images." }),
  output: text({
    value: "FOLDER",
    help: "Folder for the translated images: PNG files named after the originals. The folder is created if necessary; " +
      "existing images with the same names are overwritten.",
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
  about: "Translates images with a trained model. Each image is resized to the image size of the model, and the output has " +
    "that size. The model folder contains all settings of the model, so none of them have to be given again.",
  options,
  examples: [
    { line: "translate --model runs/facades --input labels.png --output translated", does: "translate one image" },
    {
      line: "translate --model runs/facades --input facades/test --half right --output translated",
      does: "translate the right half of each image in a folder",
    },
  ],
};

/** Translates images and writes the results to a folder.
 * @returns the number of images. */
export async function translate(values: TranslateValues, progress: Progress = statusLine()): Promise<number> {
  const path = (name: "input" | "output" | "model") => fromWhereCalled(values[name]);
  const [input, output, folder] = [path("input"), path("output"), path("model")];
  const images = await inputImages(input);
  await checkTargets(images, output, values.variants);
  await useBackend(values.backend);
  const model = await loadTranslator(folder, values);
  await makeFolder(output, "--output");
  for (const [n, path] of images.entries()) {
    progress.update("translate", "Translating", `${n + 1} of ${images.length}: ${basename(path)}`);
    await translateOne(model, path, targetsOf(path, output, values.variants), values);
  }
  progress.finish("translate");
  model.dispose();
  return images.length;
}

/** Returns the path of a single image, or the paths of the images in a folder. */
async function inputImages(path: string): Promise<string[]> {
  const found = await Deno.stat(path).catch(() => undefined);
  if (!found) throw new Error(`Cannot read ${path}: there is no such file or folder; check --input`);
  return found.isDirectory ? (await listImages(path)).map((name) => join(path, name)) : [path];
}

/** Loads a model that translates images.
 * @throws {UsageError} if the model does not translate images, or if an option does not apply to it. */
async function loadTranslator(folder: string, values: TranslateValues): Promise<TranslatingModel> {
  const model = await loadModel(folder) as SomeModel;
  if (!systemOf(model.kind)!.uses.includes("translate")) {
    throw new UsageError(
      `Option --model: ${folder} does not translate images; if it generates images from noise, use deno task generate`,
    );
  }
  refuseUnused(folder, model, values);
  return model as TranslatingModel;
}

/** Rejects options that have no effect on a model, instead of silently ignoring them.
 * @throws {UsageError} if such an option is given. */
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

async function translateOne(model: TranslatingModel, from: string, to: string[], values: TranslateValues): Promise<void> {
  const { half, seed = 0, noDropout, runningStatistics, back } = values;
  const fit = { ...dimensionsOf(model.settings.size), fit: "fill" } as const;
  const { input, output } = sidesOf(model, back, values.model);
  const images = toTensor([await readSide(from, fit, input, undefined, half)]);
  const mode = { dropout: !noDropout, batchStatistics: !runningStatistics, direction: back ? "yToX" : "xToY" };
  for (const [i, place] of to.entries()) {
    const translated = await model.translate(images, { ...mode, seed: seed + i });
    await writeImage(place, translated, output);
    translated.dispose();
  }
  images.dispose();
}

/** Returns how the files of a translation are read and written.
 * @param back whether images are translated from the second domain to the first. */
function sidesOf({ provenance, settings }: SomeModel, back: boolean, folder: string): Record<"input" | "output", SideOptions> {
  const { inputChannels, outputChannels, xChannels, yChannels } = settings;
  const sides = inputChannels === undefined
    ? [recordedSide(provenance, "a", xChannels, folder), recordedSide(provenance, "b", yChannels, folder)]
    : [recordedSide(provenance, "input", inputChannels, folder), recordedSide(provenance, "target", outputChannels, folder)];
  const [input, output] = back ? sides.reverse() : sides;
  return { input: input!, output: output! };
}

/** Returns the output paths for the translations of an image.
 * @param variants number of translations. If there are several, the file names end in -1, -2 and so on. */
function targetsOf(path: string, output: string, variants: number): string[] {
  const name = join(output, basename(path, extname(path)));
  return variants === 1 ? [`${name}.png`] : Array.from({ length: variants }, (_, i) => `${name}-${i + 1}.png`);
}

/** Makes sure that no translation overwrites an input image (not even through a link) or another translation.
 * @param images paths of images in the same folder.
 * @throws {UsageError} if a file would be overwritten. */
async function checkTargets(images: readonly string[], output: string, variants: number): Promise<void> {
  const folder = await realPath(output);
  if (folder !== undefined && folder === await realPath(dirname(images[0]!))) {
    throw new UsageError(
      `Option --output: ${output} is the folder of the input images, which could be overwritten; choose another folder`,
    );
  }
  const read = await byRealPath(images);
  const sources = new Map<string, string>();
  for (const path of images) {
    for (const place of targetsOf(path, output, variants)) {
      const other = sources.get(place);
      if (other !== undefined) {
        throw new UsageError(`Option --input: ${other} and ${path} would both be written to ${place}; rename one of them`);
      }
      sources.set(place, path);
      const lost = folder === undefined ? undefined : read.get(await realPath(place) ?? "");
      if (lost === undefined) continue;
      throw new UsageError(
        `Option --output: ${place} is the same file as the input ${lost}, which would be overwritten; choose another folder`,
      );
    }
  }
}

if (import.meta.main) {
  await runCommand(command, async (values) => {
    const count = await translate(values);
    console.log(`${count} ${count === 1 ? "image" : "images"} in ${values.output}`);
  });
}
