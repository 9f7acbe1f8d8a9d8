/** `deno task world`: writes toytown scenes as image files.
 * @module */
import { join } from "node:path";
import { startCpu } from "../backend/cpu.ts";
import type { Split } from "../../data/worlds/options.ts";
import { toytown, type ToytownOptions } from "../../data/worlds/toytown/mod.ts";
import { type Rendering, type WorldName, worlds } from "../../data/worlds/toytown/worlds.ts";
import type { PairData } from "../data/datasets.ts";
import { encodePng } from "../data/image.ts";
import { toImages } from "../data/image_bytes.ts";
import { imagesIn } from "../data/image_files.ts";
import { sideBySide } from "../data/paired_folders.ts";
import { choice, integer, text, type Values } from "../settings.ts";
import { type Command, usageIfRange } from "./command.ts";
import { counted } from "./data/describe.ts";
import { isCommand } from "./entry.ts";
import { runCommand } from "./main.ts";
import { existingOutputs, outputOptions, type OutputReport, type OutputWriter, printOutputs, withOutputs } from "./outputs.ts";
import { fromWhereCalled } from "./paths.ts";
import { type Progress, statusLine } from "./status_line.ts";

const renderings = [...new Set(Object.values(worlds).flatMap((world) => Object.keys(world.renderings)))] as Rendering[];

const options = {
  count: integer(400, { min: 1, max: 1_000_000, unit: "pairs", help: "Number of scenes for training." }),
  test: integer(100, { min: 0, max: 1_000_000, unit: "pairs", help: "Number of additional scenes for testing; 0 for none." }),
  size: integer(256, { min: 8, max: 4096, unit: "pixels", help: "Height and width of each half of an image." }),
  out: text({
    value: "FOLDER",
    help: "Folder in which to create the subfolders train and test.",
  }),
  ...outputOptions,
  scene: choice("facade", Object.keys(worlds) as WorldName[], {
    help: "What to draw: a facade on a street, or a town seen from above.",
  }),
  left: choice(undefined, renderings, {
    help: "Content of the left half (A). Default: the photo for facades, the aerial photo for towns.",
  }),
  right: choice(undefined, renderings, {
    help: "Content of the right half (B). Default: the labels for facades, the map for towns.",
  }),
  seed: integer(0, { min: 0, max: 2 ** 31 - 1, help: "Seed for the scenes." }),
};

const command: Command<typeof options> = {
  name: "world",
  usage: "--out FOLDER",
  about: "Draws toytown scenes and writes them as side-by-side PNG images in pix2pix's layout: train/1.png, train/2.png " +
    "and so on for training, and test/1.png, test/2.png and so on for testing. The same seed gives the same images.",
  options,
  examples: [
    { line: "world --count 400 --size 256 --out data/toytown-256", does: "as many training pairs as in the facades data set" },
    { line: "world --scene town --count 1000 --out towns", does: "aerial photos and maps" },
    { line: "world --left photo --right night --out nights", does: "pairs that show the same facade by day and by night" },
  ],
};

/** Writes the scenes.
 * @returns What was written, and the number of other images in the folders.
 * @throws {Error} If an output file exists, unless the options say what to do with it. */
export async function world(
  values: Values<typeof options>,
  progress: Progress = statusLine(),
): Promise<OutputReport & { others: number }> {
  const { count, test, size, seed, scene, overwrite, missing } = values;
  await startCpu(); // the scenes are drawn as bytes, without arithmetic on tensors
  const { pair } = worlds[scene];
  // The left half, A, is the input of these pairs.
  const drawn = { size, seed, scene, input: values.left ?? pair.target, target: values.right ?? pair.input };
  const folder = fromWhereCalled(values.out);
  const splits = ([["train", count], ["test", test]] as [Split, number][]).map(([split, many]) => ({
    files: Array.from({ length: many }, (_, i) => join(split, `${i + 1}.png`)),
    pairs: usageIfRange(() => many > 0 && toytown({ ...drawn, split, count: many } satisfies ToytownOptions), "--left, --right"),
  }));
  const plan = { folder, option: "--out", files: splits.flatMap(({ files }) => files), overwrite, missing };
  await existingOutputs(plan);
  const job = { stage: "Drawing", count: plan.files.length, progress };
  return await withOutputs(plan, job, async (outputs) => {
    const report: OutputReport = { made: 0, kept: 0, left: 0, bad: [] };
    for (const { pairs, files } of splits) if (pairs) await drawMissing(pairs, files, outputs, report);
    return { ...report, others: await othersIn(join(folder, "train"), count) + await othersIn(join(folder, "test"), test) };
  });
}

/** Draws the pairs whose files are missing, and counts them in the report. */
async function drawMissing(pairs: PairData, files: string[], outputs: OutputWriter, report: OutputReport): Promise<void> {
  let images: ReturnType<typeof sideBySide> | undefined;
  for (const [i, file] of files.entries()) {
    if (outputs.stopped && outputs.isMissing(file)) report.left++;
    else if (outputs.isMissing(file)) {
      outputs.report(report.kept + report.made, file);
      images ??= sideBySide(pairs, i);
      const image = (await images.next()).value!;
      const [bytes] = toImages(image);
      image.dispose();
      await outputs.write(file, await encodePng(bytes!));
      report.made++;
    } else {
      report.kept++;
      await images?.return();
      images = undefined; // the next image is not the next file
    }
  }
  await images?.return();
}

/** Counts the images in a folder that do not belong to the first `many` scenes. The other images may be left over from an earlier
 * run that drew more scenes, and would also be used for training. */
async function othersIn(folder: string, many: number): Promise<number> {
  const own = new Set(Array.from({ length: many }, (_, i) => `${i + 1}.png`));
  const images = await imagesIn(folder).catch(() => []); // the folder test may not exist
  return images.filter((name) => !own.has(name)).length;
}

if (isCommand(import.meta)) {
  await runCommand(command, async (values) => {
    const { others, ...report } = await world(values);
    const status = printOutputs(report, values.out, values, `pair of ${values.size}x${values.size}`);
    if (others > 0) console.log(`${values.out} also contains ${counted(others, "other image")}`);
    return status;
  });
}
