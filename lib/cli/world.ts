/** `deno task world`: scenes of toytown as files.
 * @module */
import { join } from "node:path";
import { startCpu } from "../backend/cpu.ts";
import type { Split } from "../../data/worlds/options.ts";
import { toytown, type ToytownOptions } from "../../data/worlds/toytown/mod.ts";
import { type Rendering, type WorldName, worlds } from "../../data/worlds/toytown/worlds.ts";
import { imagesIn } from "../data/folder.ts";
import { writePairs } from "../data/write_pairs.ts";
import type { Command } from "./command.ts";
import { runCommand } from "./main.ts";
import { makeFolder } from "./make_folder.ts";
import { choice, integer, text, type Values } from "./options.ts";
import { fromWhereCalled } from "./paths.ts";
import { type Progress, statusLine } from "./status_line.ts";
import { usageIfRange } from "./usage.ts";

const renderings = [...new Set(Object.values(worlds).flatMap((world) => Object.keys(world.renderings)))] as Rendering[];

const options = {
  count: integer({ default: 400, min: 1, max: 1_000_000, unit: "pairs", help: "Scenes to train on." }),
  test: integer({
    default: 100,
    min: 0,
    max: 1_000_000,
    unit: "pairs",
    help: "Other scenes, to test on; none are written for 0.",
  }),
  size: integer({ default: 256, min: 8, max: 4096, unit: "pixels", help: "Height and width of each half." }),
  out: text({ value: "FOLDER", help: "Where the folders train and test are made. Pictures of the same names are replaced." }),
  scene: choice(Object.keys(worlds) as WorldName[], { default: "facade", help: "A facade on a street, or a town from above." }),
  left: choice(renderings, {
    default: undefined,
    help: "The left half, A. Without it: a facade's photo, a town's aerial photo.",
  }),
  right: choice(renderings, { default: undefined, help: "The right half, B. Without it: a facade's labels, a town's map." }),
  seed: integer({ default: 0, min: 0, max: 2 ** 31 - 1, help: "Another seed is another world." }),
};

const command: Command<typeof options> = {
  name: "world",
  usage: "--out FOLDER",
  about:
    "Draws scenes of toytown and writes them as side-by-side pictures, png, in the layout that pix2pix reads: train/1.png, " +
    "train/2.png, ..., test/1.png, .... The same seed gives the same pictures.",
  options,
  examples: [
    { line: "world --count 400 --size 256 --out data/toytown-256", does: "as many pairs as facades has" },
    { line: "world --scene town --count 1000 --out towns", does: "aerial photos and maps" },
    { line: "world --left photo --right night --out nights", does: "the same facades by day and by night" },
  ],
};

/** Writes a world.
 * @returns the files' paths, and how many other pictures are in their folders. */
export async function world(
  values: Values<typeof options>,
  progress: Progress = statusLine(),
): Promise<{ paths: string[]; others: number }> {
  const { count, test, size, seed, scene } = values;
  await startCpu(); // only bytes are moved
  const { pair } = worlds[scene];
  // A, the left half, is a pair's input here: what is drawn from is B.
  const drawn = { size, seed, scene, input: values.left ?? pair.target, target: values.right ?? pair.input };
  const folder = fromWhereCalled(values.out);
  const splits = ([["train", count], ["test", test]] as [Split, number][]).map(([split, many]) => ({
    ...{ split, many, place: join(folder, split) },
    pairs: usageIfRange(() => many > 0 && toytown({ ...drawn, split, count: many } satisfies ToytownOptions), "--left, --right"),
  }));
  await makeFolder(folder, "--out"); // first, for its own name in an error
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

/** How many pictures of a folder are not among the first `many` of a world: left from a larger one, they would be trained on with these. */
async function othersIn(folder: string, many: number): Promise<number> {
  const own = new Set(Array.from({ length: many }, (_, i) => `${i + 1}.png`));
  const pictures = await imagesIn(folder).catch(() => []); // without --test the folder may be missing
  return pictures.filter((name) => !own.has(name)).length;
}

if (import.meta.main) {
  await runCommand(command, async (values) => {
    const { paths, others } = await world(values);
    const counted = (count: number, name: string) => `${count} ${name}${count === 1 ? "" : "s"}`;
    console.log(`${counted(paths.length, "pair")} of ${values.size}x${values.size} in ${values.out}`);
    if (others > 0) {
      console.log(`${values.out} held ${counted(others, "other picture")}, which ${others === 1 ? "stays" : "stay"}`);
    }
  });
}
