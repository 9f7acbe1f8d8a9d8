/** Lists the images that `deno task translate` reads and the files that it writes.
 * @module */
import { basename, dirname, extname, join } from "node:path";
import { imagesIn, listFolder, listImages } from "../../data/image_files.ts";
import { UsageError } from "../command.ts";
import { byRealPath, realPath } from "../paths.ts";

/** An image to translate. */
export interface InputImage {
  path: string;
  /** Paths of the image's translations, relative to the output folder. */
  targets: string[];
}

/** Lists the images to translate: a single image, or all images in a folder and its subfolders. If the output folder is inside
 * the input folder, images in the output folder are not translated.
 * @param variants The number of translations of each image. If an image has several translations, their file names end in -1,
 * -2 and so on.
 * @throws {Error} If there are no images.
 * @throws {UsageError} If a translation would overwrite an input image or another translation. */
export async function inputImages(input: string, output: string, variants: number): Promise<InputImage[]> {
  const found = await Deno.stat(input).catch(() => undefined);
  if (!found) throw new Error(`Cannot read ${input}: there is no such file or folder; check --input`);
  const folder = found.isDirectory ? input : dirname(input);
  if (await realPath(output) === await realPath(folder)) {
    throw new UsageError(
      `Option --output: ${output} is the folder of the input images, which could be overwritten; choose another folder`,
    );
  }
  const names = found.isDirectory ? await imagesBelow(input, ".", [await realPath(output)]) : [basename(input)];
  if (names.length === 0) await listImages(input); // throws
  const images = names.map((name) => ({
    path: found.isDirectory ? join(input, name) : input,
    targets: targetsOf(name, variants),
  }));
  await checkTargets(images, output);
  return images;
}

/** Returns the paths of the images, relative to the folder.
 * @param skipped The real paths of folders to skip. The parents of each subfolder are added, so that cyclic links are not
 * followed. */
async function imagesBelow(folder: string, place: string, skipped: (string | undefined)[]): Promise<string[]> {
  const here = join(folder, place);
  const names = (await imagesIn(here)).map((name) => join(place, name));
  const closed = [...skipped, await realPath(here)];
  for (const name of (await listFolder(here)).folders) {
    const real = await realPath(join(here, name));
    if (!closed.includes(real)) names.push(...await imagesBelow(folder, join(place, name), closed));
  }
  return names;
}

function targetsOf(name: string, variants: number): string[] {
  const stem = join(dirname(name), basename(name, extname(name)));
  return variants === 1 ? [`${stem}.png`] : Array.from({ length: variants }, (_, i) => `${stem}-${i + 1}.png`);
}

/** Checks that no translation overwrites another translation or, directly or through a link, an input image. */
async function checkTargets(images: readonly InputImage[], output: string): Promise<void> {
  const exists = await realPath(output) !== undefined;
  const read = exists ? await byRealPath(images.map(({ path }) => path)) : undefined;
  const sources = new Map<string, string>();
  for (const { path, targets } of images) {
    for (const target of targets) {
      const place = join(output, target);
      const other = sources.get(target);
      if (other !== undefined) {
        throw new UsageError(`Option --input: ${other} and ${path} would both be written to ${place}; rename one of them`);
      }
      sources.set(target, path);
      const lost = read?.get(await realPath(place) ?? "");
      if (lost === undefined) continue;
      throw new UsageError(
        `Option --output: ${place} is the same file as the input ${lost}, which would be overwritten; choose another folder`,
      );
    }
  }
}
