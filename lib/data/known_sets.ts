/** pix2pix's and CycleGAN's own data sets, by name.
 * @module */
import { type Archive, pairedArchives, type PairedName, unpairedArchives, type UnpairedName } from "./archives.ts";
import { cacheFolder, fetchArchive, isFolder } from "./cache.ts";
import type { Direction, PairData, UnpairedData } from "./datasets.ts";
import type { FetchOptions } from "./fetch.ts";
import { type UnpairedFoldersOptions, unpairedFromFolder } from "./image_folders.ts";
import { type FolderOptions, pairsFromFolder } from "./paired_folders.ts";
import { join } from "node:path";

/** Where a known set is. */
export interface KnownSetOptions {
  /** The folder that the archive unpacks to, or the one above it. Default: FORGER_DATA's, else the cache's, where the archive is fetched to. */
  folder?: string;
  /** How to fetch the archive where that is needed. */
  fetch?: FetchOptions;
}

/** One of pix2pix's sets of side-by-side pairs: facades, maps, edges2shoes, edges2handbags, night2day.
 * @param options `size` is 256 and `split` "train" if not given; `direction` as the files lie, "AtoB".
 * @throws {RangeError} if there is no such set, or an option is not possible.
 * @throws {Error} if the set is not where it should be and cannot be fetched; the message says what to do by hand. */
export async function pairedSet(name: PairedName, options: KnownSetOptions & FolderOptions = {}): Promise<PairData> {
  const { folder, fetch, ...how } = options;
  const archive = known(pairedArchives, name);
  const { split = "train", direction = "AtoB" } = how;
  const place = await findSet(archive, split, where(folder, fetch));
  return { ...await pairsFromFolder(place, { size: 256, name: `${name} (${split})`, ...how, split }), direction };
}

/** One of CycleGAN's sets without pairs: horse2zebra, apple2orange, summer2winter_yosemite, monet2photo and others.
 * @param options `size` is 256 and `split` "train" if not given.
 * @throws {RangeError} if there is no such set, or an option is not possible.
 * @throws {Error} if the set is not where it should be and cannot be fetched; the message says what to do by hand. */
export async function unpairedSet(
  name: UnpairedName,
  options: KnownSetOptions & UnpairedFoldersOptions & { split?: string } = {},
): Promise<UnpairedData> {
  const { folder, fetch, ...how } = options;
  const archive = known(unpairedArchives, name);
  const { split = "train" } = how;
  const place = await findSet(archive, `${split}A`, where(folder, fetch));
  return await unpairedFromFolder(place, { size: 256, name: `${name} (${split})`, ...how, split });
}

function where(folder?: string, fetch?: FetchOptions): KnownSetOptions {
  return { ...(folder === undefined ? {} : { folder }), ...(fetch === undefined ? {} : { fetch }) };
}

function known<T>(sets: Record<string, T>, name: string): T {
  if (Object.hasOwn(sets, name)) return sets[name]!;
  throw new RangeError(`Cannot read the data set "${name}": the sets are ${Object.keys(sets).join(", ")}; choose one of them`);
}

/** Which facades, and how. */
export interface FacadesOptions {
  /** The folder that holds train, val and test, or the one above it. Default: see {@linkcode facades}. */
  folder?: string;
  /** Default "train". */
  split?: "train" | "val" | "test";
  /** Height and width in pixels. Default 256, as in the paper. */
  size?: number;
  /** Default "BtoA": labels to photo, the paper's task. */
  direction?: Direction;
  /** How to fetch the archive where that is needed. */
  fetch?: FetchOptions;
}

/** The facades from the folder given; without one from FORGER_DATA/facades, else from the cache folder, into which the archive (30 MB) is fetched at the
 * first use.
 * @throws {RangeError} if the size or the direction is not possible.
 * @throws {Error} if the folder given holds no such data set, or the archive cannot be fetched; the message says what to do by hand. */
export async function facades(options: FacadesOptions = {}): Promise<PairData> {
  const { split = "train", size = 256, direction = "BtoA" } = options;
  const folder = await findSet(pairedArchives.facades, "train", options);
  return { ...await pairsFromFolder(folder, { size, direction, split, name: `facades (${split})` }), direction };
}

/** The folder of a data set: the one given, or the one within it; without one FORGER_DATA's, else the cache's, into which the archive is fetched.
 * @param part a folder that the set must hold: "train".
 * @throws {RangeError} if the set has no such folder.
 * @throws {Error} if the folder given holds no such data set, or the archive cannot be fetched; the message says what to do by hand. */
export async function findSet(
  archive: Archive,
  part: string,
  { folder, fetch }: { folder?: string; fetch?: FetchOptions },
): Promise<string> {
  if (folder === undefined && !Object.hasOwn(archive.pictures, part)) {
    const parts = Object.keys(archive.pictures).join(", ");
    throw new RangeError(`Cannot read ${archive.name}: its folders are ${parts}, and there is no ${part}; choose another split`);
  }
  const data = Deno.env.get("FORGER_DATA");
  const parents = folder !== undefined ? [folder, join(folder, archive.name)] : data ? [join(data, archive.name)] : [];
  for (const place of parents) {
    if (await isFolder(join(place, part))) return place;
  }
  for (const place of parents) {
    // One that is there and lacks the part is told, not passed over.
    if (folder !== undefined || !await isFolder(place)) continue;
    throw new Error(
      `Cannot read ${archive.name} from ${place}: it holds no folder ${part}; put it there, or leave out FORGER_DATA`,
    );
  }
  if (folder === undefined) return await fetchArchive(archive, cacheFolder(), fetch);
  throw new Error(
    `Cannot read ${archive.name} from ${folder}: neither it nor ${parents[1]} holds a folder ${part}; ` +
      `give the folder that ${archive.file} unpacks to`,
  );
}
