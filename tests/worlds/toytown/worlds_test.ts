import { assert, assertAlmostEquals, assertEquals, assertGreater, assertLess, assertNotEquals } from "@std/assert";
import type { Image } from "../../../lib/data/image_bytes.ts";
import { grain } from "../../../data/worlds/raster.ts";
import { scene } from "../../../data/worlds/toytown/facade/compose.ts";
import { renderPhoto } from "../../../data/worlds/toytown/facade/photo.ts";
import { palette, renderLabels, type Scene } from "../../../data/worlds/toytown/facade/scene.ts";
import {
  labelImage,
  photoImage,
  type Rendering,
  renderScene,
  type WorldName,
  worlds,
} from "../../../data/worlds/toytown/worlds.ts";
import { assertAgree, brightness, colourAt } from "./_agreement.ts";

const mean = ({ data }: Image) => data.reduce((sum, value) => sum + value, 0) / data.length;

Deno.test("renderScene() draws every rendering of every world, deterministically, and all are distinct", async () => {
  for (const world of Object.keys(worlds) as WorldName[]) {
    const seen = new Set<string>();
    for (const rendering of Object.keys(worlds[world].renderings) as Rendering[]) {
      const image = await renderScene(world, 3, rendering, 32);
      const channels = rendering === "edges" || rendering === "grey" ? 1 : 3;
      assertEquals([image.height, image.width, image.channels], [32, 32, channels], `${world} ${rendering}`);
      assertEquals(image, await renderScene(world, 3, rendering, 32));
      assertGreater(new Set(image.data).size, rendering === "labels" ? 2 : 8, `${world} ${rendering} is not flat`);
      seen.add(image.data.join());
    }
    assertEquals(seen.size, Object.keys(worlds[world].renderings).length);
  }
});

Deno.test("renderScene() draws dark nights with lit windows, and winters lighter than summers", async () => {
  let lit = 0;
  for (const seed of [1, 2, 3, 4]) {
    const [day, night, winter] = await Promise.all(
      (["photo", "night", "winter"] as const).map((one) => renderScene("facade", seed, one, 64)),
    );
    assertLess(mean(night!), 0.5 * mean(day!));
    assertGreater(mean(winter!), mean(day!) + 3);
    lit += Array.from({ length: 64 * 64 }, (_, pixel) => brightness(night!, pixel)).filter((value) => value > 150).length;
    const [aerial, snow] = [await renderScene("town", seed, "aerial", 64), await renderScene("town", seed, "winter", 64)];
    assertGreater(mean(snow), mean(aerial) + 25);
  }
  assertGreater(lit, 200);
});

Deno.test("renderScene() draws grey images as the brightness of the photo, and edges as dark lines on white", async () => {
  const [photo, grey, edges] = await Promise.all(
    (["photo", "grey", "edges"] as const).map((one) => renderScene("facade", 8, one, 64)),
  );
  let difference = 0;
  for (let pixel = 0; pixel < 64 * 64; pixel++) difference += Math.abs(brightness(photo!, pixel) - grey!.data[pixel]!) / 64 ** 2;
  assertLess(difference, 14); // the mean of the channels is not quite the luminance
  const white = edges!.data.filter((value) => value > 250).length / 64 ** 2,
    black = edges!.data.filter((value) => value < 80).length / 64 ** 2;
  assert(white > 0.3 && black > 0.03, `${white} white, ${black} black`);
});

Deno.test("renderScene() draws renderings of a town that agree to the pixel", async () => {
  for (const rendering of ["aerial", "winter", "map"] as const) {
    const pairs = Array.from({ length: 5 }, async (_, i) => {
      const [labels, photo] = await Promise.all([
        renderScene("town", 20 + i, "labels", 128),
        renderScene("town", 20 + i, rendering, 128),
      ]);
      return { labels, photo };
    });
    assertAgree(await Promise.all(pairs));
  }
});

Deno.test("renderScene() draws brick, plaster, winter and night in agreement with the labels", async () => {
  for (const rendering of ["brick", "plaster", "winter", "night"] as const) {
    const pairs = Array.from({ length: 5 }, async (_, i) => {
      const [labels, photo] = await Promise.all([
        renderScene("facade", 40 + i, "labels", 128),
        renderScene("facade", 40 + i, rendering, 128),
      ]);
      return { labels, photo };
    });
    assertAgree(await Promise.all(pairs));
  }
  const [brick, plaster] = [await renderScene("facade", 40, "brick", 64), await renderScene("facade", 40, "plaster", 64)];
  assertGreater(brick.data.reduce((sum, value, i) => sum + Math.abs(value - plaster.data[i]!), 0) / brick.data.length, 5);
});

Deno.test("labelImage() contains only palette colours at any size", async () => {
  const allowed = new Set(Object.values(palette).map((colour) => colour.join()));
  for (const [seed, size] of [[1, 32], [2, 64], [3, 72], [4, 100], [5, 128], [6, 143], [7, 256], [8, 286]] as const) {
    const image = await labelImage(scene(seed), size);
    assertEquals([image.height, image.width, image.channels], [size, size, 3]);
    for (let pixel = 0; pixel < size * size; pixel++) {
      assert(allowed.has(colourAt(image, pixel)), `seed ${seed}, size ${size}: rgb(${colourAt(image, pixel)})`);
    }
  }
});

Deno.test("labelImage() draws each part at its position", async () => {
  const one = scene(3);
  const image = await labelImage(one, 256);
  const door = one.parts.find((part) => part.label === "door")!;
  const middle = Math.round(door.y + door.height / 2) * 256 + Math.round(door.x + door.width / 2);
  assertEquals(colourAt(image, middle), palette.door.join());
  assertEquals(colourAt(image, 0), palette.background.join());
  assertEquals(colourAt(image, 256 * 256 - 1), palette.pavement.join());
});

Deno.test("renderPhoto() and renderLabels() return deterministic SVG of the requested size", async () => {
  const one = scene(9);
  assertEquals(renderPhoto(one, 128), renderPhoto(scene(9), 128));
  assert(renderPhoto(one, 128).startsWith('<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128"'));
  assert(renderLabels(one).includes('width="256" height="256"'));
  assertEquals(await photoImage(one, 64), await photoImage(scene(9), 64));
  assertEquals(await labelImage(one, 64), await labelImage(scene(9), 64));
  assertNotEquals((await photoImage(one, 64)).data, (await photoImage(scene(10), 64)).data);
});

Deno.test("renderPhoto() and renderLabels() write only finite numbers", () => {
  for (let seed = 0; seed < 100; seed++) {
    for (const svg of [renderPhoto(scene(seed)), renderLabels(scene(seed))]) {
      assert(!/NaN|Infinity|undefined/.test(svg), `seed ${seed}`);
    }
  }
});

Deno.test("labelImage() and photoImage() agree to the pixel", async () => {
  const pairs = Array.from({ length: 6 }, async (_, i) => {
    const [labels, photo] = await Promise.all([labelImage(scene(20 + i), 128), photoImage(scene(20 + i), 128)]);
    return { labels, photo };
  });
  assertAgree(await Promise.all(pairs));
});

Deno.test("photoImage() draws dark glass and a light sky where the labels indicate them", async () => {
  const means: Record<string, number[]> = { window: [], background: [], facade: [] };
  for (let seed = 30; seed < 40; seed++) {
    const [labels, photo] = await Promise.all([labelImage(scene(seed), 64), photoImage(scene(seed), 64)]);
    for (const name of ["window", "background", "facade"] as const) {
      const pixels = Array.from({ length: 64 * 64 }, (_, i) => i).filter((pixel) =>
        colourAt(labels, pixel) === palette[name].join()
      );
      means[name]!.push(pixels.reduce((sum, pixel) => sum + brightness(photo, pixel), 0) / pixels.length);
    }
  }
  const mean = (name: string) => means[name]!.reduce((sum, value) => sum + value) / means[name]!.length;
  assertGreater(mean("facade"), mean("window") + 15);
  assertGreater(mean("background"), mean("window") + 30);
});

Deno.test("photoImage() adds grain with the documented standard deviation", async () => {
  // The rows of a clear sky are smooth, so the difference from the mean of the neighbours is grain.
  const clear = Array.from({ length: 50 }, (_, seed) => scene(seed)).find(({ weather }: Scene) => weather.clouds < 0.1)!;
  const photo = await photoImage({ ...clear, parts: clear.parts.slice(0, 1) }, 256);
  let sum = 0, count = 0;
  for (let pixel = 256 * 4; pixel < 256 * 60; pixel++) {
    const left = brightness(photo, pixel - 1), right = brightness(photo, pixel + 1);
    sum += (brightness(photo, pixel) - (left + right) / 2) ** 2;
    count++;
  }
  assertAlmostEquals(Math.sqrt(sum / count / 1.5), grain, 0.3); // the variance of x - (l + r) / 2 is 1.5 times that of x
});
