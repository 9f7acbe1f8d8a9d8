/** Options for reading the images on one side of a data set (its inputs, for example): as colours, as numbers (such as depths) or
 * as label maps.
 * @module */
import type { Labels } from "./label_maps.ts";

/** How to read the images on one side of a data set, such as the inputs, the targets or domain A. */
export interface SideOptions {
  /** Number of channels: 1 for greyscale (luma; see {@linkcode greyToColour}), 3 for RGB or 4 for RGBA. With 4 channels, images
   * without an alpha channel are opaque. With 1 or 3 channels, transparent pixels are blended onto white. Default 3. */
  channels?: 1 | 3 | 4;
  /** Bits per channel. A depth of 16 preserves the precision of 16-bit PNG and TIFF files; 8-bit files can be read too. This
   * option has no effect on label maps. Default 8. */
  depth?: 8 | 16;
  /** Whether the pixels are numbers, such as depths or the coordinates of surface normals, rather than colours. Numbers are read
   * as they are stored: colour profiles and transparency are ignored, and a PNG file with a palette is read as palette indices.
   * With one channel, it is an error if the red, green and blue values in a file differ. Default: true if `depth` is 16 and
   * `channels` is 1, otherwise false. */
  numbers?: boolean;
  /** Reads the files as label maps, with one plane per class: 1 where a pixel belongs to the class, -1 elsewhere. Since label
   * maps contain class indices rather than colours, they are resized with nearest-neighbour interpolation. If pixel values or
   * palette indices are class indices, pass the number of classes. Otherwise, pass a list of values, such as `[0, 7, 255]`, or a
   * list of colours. */
  labels?: Labels;
  /** Whether to map a colour outside the palette of a label map, such as one altered by JPEG compression, to the nearest palette
   * colour. By default, such a colour is an error. */
  nearest?: boolean;
}

/** How the files of a data set are read. This description is stored with a model, so that the model's inputs can be read and its
 * outputs can be written in the same way. */
export interface Reading {
  /** How images are fitted to the data set's size. */
  fit: "fill" | "cover";
  /** For a data set of crops, the factor by which images are resized before they are cropped. */
  scale?: number;
  /** How the images on each side are read, keyed by the side's name in a batch: "input", "target", "a", "b" or "images". */
  sides: Record<string, SideOptions>;
}

/** Returns the number of channels in the images that are read with the given options.
 * @throws {RangeError} If an option is invalid. */
export function channelsOf({ channels = 3, depth = 8, labels }: SideOptions): number {
  const fail = (what: string, expected: string, got: unknown): never => {
    throw new RangeError(`Cannot read images: ${what} must be ${expected}, got ${got}; change ${what}`);
  };
  if (![1, 3, 4].includes(channels)) fail("channels", "1 (greyscale), 3 (RGB) or 4 (RGBA)", channels);
  if (depth !== 8 && depth !== 16) fail("depth", "8 or 16", depth);
  if (labels === undefined) return channels;
  const count = typeof labels === "number" ? labels : labels.length;
  if (!Number.isSafeInteger(count) || count < 2 || count > 256) fail("labels", "2 to 256 classes", count);
  if (typeof labels !== "number" && new Set(labels.map(String)).size < count) {
    fail("labels", "distinct", `[${labels.join("; ")}]`);
  }
  return count;
}

/** Returns whether pixels are read as they are stored, rather than as colours. */
export function readsNumbers(
  { channels = 3, depth = 8, labels, numbers = depth === 16 && channels === 1 }: SideOptions,
): boolean {
  return numbers || labels !== undefined;
}

/** Returns the meaning of an image's channels: classes, numbers or colours. */
export function meaningOf(side: SideOptions): "classes" | "numbers" | "colours" {
  return side.labels !== undefined ? "classes" : readsNumbers(side) ? "numbers" : "colours";
}
