/** Labelled pictures from a folder that holds a folder a class, as photographs are often sorted; and any folder of pictures, as a single class.
 * @module */
import { basename, join, resolve } from "node:path";
import { type FilesOptions, fitOf, foldersIn, goodFiles, imagesIn, listImages } from "./folder.ts";
import type { LabelledData } from "./labelled.ts";
import type { Image } from "./picture.ts";
import { readSide } from "./side.ts";
import { streamLabelled } from "./stream_others.ts";

/** How to read a folder of classes. */
export interface LabelledFolderOptions extends FilesOptions {
  /** 1 grey, 3 RGB. Default 3. */
  channels?: 1 | 3;
}

/** The pictures of a folder: those of each folder within it are a class, in natural order of the folders' names; pictures that lie in the folder itself, if
 * there are no such folders, are one class. They keep their proportions, if `fit` is not given: what is too much is cut off.
 * @throws {RangeError} if a size is not possible.
 * @throws {Error} if there is no picture, or there are some beside the classes; with `skipBad` if none can be read. */
export async function labelledFromFolder(
  folder: string,
  options: LabelledFolderOptions,
): Promise<LabelledData & { classNames: string[] }> {
  const action = `read pictures from ${folder}`;
  const fit = fitOf(action, { fit: "cover", ...options });
  const { channels = 3, skipBad } = options;
  const { classNames, files } = await classesOf(folder);
  const read = async (file: string) => (await readSide(join(folder, file), fit, { channels })) as Image;
  const { good, bad } = await goodFiles([...files.keys()], read, skipBad, action);
  const set = streamLabelled({
    name: options.name ?? basename(resolve(folder)),
    ...{ count: good.length, height: fit.height, width: fit.width, channels, classes: classNames.length, ...bad },
    read: async (index) => ({ picture: await read(good[index]!), label: files.get(good[index]!)!, name: good[index]! }),
  });
  return { ...set, classNames };
}

/** The classes, and the class of each file by its path in the folder. */
async function classesOf(folder: string): Promise<{ classNames: string[]; files: Map<string, number> }> {
  const own = await imagesIn(folder);
  const classNames: string[] = [];
  const files = new Map<string, number>();
  for (const name of await foldersIn(folder)) {
    const within = await imagesIn(join(folder, name));
    if (within.length === 0) continue;
    for (const file of within) files.set(join(name, file), classNames.length);
    classNames.push(name);
  }
  const [folderName, ownName] = [classNames[0], own[0]];
  if (folderName !== undefined && ownName !== undefined) {
    const both = `pictures (${ownName}) and folders of pictures (${folderName})`;
    throw new Error(`Cannot read classes from ${folder}: it holds ${both}; move the ones into a class, or the others away`);
  }
  if (classNames.length > 0) return { classNames, files };
  await listImages(folder); // if there is none either, it says so
  return { classNames: [basename(resolve(folder))], files: new Map(own.map((file) => [file, 0])) };
}
