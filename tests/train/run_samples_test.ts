import { assertEquals } from "@std/assert";
import type { PageImage } from "../../lib/plot/page_tables.ts";
import { RunSamples } from "../../lib/train/run_samples.ts";
import { pixelsOf, sampleEvent } from "../plot/_helpers.ts";

const colour = async (image: PageImage | undefined): Promise<number[]> => (await pixelsOf(image as Uint8Array)).at(0, 0);

Deno.test("RunSamples writes each image losslessly, and a grid of all images", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const samples = new RunSamples(folder);
    await samples.add(sampleEvent(0));
    await samples.add(sampleEvent(3));
    assertEquals(await colour(await Deno.readFile(`${folder}/epoch-0003/2-generated.png`)), [60, 101, 0]);
    assertEquals(await colour(await Deno.readFile(`${folder}/given/2-input.png`)), [0, 0, 254]);
    const grid = await pixelsOf(await Deno.readFile(`${folder}/epoch-0003.png`));
    assertEquals(grid.count([60, 100, 0]) > 2 * 100 * 100, true);
    const [first, last] = await samples.read();
    assertEquals([first!.epoch, last!.epoch, last!.step], [0, 3, 30]);
    assertEquals(Object.keys(last!.rows[0]!), ["input", "generated", "target"]);
    assertEquals([await colour(first!.rows[1]!.generated), await colour(last!.rows[1]!.generated)], [[0, 101, 0], [60, 101, 0]]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("keepUpTo() keeps earlier samples, and removes those that will be generated again", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const before = new RunSamples(folder);
    for (const epoch of [0, 1, 2]) await before.add(sampleEvent(epoch));
    const after = new RunSamples(folder);
    await Deno.writeTextFile(`${folder}/epoch-0002/notes.txt`, "of a person");
    await after.keepUpTo(15);
    assertEquals([...Deno.readDirSync(`${folder}/epoch-0002`)].map(({ name }) => name), ["notes.txt"]);
    await Deno.remove(`${folder}/epoch-0002`, { recursive: true });
    assertEquals(after.count, 2);
    assertEquals((await after.read()).map(({ epoch }) => epoch), [0, 1]);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(names, ["epoch-0000", "epoch-0000.png", "epoch-0001", "epoch-0001.png", "given", "index.json"]);
    await after.add(sampleEvent(2));
    assertEquals((await after.read()).map(({ epoch }) => epoch), [0, 1, 2]);
    const restarted = new RunSamples(folder);
    await restarted.keepUpTo(0);
    assertEquals((await restarted.read()).map(({ epoch }) => epoch), [0], "the samples before the first step");
    await restarted.keepUpTo(-1);
    assertEquals([restarted.count, await restarted.read()], [0, []]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
