/** Determines whether a model was trained on a data set that Forger knows by name.
 * @module */
import { type Archive, archives, type FileSet } from "../data/archives.ts";
import type { Provenance } from "../train/provenance.ts";

/** Synthetic data sets, which Forger draws itself. */
const DRAWN = ["toytown", "digits", "houses"];

/** A data set that Forger knows. */
export interface KnownData {
  /** Name of the data set, such as "facades". */
  name: string;
  /** Entry of the data set in the catalogue, unless Forger draws it. */
  archive?: Archive | FileSet;
}

/** Returns the data set on which a model was trained, or `undefined` if Forger does not know it. The name alone is not
 * sufficient, since a user's folder may have the name of a data set. A data set from a folder of images records how the files
 * were read, unlike generated data sets and MNIST, and may have more images than the data set of that name. */
export function knownData(provenance: Pick<Provenance, "data" | "count" | "reading"> | undefined): KnownData | undefined {
  const [, set, part] = provenance?.data.match(/^([\w-]+) \((.+)\)$/) ?? [];
  if (!provenance || set === undefined) return undefined;
  if (DRAWN.includes(set)) return provenance.reading ? undefined : { name: set };
  const name = set.replaceAll("-", "_");
  if (!Object.hasOwn(archives, name)) return undefined;
  const archive = archives[name as keyof typeof archives];
  if ("files" in archive) return provenance.reading ? undefined : { name, archive };
  const counts = [archive.images[part!], archive.images[`${part}A`], archive.images[`${part}B`]].filter((n) => n !== undefined);
  if (!provenance.reading || counts.length === 0) return undefined;
  const most = counts.includes(0) ? Infinity : Math.max(...counts); // 0: unknown
  return provenance.count <= most ? { name, archive } : undefined;
}
