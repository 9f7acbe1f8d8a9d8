/** Data sets by name: pix2pix's pairs of images and CycleGAN's unpaired data sets, found on this machine or downloaded.
 * @module */
import { join } from "node:path";
import { type Archive, pairedArchives, type PairedName, unpairedArchives, type UnpairedName } from "./archives.ts";
import { cacheFolder, fetchArchive, isFolder } from "./cache.ts";
import type { Direction, PairData, UnpairedData } from "./datasets.ts";
import type { FetchOptions } from "./fetch.ts";
import { type UnpairedFoldersOptions, unpairedFromFolder } from "./image_folders.ts";
import { type FolderOptions, pairsFromFolder } from "./paired_folders.ts";

/** Location of a data set. */
export interface KnownSetOptions {
  /** The folder that the archive unpacks to, or its parent. Default: the data set's folder in FORGER_DATA, or else in the cache,
   * where the archive is downloaded if it is missing. */
  folder?: string;
  /** How to download the archive. */
  fetch?: FetchOptions;
}

/** Reads one of pix2pix's data sets of side-by-side images: facades, maps, edges2shoes, edges2handbags, night2day.
 * @param options `size` defaults to 256, `split` to "train", and `direction` to "AtoB".
 * @throws {RangeError} if there is no such data set, or an option is not valid.
 * @throws {Error} if the data set is neither found nor downloaded; the message says how to install it by hand. */
export async function pairedSet(name: PairedName, options: KnownSetOptions & FolderOptions = {}): Promise<PairData> {
  const { split = "train" } = options;
  const place = await findSet(known(pairedArchives, name), split, options);
  return await pairsFromFolder(place, { size: 256, name: `${name} (${split})`, ...options, split });
}

/** Reads one of CycleGAN's unpaired data sets: horse2zebra, apple2orange, summer2winter_yosemite, monet2photo and others.
 * @param options `size` defaults to 256 and `split` to "train".
 * @throws {RangeError} if there is no such data set, or an option is not valid.
 * @throws {Error} if the data set is neither found nor downloaded; the message says how to install it by hand. */
export async function unpairedSet(
  name: UnpairedName,
  options: KnownSetOptions & UnpairedFoldersOptions & { split?: string } = {},
): Promise<UnpairedData> {
  const { split = "train" } = options;
  const place = await findSet(known(unpairedArchives, name), `${split}A`, options);
  return await unpairedFromFolder(place, { size: 256, name: `${name} (${split})`, ...options, split });
}

function known(archives: Record<string, Archive>, name: string): Archive {
  if (Object.hasOwn(archives, name)) return archives[name]!;
  throw new RangeError(`Cannot read the data set "${name}": unknown name; choose one of ${Object.keys(archives).join(", ")}`);
}

/** Options of {@linkcode facades}. */
export interface FacadesOptions extends KnownSetOptions {
  /** Default "train". */
  split?: "train" | "val" | "test";
  /** Height and width in pixels. Default 256, as in the paper. */
  size?: number;
  /** Default "BtoA": labels to photo, as in the paper. */
  direction?: Direction;
}

/** Reads CMP Facades (Tylecek and Sara, GCPR 2013) in the form of pix2pix (Isola et al., arXiv:1611.07004): 400 training, 100
 * validation and 106 test images, each a 512x256 jpg with the photo on the left (A) and the label map on the right (B). The
 * label maps are jpg too, so their colours are not exact. The download is 30 MB.
 * @throws {RangeError} if the size or the direction is not valid.
 * @throws {Error} if the data set is neither found nor downloaded; the message says how to install it by hand. */
export function facades(options: FacadesOptions = {}): Promise<PairData> {
  return pairedSet("facades", { direction: "BtoA", ...options });
}

/** Returns the folder of a data set: `folder` or the data set's folder within it; without `folder`, that in FORGER_DATA, or else
 * in the cache, where the archive is downloaded if it is missing.
 * @param part a folder that the data set must contain, such as "train".
 * @throws {RangeError} if the data set has no such part.
 * @throws {Error} if `folder` does not hold the data set, or the download fails; the message says how to install it by hand. */
async function findSet(archive: Archive, part: string, { folder, fetch }: KnownSetOptions): Promise<string> {
  const { name } = archive;
  if (folder === undefined && !Object.hasOwn(archive.images, part)) {
    const parts = Object.keys(archive.images).join(", ");
    throw new RangeError(`Cannot read ${name}: it has no folder named ${part}, only ${parts}; choose another split`);
  }
  const data = Deno.env.get("FORGER_DATA");
  const places = folder !== undefined ? [folder, join(folder, name)] : data ? [join(data, name)] : [];
  for (const place of places) {
    if (await isFolder(join(place, part))) return place;
  }
  if (folder !== undefined) {
    const got = `neither it nor ${places[1]} contains a folder named ${part}`;
    throw new Error(`Cannot read ${name} from ${folder}: ${got}; pass the folder extracted from ${archive.file}`);
  }
  // An incomplete data set in FORGER_DATA is an error, not a reason to download another copy.
  for (const place of places) {
    if (!await isFolder(place)) continue;
    throw new Error(`Cannot read ${name} from ${place}: it has no folder named ${part}; add the folder, or unset FORGER_DATA`);
  }
  return await fetchArchive(archive, cacheFolder(), fetch);
}
