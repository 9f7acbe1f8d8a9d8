/** Models, images and options for the tests of translate.
 * @module */
import { join } from "node:path";
import { useBackend } from "../../lib/backend/use_backend.ts";
import { translate } from "../../lib/cli/translate.ts";
import { pix2pix } from "../../lib/systems/pix2pix.ts";
import { paint } from "../data/_images.ts";

export type Given = Partial<Parameters<typeof translate>[0]>;

export const SMALL = { size: 32, filters: 1, layers: 1 } as const;
export const quiet = { update: () => {}, finish: () => {}, print: () => {} };

const FLAGS = { noDropout: false, runningStatistics: false, back: false, overwrite: false, missing: false, skipBad: false };
export const DEFAULTS = {
  half: "whole",
  size: "input",
  tile: 1024,
  variants: 1,
  seed: undefined,
  backend: "cpu",
  ...FLAGS,
} as const;

/** Translates in this process, with the defaults of the command line.
 * @returns the number of images that were made. */
export async function run(given: Given & { model: string; input: string; output: string }): Promise<number> {
  return (await translate({ ...DEFAULTS, ...given }, quiet)).made;
}

/** Saves a small model. */
export async function save(
  folder: string,
  build: () => { save(folder: string): Promise<void>; dispose(): void },
): Promise<string> {
  await useBackend("cpu", { quiet: true });
  const model = build();
  await model.save(folder);
  model.dispose();
  return folder;
}

/** Creates folders with a model and an image to translate. */
export async function prepare(folder: string): Promise<{ model: string; input: string; output: string; image: string }> {
  const [input, output] = [join(folder, "in"), join(folder, "out")];
  await Deno.mkdir(input);
  const image = await paint(join(input, "a.png"), 32, 32, (x, y) => [x, y, 9]);
  return { model: await save(join(folder, "model"), () => pix2pix(SMALL)), input, output, image };
}
