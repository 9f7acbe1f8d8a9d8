import { assertGreater, assertGreaterOrEqual, assertLess, assertRejects } from "@std/assert";
import { mirror } from "../../../../lib/data/augment.ts";
import { labelNumbers } from "../../../../lib/data/label_maps.ts";
import type { Image } from "../../../../lib/data/image_bytes.ts";
import { seededRandom } from "../../../../lib/data/random.ts";
import { sceneSeed } from "../../../../data/worlds/toytown/mod.ts";
import { recoverLabels } from "../../../../data/worlds/toytown/recover/mod.ts";
import { type Rendering, renderScene, type WorldName, worlds } from "../../../../data/worlds/toytown/worlds.ts";
import { addConfusion, confusionMatrix, segmentationScores } from "../../../../lib/metrics/segmentation.ts";

/** Returns the pixel accuracy over the first scenes of a test split, with changed photos. */
async function accuracy(world: WorldName, from: Rendering, count: number, change = (photo: Image) => photo): Promise<number> {
  const palette = Object.values(worlds[world].palette);
  const confusions = [];
  for (let i = 0; i < count; i++) {
    const seed = sceneSeed(2, "test", i);
    const [photo, truth] = await Promise.all([renderScene(world, seed, from, 128), renderScene(world, seed, "labels", 128)]);
    const read = await recoverLabels(change(photo), { scene: world, from });
    confusions.push(confusionMatrix(labelNumbers(truth, palette), labelNumbers(read, palette), palette.length));
  }
  return segmentationScores(confusions.reduce((sum, one) => addConfusion(sum, one))).pixelAccuracy;
}

Deno.test("recoverLabels() reaches a pixel accuracy of 95% on original photos of 60 facades and 50 towns", async () => {
  assertGreaterOrEqual(await accuracy("facade", "photo", 60), 0.95);
  assertGreaterOrEqual(await accuracy("town", "aerial", 50), 0.95);
});

Deno.test("recoverLabels() loses little accuracy on noisy images, and most of it on wrong images", async () => {
  const random = seededRandom(1);
  const noisy = ({ data, ...rest }: Image) => ({
    ...rest,
    data: Uint8Array.from(data, (value) => Math.min(255, Math.max(0, value + random.between(-16, 16)))),
  });
  assertGreater(await accuracy("facade", "photo", 8, noisy), 0.85);
  assertLess(
    await accuracy("facade", "photo", 8, (photo) => ({ ...photo, data: new Uint8Array(photo.data.length).fill(128) })),
    0.5,
  );
  assertLess(await accuracy("town", "aerial", 8, mirror), 0.6);
});

Deno.test("recoverLabels() throws on images that are not square or not RGB, and on unknown renderings", async () => {
  const image = { data: new Uint8Array(8 * 4 * 3), height: 8, width: 4, channels: 3 };
  await assertRejects(() => recoverLabels(image), RangeError, "got [8, 4, 3]");
  await assertRejects(
    () => recoverLabels({ data: new Uint8Array(16), height: 4, width: 4, channels: 1 }),
    RangeError,
    "got [4, 4, 1]",
  );
  await assertRejects(() => recoverLabels(image, { from: "aerial" }), RangeError, 'got "aerial"');
});

Deno.test("recoverLabels() throws on a greyscale rendering", async () => {
  const image = { data: new Uint8Array(3 * 64), height: 8, width: 8, channels: 3 } as const;
  await assertRejects(() => recoverLabels(image, { from: "edges" }), RangeError, "Cannot recover labels from edges");
});
