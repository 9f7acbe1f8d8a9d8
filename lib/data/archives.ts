/** Where the data sets on the network are: every address, size and checksum in this one place.
 * @module */

/** A data set as one file on the network. */
export interface Archive {
  /** The data set's name, and that of the folder the archive unpacks to. */
  name: string;
  /** The archive's own name; its ending says how to unpack it. */
  file: string;
  /** Tried in this order. */
  addresses: string[];
  /** Size of the archive in bytes. */
  bytes: number;
  /** SHA-256 of the archive in hexadecimal, if its makers or another project published one. */
  sha256?: string;
  /** Pictures in each folder, which are counted after unpacking. */
  pictures: Record<string, number>;
  /** Who made it. */
  authors: string;
  /** What is known of its terms. */
  terms: string;
}

/** The archives that Forger knows, by the names of their data sets. */
export const archives: { facades: Archive } = {
  facades: {
    name: "facades",
    file: "facades.tar.gz",
    // The host answered by both protocols over the years, at times by one alone. The first home, people.eecs.berkeley.edu/~tinghuiz, is gone (404).
    addresses: [
      "https://efrosgans.eecs.berkeley.edu/pix2pix/datasets/facades.tar.gz",
      "http://efrosgans.eecs.berkeley.edu/pix2pix/datasets/facades.tar.gz",
    ],
    // From published download logs. Nobody seems to have published a checksum of this archive, so there is none here: the size, gzip's own CRC-32 and
    // the number of pictures are checked instead, and the SHA-256 found is told.
    bytes: 30_168_306,
    pictures: { train: 400, val: 100, test: 106 },
    authors: "CMP Facades: Tylecek and Sara, GCPR 2013; in pairs: Isola et al., arXiv:1611.07004",
    terms: "no licence text found; cite the authors",
  },
};
