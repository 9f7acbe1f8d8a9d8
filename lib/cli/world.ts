/** `deno task world`: writes toytown scenes as image files.
 * @module */
import { join } from "node:path";
import { startCpu } from "../backend/cpu.ts";
import type { Split } from "../../data/worlds/options.ts";
import { toytown, type ToytownOptions } from "../../data/worlds/toytown/mod.ts";
import { type Rendering, type WorldName, worlds } from "../../data/worlds/toytown/worlds.ts";
import { imagesIn } from "../data/image_files.ts";
import { writePairs } from "../data/paired_folders.ts";
import { choice, integer, text, type Values } from "../settings.ts";
import { type Command, usageIfRange } from "./command.ts";
import { isCommand } from "./entry.ts";
import { runCommand } from "./main.ts";
import { fromWhereCalled, makeFolder } from "./paths.ts";
import { type Progress, statusLine } from "./status_line.ts";

const renderings = [...new Set(Object.values(worlds).flatMap((world) => Object.keys(world.renderings)))] as Rendering[];

const options = {
  count: integer(400, { min: 1, max: 1_000_000, unit: "pairs", help: "Number of scenes for training." }),
  test: integer(100, { min: 0, max: 1_000_000, unit: "pairs", help: "Number of additional scenes for testing; 0 for none." }),
  size: integer(256, { min: 8, max: 4096, unit: "pixels", help: "Height and width of each half of an image." }),
  out: text({
    value: "FOLDER",
    help: "Folder in which to create the subfolders train and test. Existing images with the same names are overwritten.",
  }),
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
    { line: "world --left photo --right night --out nights", does: "the same facades by day and by night" },
  ],
};

/** Writes the scenes.
 * @returns the paths of the files, and the number of other images in their folders. */
export async function world(
  values: Values<typeof options>,
  progress: Progress = statusLine(),
): Promise<{ paths: string[]; others: number }> {
  const { count, test, size, seed, scene } = values;
  await startCpu(); // the scenes are drawn as bytes, without arithmetic on tensors
  const { pair } = worlds[scene];
  // The left half, A, is the input of these pairs.
  const drawn = { size, seed, scene, input: values.left ?? pair.target, target: values.right ?? pair.input };
  const folder = fromWhereCalled(values.out);
  const splits = ([["train", count], ["test", test]] as [Split, number][]).map(([split, many]) => ({
    ...{ split, many, place: join(folder, split) },
    pairs: usageIfRange(() => many > 0 && toytown({ ...drawn, split, count: many } satisfies ToytownOptions), "--left, --right"),
  }));
  await makeFolder(folder, "--out"); // first, so that an error message names this folder
  for (const { pairs, place } of splits) if (pairs) await makeFolder(place, "--out");
  const paths: string[] = [];
  let others = 0;
  for (const { split, many, place, pairs } of splits) {
    const report = (written: number) => progress.update("world", "Drawing", `${split}: ${written} of ${many}`);
    if (pairs) paths.push(...await writePairs(place, pairs, { report }));
    others += await othersIn(place, many);
  }
  progress.finish("world");
  return { paths, others };
}

/** Counts the images in a folder other than those of the first `many` scenes. They may be left over from an
 * earlier run that drew more scenes, and would also be used for training. */
async function othersIn(folder: string, many: number): Promise<number> {
  const own = new Set(Array.from({ length: many }, (_, i) => `${i + 1}.png`));
  const images = await imagesIn(folder).catch(() => []); // the folder test may not exist
  return images.filter((name) => !own.has(name)).length;
}

if (isCommand(import.meta)) {
  await runCommand(command, async (values) => {
    const { paths, others } = await world(values);
    const counted = (count: number, name: string) => `${count} ${name}${count === 1 ? "" : "s"}`;
    console.log(`${counted(paths.length, "pair")} of ${values.size}x${values.size} in ${values.out}`);
    if (others > 0) {
      console.log(`${values.out} also contains ${counted(others, "other image")}`);
    }
  });
}
