/** `deno task translate`: a trained model, used on pictures.
 * @module */
import { basename, dirname, extname, join, resolve } from "node:path";
import type * as tf from "@tensorflow/tfjs";
import { useBackend } from "../backend/use_backend.ts";
import { listPictures } from "../data/folder.ts";
import { readImage, writeImage } from "../data/image.ts";
import { BicycleGan } from "../train/bicyclegan.ts";
import { CycleGan } from "../train/cyclegan.ts";
import { loadModel } from "../train/load_model.ts";
import { Pix2Pix } from "../train/pix2pix.ts";
import { backendOption } from "./backend.ts";
import type { Command } from "./command.ts";
import { runCommand } from "./main.ts";
import { choice, flag, integer, text, UsageError, type Values } from "./options.ts";
import { fromWhereCalled } from "./paths.ts";
import { type Progress, statusLine } from "./status_line.ts";

const options = {
  model: text({ value: "FOLDER", help: "The model: a folder that train made, runs/facades say." }),
  input: text({ value: "PATH", help: "A picture, or a folder of pictures." }),
  output: text({
    value: "FOLDER",
    help:
      "Where the translated pictures go, under their old names, as png. It is made if need be; pictures of the same names in it are replaced.",
  }),
  half: choice(["whole", "left", "right"], {
    default: "whole",
    help:
      "What of each picture is translated: all of it, or a half where two stand side by side, as in the data that train reads.",
  }),
  noDropout: flag({ help: "Without dropout, the model's noise: the same picture gives the same result each time." }),
  runningStatistics: flag({
    help: "Batch norm with the averages of the training instead of those of the picture itself, as in the paper.",
  }),
  variants: integer({
    default: 1,
    min: 1,
    max: 1000,
    help: "Pictures of each, named -1, -2, ...: a BicycleGAN makes different ones, pix2pix by its dropout hardly so.",
  }),
  seed: integer({ default: 0, min: 0, max: 2 ** 30, help: "Of the first of a BicycleGAN's codes." }),
  back: flag({ help: "Of a CycleGAN: from the second kind of picture to the first." }),
  backend: backendOption,
};

const command: Command<typeof options> = {
  name: "translate",
  usage: "--model FOLDER --input PATH --output FOLDER",
  about:
    "Translates pictures with a model that train made. A picture is stretched to the model's size and comes out in that size. The " +
    "folder of the model says what it is: no other settings are needed.",
  options,
  examples: [
    { line: "translate --model runs/facades --input labels.png --output translated", does: "one picture" },
    {
      line: "translate --model runs/facades --input facades/test --half right --output translated",
      does: "the right halves of a folder's",
    },
  ],
};

/** Translates pictures into a folder.
 * @returns how many. */
export async function translate(values: Values<typeof options>, progress: Progress = statusLine()): Promise<number> {
  const [input, output, folderOfModel] = [values.input, values.output, values.model].map((path) => fromWhereCalled(path)) as [
    string,
    string,
    string,
  ];
  const pictures = await inputPictures(input);
  checkTargets(pictures, output);
  await useBackend(values.backend);
  const model = await translatorOf(folderOfModel, values);
  await Deno.mkdir(output, { recursive: true });
  for (const [n, path] of pictures.entries()) {
    progress.update("translate", "Translating", `${n + 1} of ${pictures.length}: ${basename(path)}`);
    await translateOne(model, path, target(path, output), values);
  }
  progress.finish("translate");
  model.dispose();
  return pictures.length;
}

/** The paths that an option names: one picture, or those of a folder. */
async function inputPictures(path: string): Promise<string[]> {
  const found = await Deno.stat(path).catch(() => undefined);
  if (!found) throw new Error(`Cannot read ${path}: there is no such file or folder; check --input`);
  return found.isDirectory ? (await listPictures(path)).map((name) => join(path, name)) : [path];
}

/** No picture may be written over one that is read, or over another one that is made.
 * @throws {UsageError} if one would be. */
function checkTargets(pictures: string[], output: string): void {
  if (pictures.some((path) => resolve(dirname(path)) === resolve(output))) {
    throw new UsageError(`Option --output: ${output} is where the pictures are, and some would be lost; choose another folder`);
  }
  const sources = new Map<string, string>();
  for (const path of pictures) {
    const place = target(path, output);
    const other = sources.get(place);
    if (other !== undefined) {
      throw new UsageError(`Option --input: ${other} and ${path} would both become ${place}; rename one of them`);
    }
    sources.set(place, path);
  }
}

function target(path: string, folder: string): string {
  return join(folder, basename(path, extname(path)) + ".png");
}

/** What a model of any kind that translates is here. */
interface OneWay {
  /** Height and width, pixels. */
  size: number;
  /** Of what it is given. */
  channels: number;
  /** @param seed of what is chance, if it is a BicycleGAN. */
  translate(images: tf.Tensor4D, seed: number): Promise<tf.Tensor4D>;
  dispose(): void;
}

/** Loads a model that translates.
 * @throws {UsageError} if it is of another kind. */
async function translatorOf(folder: string, values: Values<typeof options>): Promise<OneWay> {
  const { noDropout, runningStatistics, back } = values;
  const mode = { dropout: !noDropout, batchStatistics: !runningStatistics };
  const model = await loadModel<"pix2pix" | "cyclegan" | "bicyclegan">(folder);
  if (model instanceof CycleGan) {
    const { size, xChannels, yChannels } = model.settings;
    const how = { ...mode, direction: back ? "yToX" : "xToY" } as const;
    const channels = back ? yChannels : xChannels;
    return { size, channels, translate: (images) => model.translate(images, how), dispose: () => model.dispose() };
  }
  if (model instanceof BicycleGan) {
    if (back) return refuseBack(folder);
    const { size, inputChannels: channels } = model.settings;
    return { size, channels, translate: (images, seed) => model.translate(images, { seed }), dispose: () => model.dispose() };
  }
  if (!(model instanceof Pix2Pix)) {
    throw new UsageError(
      `Option --model: ${folder} does not translate pictures; if it makes them of noise, use deno task generate`,
    );
  }
  if (back) return refuseBack(folder);
  const { size, inputChannels: channels } = model.settings;
  return { size, channels, translate: (images) => model.translate(images, mode), dispose: () => model.dispose() };
}

function refuseBack(folder: string): never {
  throw new UsageError(`Option --back: ${folder} goes one way only; leave it out`);
}

async function translateOne(
  model: OneWay,
  from: string,
  to: string,
  { half, variants, seed }: Values<typeof options>,
): Promise<void> {
  const { size } = model;
  const channels = model.channels as 1 | 3 | 4;
  // A half is cut out after the stretching, which is the same as before it but for the pixel at the seam.
  const input = await readImage(from, { height: size, width: half === "whole" ? size : 2 * size, channels });
  const part = half === "whole"
    ? input
    : input.slice([0, 0, half === "left" ? 0 : size, 0], [1, size, size, channels]) as tf.Tensor4D;
  for (let i = 0; i < variants; i++) {
    const made = await model.translate(part, seed + i);
    await writeImage(variants === 1 ? to : to.replace(/\.png$/, `-${i + 1}.png`), made);
    made.dispose();
  }
  for (const tensor of new Set([input, part])) tensor.dispose();
}

if (import.meta.main) {
  await runCommand(command, async (values) => {
    const count = await translate(values);
    console.log(`${count} ${count === 1 ? "picture" : "pictures"} in ${values.output}`);
  });
}
