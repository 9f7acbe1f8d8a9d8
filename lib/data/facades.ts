/** CMP Facades (Tylecek and Sara, GCPR 2013) as pairs, in the form that pix2pix uses (Isola et al., arXiv:1611.07004): 400 pictures to train, 100 to
 * validate, 106 to test, each a 512x256 jpg with the photo on the left (A) and its labels on the right (B). The labels are jpg too: their colours ring.
 * @module */
import { pairedArchives } from "./archives.ts";
import type { FetchOptions } from "./fetch.ts";
import { type Direction, pairsFromFolder } from "./folder.ts";
import type { PairData } from "./pairs.ts";
import { findSet } from "./find_set.ts";

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
