/** What is known of a data set on the network.
 * @module */

/** A data set as one file on the network. */
export interface Archive {
  /** The data set's name, and that of the folder the archive unpacks to. */
  name: string;
  /** The archive's own name; its ending says how to unpack it: .tar.gz or .zip. */
  file: string;
  /** Tried in this order. */
  addresses: string[];
  /** Size of the archive in bytes, if it is known. */
  bytes?: number;
  /** SHA-256 of the archive in hexadecimal, if its makers or another project published one. */
  sha256?: string;
  /** MD5 as one other project notes it: told, not insisted upon. */
  md5?: string;
  /** Pictures in each folder, which are counted after unpacking; where a number is not known for certain, 0, there must be some. */
  pictures: Record<string, number>;
  /** Who made it. */
  authors: string;
  /** What is known of its terms. */
  terms: string;
}

/** A data set as several files on the network, none of them an archive. */
export interface FileSet {
  /** The data set's name, and that of its folder. */
  name: string;
  /** The folders on the network, tried in this order; each ends in "/". */
  addresses: string[];
  /** Each file's size in bytes and SHA-256 in hexadecimal. */
  files: Record<string, { bytes: number; sha256: string }>;
  /** Who made it. */
  authors: string;
  /** What is known of its terms. */
  terms: string;
}
