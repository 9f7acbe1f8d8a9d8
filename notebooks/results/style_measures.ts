/** Measures of the style of translations between brick and plaster.
 * @module */
import { palette } from "../../data/worlds/toytown/facade/scene.ts";
import { recoverLabels } from "../../data/worlds/toytown/recover/mod.ts";
import { sceneSeed } from "../../data/worlds/toytown/mod.ts";
import { renderScene } from "../../data/worlds/toytown/worlds.ts";
import { higher, lower, type Measure } from "../../lib/cli/evaluate/measure.ts";
import type { PairData } from "../../lib/data/datasets.ts";
import { toImages } from "../../lib/data/image_bytes.ts";
import { labelNumbers } from "../../lib/data/label_maps.ts";
import { addConfusion, type Confusion, confusionMatrix, segmentationScores } from "../../lib/metrics/segmentation.ts";
import type { CycleDirection } from "../../lib/systems/cyclegan.ts";
import * as tf from "../../lib/tf.ts";
import { fitMaterials, type Material, patchDistance, type ReadMaterial } from "./style.ts";

/** Translates images in a direction. */
export interface Crossing {
  translate(images: tf.Tensor4D, options?: { direction?: CycleDirection }): Promise<tf.Tensor4D>;
}

const colours = Object.values(palette);
const rules = new Map<number, Promise<ReadMaterial>>();

/** Compares translations between brick and plaster with photos of the other domain: labels and materials that the world's rules
 * read back from them, and statistics of patches.
 * @param truth Photos of the same test scenes in brick and in plaster.
 * @param seed Seed of these scenes. */
export async function styleMeasures(model: Crossing, truth: PairData, seed: number): Promise<Measure[]> {
  const size = truth.height;
  if (!rules.has(size)) rules.set(size, fitMaterials(size));
  const read = await rules.get(size)!;
  const ways = [["x_to_y_", "xToY", "plaster"], ["y_to_x_", "yToX", "brick"]] as const;
  const measures: Measure[] = [];
  for (const [key, direction, material] of ways) {
    measures.push(...await across(model, truth, { seed, key, direction, material, read }));
  }
  return measures;
}

interface Way {
  seed: number;
  key: string;
  direction: CycleDirection;
  material: Material;
  read: ReadMaterial;
}

async function across(model: Crossing, truth: PairData, { seed, key, direction, material, read }: Way): Promise<Measure[]> {
  const [translations, real]: tf.Tensor4D[][] = [[], []];
  let [right, confusion]: [number, Confusion | undefined] = [0, undefined];
  try {
    for await (const { input, target } of truth.batches({ shuffle: false, augment: false })) {
      const [from, to] = direction === "xToY" ? [input, target] : [target, input];
      translations!.push(await model.translate(from, { direction }));
      real!.push(to);
      from.dispose();
      const labels = await renderScene("facade", sceneSeed(seed, "test", real!.length - 1), "labels", truth.height);
      const photo = toImages(translations!.at(-1)!)[0]!;
      if (read(photo, labels) === material) right++;
      const [wanted, found] = [labels, await recoverLabels(photo, { from: material })].map((map) => labelNumbers(map, colours));
      const counted = confusionMatrix(wanted!, found!, colours.length);
      confusion = confusion ? addConfusion(confusion, counted) : counted;
    }
    const { pixelAccuracy, meanIou } = segmentationScores(confusion!);
    const [a, b] = tf.tidy(() => [tf.concat(translations!, 0), tf.concat(real!, 0)] as const);
    const patches = await patchDistance(a, b).finally(() => tf.dispose([a, b]));
    const way = `, ${direction}`;
    return [
      higher(`${key}material`, `fraction of translations whose walls are read as ${material}${way}`, right / real!.length),
      higher(`${key}label_pixel_accuracy`, `pixel accuracy of the labels recovered from ${material}${way}`, pixelAccuracy),
      higher(`${key}label_mean_iou`, `mean IoU of the labels recovered from ${material}${way}`, meanIou),
      lower(`${key}patches`, `squared Fréchet distance between patches of 3x3 pixels at half the size${way}`, patches),
    ];
  } finally {
    tf.dispose([...translations!, ...real!]);
  }
}
