/** Loads pix2pix's paired and CycleGAN's unpaired data sets by name, and downloads them if necessary.
 * @module */
import { join } from "node:path";
import { type Archive, pairedArchives, type PairedName, unpairedArchives, type UnpairedName } from "./archives.ts";
import { cacheFolder } from "../user_folders.ts";
import { fetchArchive, isFolder, placesOf } from "./cache.ts";
import type { Direction, PairData, UnpairedData } from "./datasets.ts";
import type { FetchOptions } from "./fetch.ts";
import type { Size } from "../settings.ts";
import { type UnpairedFoldersOptions, unpairedFromFolder } from "./image_folders.ts";
import { type FolderOptions, pairsFromFolder } from "./paired_folders.ts";

/** Location of a data set. */
export interface KnownSetOptions {
  /** The folder extracted from the archive, or its parent folder. Default: the data set's folder in FORGER_DATA, or else in the
   * cache folder, to which the archive is downloaded if necessary. */
  folder?: string;
  /** Options for downloading the archive. */
  fetch?: FetchOptions;
}

/** Reads one of pix2pix's data sets of side-by-side images: facades, maps, edges2shoes, edges2handbags, night2day.
 * @param options The options; `size` defaults to 256, `split` to "train", and `direction` to "AtoB".
 * @throws {RangeError} If the name of the data set is unknown, or an option is invalid.
 * @throws {Error} If the data set can be neither found nor downloaded; the message explains how to install it manually. */
export async function pairedSet(name: PairedName, options: KnownSetOptions & FolderOptions = {}): Promise<PairData> {
  const { split = "train" } = options;
  const place = await findSet(known(pairedArchives, name), split, options);
  return await pairsFromFolder(place, { size: 256, name: `${name} (${split})`, ...options, split });
}

/** Reads one of CycleGAN's unpaired data sets: horse2zebra, apple2orange, summer2winter_yosemite, monet2photo and others.
 * @param options The options; `size` defaults to 256 and `split` to "train".
 * @throws {RangeError} If the name of the data set is unknown, or an option is invalid.
 * @throws {Error} If the data set can be neither found nor downloaded; the message explains how to install it manually. */
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
  const names = Object.keys(archives).join(", ");
  throw new RangeError(`Cannot read the data set ${name}: unknown name; choose one of ${names}`);
}

/** Options for {@linkcode facades}. */
export interface FacadesOptions extends KnownSetOptions {
  /** Split of the data set. Default "train". */
  split?: "train" | "val" | "test";
  /** Height and width in pixels: a number if they are equal, otherwise `[height, width]`. Default 256, as in the paper. */
  size?: Size;
  /** Direction of translation. Default "BtoA": labels to photo, as in the paper. */
  direction?: Direction;
}

/** Reads the pix2pix version (Isola et al., arXiv:1611.07004) of CMP Facades (Tylecek and Sara, GCPR 2013). There are 400
 * training, 100 validation and 106 test images: 512x256 JPEG files with the photo on the left (A) and the label map on the right
 * (B). Because of the JPEG compression, the colours of the label maps are not exact. The download size is 30 MB.
 * @throws {RangeError} If the size or the direction is invalid.
 * @throws {Error} If the data set can be neither found nor downloaded; the message explains how to install it manually. */
export function facades(options: FacadesOptions = {}): Promise<PairData> {
  return pairedSet("facades", { direction: "BtoA", ...options });
}

/** Returns the folder of a data set: `folder` itself, or its subfolder with the name of the data set. If `folder` is omitted,
 * returns the data set's folder in FORGER_DATA, or else in the cache folder, to which the archive is downloaded if necessary.
 * @param part A subfolder that the data set must contain, such as "train".
 * @throws {RangeError} If the data set has no subfolder with the name `part`.
 * @throws {Error} If `folder` lacks the data set, or the download fails; the message explains how to install it manually. */
async function findSet(archive: Archive, part: string, { folder, fetch }: KnownSetOptions): Promise<string> {
  const { name } = archive;
  if (folder === undefined && !Object.hasOwn(archive.images, part)) {
    const parts = Object.keys(archive.images).join(", ");
    throw new RangeError(`Cannot read ${name}: it has no folder named ${part}, only ${parts}; choose another split`);
  }
  const places = placesOf(name, folder);
  for (const place of places) {
    if (await isFolder(join(place, part))) return place;
  }
  if (folder !== undefined) {
    const got = `neither it nor ${places[1]} contains a folder named ${part}`;
    throw new Error(`Cannot read ${name} from ${folder}: ${got}; pass the folder extracted from ${archive.file}`);
  }
  // An incomplete data set in FORGER_DATA is an error and not a reason to download another copy.
  for (const place of places) {
    if (!await isFolder(place)) continue;
    throw new Error(`Cannot read ${name} from ${place}: it has no folder named ${part}; add the folder, or unset FORGER_DATA`);
  }
  return await fetchArchive(archive, cacheFolder(), fetch);
}
