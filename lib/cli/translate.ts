/** `deno task translate`: a trained model, used on pictures.
 * @module */
import { basename, join } from "node:path";
import type * as tf from "../tf.ts";
import { useBackend } from "../backend/use_backend.ts";
import { readImage, writeImage } from "../data/image.ts";
import { listImages } from "../data/image_files.ts";
import { backendOption } from "./backend.ts";
import type { Command } from "./command.ts";
import { runCommand } from "./main.ts";
import { makeFolder } from "./make_folder.ts";
import { choice, flag, integer, text, type Values } from "./options.ts";
import { fromWhereCalled } from "./paths.ts";
import { type Progress, statusLine } from "./status_line.ts";
import { loadOneWay, type OneWay } from "./translate/one_way.ts";
import { checkTargets, targetsOf } from "./translate/targets.ts";

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
  seed: integer({ default: undefined, min: 0, max: 2 ** 30, help: "Of the first of a BicycleGAN's codes. Without it 0." }),
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
  await checkTargets(pictures, output, values.variants);
  await useBackend(values.backend);
  const model = await loadOneWay(folderOfModel, values);
  await makeFolder(output, "--output");
  for (const [n, path] of pictures.entries()) {
    progress.update("translate", "Translating", `${n + 1} of ${pictures.length}: ${basename(path)}`);
    await translateOne(model, path, targetsOf(path, output, values.variants), values);
  }
  progress.finish("translate");
  model.dispose();
  return pictures.length;
}

/** The paths that an option names: one picture, or those of a folder. */
async function inputPictures(path: string): Promise<string[]> {
  const found = await Deno.stat(path).catch(() => undefined);
  if (!found) throw new Error(`Cannot read ${path}: there is no such file or folder; check --input`);
  return found.isDirectory ? (await listImages(path)).map((name) => join(path, name)) : [path];
}

async function translateOne(
  model: OneWay,
  from: string,
  to: string[],
  { half, seed = 0 }: Values<typeof options>,
): Promise<void> {
  const { size } = model;
  const channels = model.channels as 1 | 3 | 4;
  // A half is cut out after the stretching, which is the same as before it but for the pixel at the seam.
  const input = await readImage(from, { height: size, width: half === "whole" ? size : 2 * size, channels });
  const part = half === "whole"
    ? input
    : input.slice([0, 0, half === "left" ? 0 : size, 0], [1, size, size, channels]) as tf.Tensor4D;
  for (const [i, place] of to.entries()) {
    const made = await model.translate(part, seed + i);
    await writeImage(place, made);
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
