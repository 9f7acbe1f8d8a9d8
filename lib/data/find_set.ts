/** Where a data set is on this machine, or how it comes here.
 * @module */
import { join } from "node:path";
import type { Archive } from "./archive.ts";
import { cacheFolder, fetchArchive, isFolder } from "./cache.ts";
import type { FetchOptions } from "./fetch.ts";

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
