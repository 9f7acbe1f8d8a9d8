import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { UsageError } from "../../lib/cli/command.ts";
import { translate } from "../../lib/cli/translate.ts";
import { bicycleGan } from "../../lib/systems/bicyclegan.ts";
import { cycleGan } from "../../lib/systems/cyclegan.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { paint } from "../data/_images.ts";
import { spoil } from "./_spoil.ts";
import { withFolder } from "./_task.ts";

type Given = Partial<Parameters<typeof translate>[0]>;

const SMALL = { size: 32, filters: 1, layers: 1 } as const;
const quiet = { update: () => {}, finish: () => {}, print: () => {} };

const FLAGS = { noDropout: false, runningStatistics: false, back: false, overwrite: false, missing: false, skipBad: false };
const DEFAULTS = { half: "whole", size: "input", variants: 1, seed: undefined, backend: "cpu", ...FLAGS } as const;

/** Translates in this process, with the defaults of the command line.
 * @returns the number of images that were made. */
async function run(given: Given & { model: string; input: string; output: string }): Promise<number> {
  return (await translate({ ...DEFAULTS, ...given }, quiet)).made;
}

/** Saves a small model. */
async function save(folder: string, build: () => { save(folder: string): Promise<void>; dispose(): void }): Promise<string> {
  await useBackend("cpu", { quiet: true });
  const model = build();
  await model.save(folder);
  model.dispose();
  return folder;
}

/** Creates folders with a model and an image to translate. */
async function prepare(folder: string): Promise<{ model: string; input: string; output: string; image: string }> {
  const [input, output] = [join(folder, "in"), join(folder, "out")];
  await Deno.mkdir(input);
  const image = await paint(join(input, "a.png"), 32, 32, (x, y) => [x, y, 9]);
  return { model: await save(join(folder, "model"), () => pix2pix(SMALL)), input, output, image };
}

Deno.test("translate does not overwrite an image that it reads through a link", () =>
  withFolder(async (folder) => {
    const { model, input, output, image } = await prepare(folder);
    const before = await Deno.readFile(image);
    const refused = async (from: string, words: string, variants = 1) => {
      await assertRejects(() => run({ model, input: from, output, variants }), UsageError, words);
      assertEquals(await Deno.readFile(image), before);
    };

    await Deno.symlink(input, output);
    await refused(input, "is the folder of the input images");
    await refused(image, "is the folder of the input images");
    await Deno.remove(output);

    await Deno.mkdir(output);
    await Deno.symlink(image, join(output, "a.png"));
    await refused(input, "which would be overwritten");
    await Deno.rename(join(output, "a.png"), join(output, "a-2.png"));
    await refused(input, "which would be overwritten", 2);
    assertEquals(await run({ model, input, output, noDropout: true }), 1, "a.png is no longer that link");

    const links = join(folder, "links");
    await Deno.mkdir(links);
    await Deno.symlink(join(output, "a.png"), join(links, "a.png"));
    await refused(links, "which would be overwritten");
  }));

Deno.test("translate reports that its output is a file", () =>
  withFolder(async (folder) => {
    const { output, ...rest } = await prepare(folder);
    await Deno.writeTextFile(output, "");
    const { message } = await assertRejects(() => run({ ...rest, output }), Error);
    assertEquals(message, `Cannot write to ${output}: it is a file; choose another folder with --output`);
  }));

Deno.test("translate writes nothing if weights of the model are NaN", () =>
  withFolder(async (folder) => {
    const { model, input, output } = await prepare(folder);
    await spoil(model);
    const { message } = await assertRejects(() => run({ model, input, output }), RangeError, "NaN");
    assert(message.startsWith(`Cannot write ${join(output, "a.png")}: `) && !message.includes("\n"), message);
    assertEquals(await Array.fromAsync(Deno.readDir(output)), []);
  }));

Deno.test("translate rejects options that have no effect, and accepts those that have one", () =>
  withFolder(async (folder) => {
    const { model, input, output } = await prepare(folder);
    const bicycle = await save(join(folder, "bicycle"), () => bicycleGan({ ...SMALL, norm: "batch" }));
    const cycle = await save(join(folder, "cycle"), () => cycleGan({ ...SMALL, blocks: 1 }));
    const noisy = await save(join(folder, "noisy"), () => cycleGan({ ...SMALL, blocks: 1, norm: "batch", dropout: 0.5 }));
    const refused: [model: string, given: Given, option: string][] = [
      [model, { back: true }, "--back"],
      [model, { seed: 0 }, "--seed"],
      [model, { variants: 2, noDropout: true }, "--variants"],
      [bicycle, { back: true }, "--back"],
      [bicycle, { noDropout: true }, "--no-dropout"],
      [bicycle, { runningStatistics: true }, "--running-statistics"],
      [cycle, { variants: 3 }, "--variants"],
      [cycle, { seed: 4 }, "--seed"],
      [cycle, { runningStatistics: true }, "--running-statistics"],
    ];
    for (const [model, given, option] of refused) {
      const { message } = await assertRejects(() => run({ model, input, output, ...given }), UsageError);
      assertStringIncludes(message, `Option ${option}: ${model} `);
      assertStringIncludes(message, "; omit ");
    }
    const taken: [model: string, given: Given][] = [
      [model, { variants: 2, runningStatistics: true }],
      [bicycle, { variants: 2, seed: 4 }],
      [cycle, { back: true, noDropout: true }],
      [noisy, { variants: 2, runningStatistics: true }],
    ];
    for (const [model, given] of taken) assertEquals(await run({ model, input, output, overwrite: true, ...given }), 1);
  }));
