/** The size "full", whose trainings take hours: that its cells run, on sets that lie in FORGER_DATA as the real ones do, with
 * settings of the size "test".
 * @module */
import { assertEquals, assertGreater, assertNotEquals } from "@std/assert";
import { join } from "node:path";
import { executeNotebook } from "../../notebooks/tools/execute.ts";
import { data, tf, useBackend } from "../../mod.ts";
import { idx } from "../data/_idx.ts";
import { type Course, course, isLesson, kernelTest, ROOT, stem, texts } from "./_notebooks.ts";

const SIDE = 64;

/** Whether it takes other data at the size "full". */
function hasRealData(lesson: Course): boolean {
  return texts(lesson, "code").some(({ text }) => text.includes('sizeName === "full"'));
}

/** Writes two pictures side by side, as pix2pix's sets have them. */
async function writeBoth(file: string, left: data.Image, right: data.Image): Promise<void> {
  await data.writeImage(file, tf.concat([data.toTensor([left]), data.toTensor([right])] as tf.Tensor4D[], 2));
}

async function writeDigits(folder: string, part: string, split: "train" | "test"): Promise<void> {
  const count = 100;
  for await (const { images, labels } of data.digits({ count, split, seed: 1 }).batches({ batch: count, shuffle: false })) {
    const pixels = data.toImages(images).flatMap((picture) => [...picture.data]);
    await Deno.writeFile(join(folder, `${part}-images-idx3-ubyte`), idx([count, 28, 28], pixels));
    await Deno.writeFile(join(folder, `${part}-labels-idx1-ubyte`), idx([count], [...labels.dataSync()]));
  }
}

/** Everything that the lessons read at the size "full", small and drawn. */
async function writeSets(folder: string): Promise<void> {
  await useBackend("cpu");
  const folders = ["facades/train", "facades/test", "maps/train", "maps/val", "mnist"];
  const piles = ["trainA", "trainB", "testA", "testB"].map((pile) => `horse2zebra/${pile}`);
  for (const name of [...folders, ...piles]) await Deno.mkdir(join(folder, name), { recursive: true });
  for (let n = 1; n <= 8; n++) {
    const draw = (world: "facade" | "town", look: string) => data.renderScene(world, n, look as "labels", SIDE);
    const [labels, photo, map, aerial] = await Promise.all([
      ...[draw("facade", "labels"), draw("facade", "photo")],
      ...[draw("town", "map"), draw("town", "aerial")],
    ]);
    for (const split of ["train", "test"]) await writeBoth(join(folder, "facades", split, `${n}.png`), photo!, labels!);
    for (const split of ["train", "val"]) await writeBoth(join(folder, "maps", split, `${n}.png`), aerial!, map!);
    for (const pile of piles) await data.writeImage(join(folder, pile, `${n}.png`), data.toTensor([photo!]));
  }
  await writeDigits(join(folder, "mnist"), "train", "train");
  await writeDigits(join(folder, "mnist"), "t10k", "test");
}

/** The lesson with the numbers of the size "test" at the size "full", to be run from any folder of the project. */
function shortened({ notebook }: Course, sets: string): string {
  let found = 0;
  const cells = notebook.cells.map((cell) => {
    if (cell.cell_type !== "code") return cell;
    let source = [cell.source].flat().join("");
    const [, numbers] = source.match(/^ {2}test: (\{.*\}),$/m) ?? [];
    if (numbers !== undefined) {
      found++;
      const small = source.replace(/^ {2}full: \{.*\},$/m, () => `  full: ${numbers},`);
      assertNotEquals(small, source);
      source = `Deno.env.set("FORGER_DATA", ${JSON.stringify(sets)});\n${small}`;
    }
    return { ...cell, source };
  });
  assertEquals(found, 1, "the numbers of the sizes are in another form; change this test with them");
  return JSON.stringify({ ...notebook, cells });
}

const lessons = (await course()).filter((notebook) => isLesson(notebook) && hasRealData(notebook));

Deno.test("there are lessons that take real data at the size full", () => assertGreater(lessons.length, 5));

for (const lesson of lessons) {
  kernelTest(`${lesson.name} runs at the size full, on data that lie as the real sets do`, async () => {
    await Deno.mkdir(join(ROOT, "runs"), { recursive: true });
    const folder = await Deno.makeTempDir({ dir: join(ROOT, "runs"), prefix: "full-" });
    try {
      await writeSets(join(folder, "sets"));
      const path = join(folder, `${stem(lesson)}.ipynb`);
      await Deno.writeTextFile(path, shortened(lesson, join(folder, "sets")));
      await executeNotebook(path, { root: ROOT, size: "full" });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
