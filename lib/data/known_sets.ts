/** pix2pix's and CycleGAN's own data sets, by name.
 * @module */
import { pairedArchives, type PairedName, unpairedArchives, type UnpairedName } from "./archives.ts";
import type { FetchOptions } from "./fetch.ts";
import { findSet } from "./find_set.ts";
import { type FolderOptions, pairsFromFolder } from "./folder.ts";
import { type UnpairedFoldersOptions, unpairedFromFolder } from "./folders.ts";
import type { PairData } from "./pairs.ts";
import type { UnpairedData } from "./unpaired.ts";

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
