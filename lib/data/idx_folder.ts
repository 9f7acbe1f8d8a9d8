/** Finds the idx files of labelled images in a folder, under the names that distributors and archive programs give them.
 * @module */
import { basename, dirname, join } from "node:path";
import { isFolder } from "./cache.ts";
import { naturalOrder } from "./image_files.ts";

export type IdxSplit = "train" | "test";

/** Paths of the idx files of one data set: the `images` file and the `labels` file of each split. */
export type IdxFiles = Partial<Record<IdxSplit, { images?: string; labels?: string }>>;

/** Matches names such as train-images-idx3-ubyte.gz, t10k-labels.idx1-ubyte and emnist-letters-test-images-idx3-ubyte, in
 * upper or lower case. The capture groups are the name of the set, the split, the kind of content, and the compression. */
const NAME = /^(?:(.*?)[-_.])??(?:(train|t10k|test)[-_.])?(images|labels)(?:[-_.]idx\d)?(?:[-_.]u?byte)?(\.gz)?$/i;
const IDX = /idx\d|ubyte/i;

interface Found {
  set: string;
  split: IdxSplit;
  kind: "images" | "labels";
  path: string;
}

function parsed(name: string, path: string): Found | undefined {
  const [, set = "", split = "train", kind] = name.match(NAME) ?? [];
  if (!kind || !IDX.test(name)) return undefined;
  return { set, split: /train/i.test(split) ? "train" : "test", kind: kind.toLowerCase() as Found["kind"], path };
}

/** Returns the idx files in a folder. Some archives contain each file in a folder of the same name, so such folders are searched
 * as well. Files in the folder come before files in subfolders, and in each folder, unpacked files come before gzipped files. */
async function filesIn(folder: string): Promise<Found[]> {
  const own: Found[] = [];
  const nested: Found[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const found = parsed(name, path);
    if (!found) continue;
    if (!await isFolder(path)) own.push(found);
    else for (const inner of await namesIn(path)) nested.push(...[parsed(inner, join(path, inner)) ?? []].flat());
  }
  const packed = ({ path }: Found) => Number(/\.gz$/i.test(path));
  return [own, nested].flatMap((files) => files.sort((a, b) => packed(a) - packed(b)));
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name).catch((): string[] => []);
  return names.filter((name) => !name.startsWith(".")).sort(naturalOrder);
}

/** Returns the data sets whose idx files are in a folder, keyed by the prefix of the file names, such as "emnist-letters";
 * MNIST's file names have the prefix "". */
async function idxSetsIn(folder: string): Promise<Map<string, IdxFiles>> {
  const sets = new Map<string, IdxFiles>();
  for (const { set, split, kind, path } of await filesIn(folder)) {
    const files = sets.get(set.toLowerCase()) ?? {};
    files[split] = { [kind]: path, ...files[split] };
    sets.set(set.toLowerCase(), files);
  }
  return sets;
}

/** Finds the idx files of one data set. The path is either a folder that contains only this data set, or the common prefix of the
 * paths of its files, such as `gzip/emnist-letters`.
 * @returns `undefined` if there are no idx files.
 * @throws {Error} If the folder contains several data sets. */
export async function findIdxFiles(path: string): Promise<IdxFiles | undefined> {
  if (!await isFolder(path)) return (await idxSetsIn(dirname(path))).get(basename(path).toLowerCase());
  const sets = await idxSetsIn(path);
  if (sets.size <= 1) return [...sets.values()][0];
  const names = [...sets.keys()].map((name) => name === "" ? "one without a name" : name).join(", ");
  const example = join(path, [...sets.keys()].find((name) => name !== "")!);
  throw new Error(
    `Cannot read ${path}: it contains the idx files of several data sets (${names}); choose one, such as ${example}`,
  );
}

/** Describes what a folder contains, for error messages. */
export async function contentsOf(folder: string): Promise<string> {
  if (!await isFolder(folder)) return "no such folder";
  const names = await namesIn(folder);
  if (names.length === 0) return "an empty folder";
  const shown = names.slice(0, 6).map(async (name) => await isFolder(join(folder, name)) ? `${name}/` : name);
  return (await Promise.all(shown)).join(", ") + (names.length > 6 ? ` and ${names.length - 6} more` : "");
}
