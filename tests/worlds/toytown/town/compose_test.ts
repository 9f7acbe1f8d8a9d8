import { assert, assertEquals, assertGreater } from "@std/assert";
import { town } from "../../../../data/worlds/toytown/town/compose.ts";
import { townLabelNames, townPalette } from "../../../../data/worlds/toytown/town/scene.ts";
import { renderScene, worlds } from "../../../../data/worlds/toytown/worlds.ts";
import { colourAt } from "../_agreement.ts";

Deno.test("town() uses every class often, in distinct towns, and label maps contain only palette colours", async () => {
  const towns = Array.from({ length: 60 }, (_, seed) => town(seed));
  assertEquals(new Set(towns.map((one) => JSON.stringify(one.areas))).size, 60);
  assertEquals(town(5), towns[5]!);
  for (const label of townLabelNames) {
    assertGreater(towns.filter(({ areas }) => areas.some((area) => area.label === label)).length, 20, label);
  }
  const allowed = new Set(Object.values(townPalette).map((colour) => colour.join()));
  for (const [seed, size] of [[1, 32], [2, 100], [3, 143]] as const) {
    const labels = await renderScene("town", seed, "labels", size);
    for (let pixel = 0; pixel < size * size; pixel++) assert(allowed.has(colourAt(labels, pixel)), colourAt(labels, pixel));
  }
});

Deno.test("renderings of a town contain only finite numbers", () => {
  for (const { svg } of Object.values(worlds.town.renderings)) {
    for (let seed = 0; seed < 25; seed++) assert(!/NaN|Infinity|undefined/.test(svg(seed, 64)), `seed ${seed}`);
  }
});
