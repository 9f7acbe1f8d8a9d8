/** The pictures that a CycleGAN's page shows: samples as the training goes, and tests at its end.
 * @module */
import type { UnpairedBatch, UnpairedData } from "../../data/datasets.ts";
import { toImages } from "../../data/image_bytes.ts";
import type { TestImages } from "../../plot/picture_table.ts";
import type { CycleDirection, CycleGan } from "../../train/cyclegan.ts";

/** The rows of the samples: pictures of the first set, then of the second. */
export function namesOf({ names, a }: UnpairedBatch): string[] {
  const both = names.map((name) => name.split(", "));
  return [0, 1].flatMap((side) => both.map((name) => name[side] ?? "")).slice(0, 2 * a.shape[0]);
}

/** The first pictures of both sets, always the same ones. */
export async function firstPictures(data: UnpairedData, count: number): Promise<UnpairedBatch> {
  for await (const batch of data.batches({ batch: count, shuffle: false, augment: false })) return batch;
  throw new RangeError(`Cannot show samples of ${data.name}: it has no pictures`);
}

/** Pictures of each set that are held back and shown at the end. */
const TEST_PICTURES = 4;

/** What the model makes of the pictures behind those of the samples, there and back. */
export async function testPictures(model: CycleGan, data: UnpairedData, skip: number): Promise<TestImages[]> {
  const tests: [TestImages[], TestImages[]] = [[], []];
  for await (const { a, b, names } of data.batches({ skip, shuffle: false, augment: false })) {
    const [nameA = "", nameB = ""] = names[0]!.split(", ");
    for (const [i, images, name, there, back] of [[0, a, nameA, "xToY", "yToX"], [1, b, nameB, "yToX", "xToY"]] as const) {
      tests[i].push({ name, pictures: await thereAndBack(model, images, there, back) });
      images.dispose();
    }
    if (tests[0].length === TEST_PICTURES) break;
  }
  return tests.flat();
}

async function thereAndBack(model: CycleGan, images: UnpairedBatch["a"], there: CycleDirection, back: CycleDirection) {
  const generated = await model.translate(images, { direction: there });
  const reconstructed = await model.translate(generated, { direction: back });
  const [input, made, again] = [images, generated, reconstructed].map((tensor) => toImages(tensor)[0]!);
  for (const tensor of [generated, reconstructed]) tensor.dispose();
  return { input: input!, generated: made!, reconstructed: again! };
}
