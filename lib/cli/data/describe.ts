/** Describes data in the output of commands: what is read, and what is left out.
 * @module */
import type { Listing } from "../../data/image_files.ts";
import type { FolderLook } from "../../data/look.ts";
import { toWhereCalled } from "../paths.ts";

/** Describes the images in a folder, as in "30 images in d (png, 64x64)".
 * @param most Maximum number of images that are read. */
export function describe({ folder, images, seen }: FolderLook, word: string, most = Infinity): string {
  const count = images.length > most ? `the first ${most} of ${images.length}` : `${images.length}`;
  const formats = [...new Set(seen.map(({ header }) => header.format))].join(", ");
  const sizes = seen.map(({ header }) => header).sort((a, b) => a.width * a.height - b.width * b.height);
  const [first, last] = [sizes[0], sizes.at(-1)].map((size) => `${size?.width}x${size?.height}`);
  const range = sizes.every((size) => `${size.width}x${size.height}` === first) ? first : `${first} to ${last}`;
  const facts = seen.length === 0 ? "" : ` (${formats}, ${range})`;
  return `${count} ${images.length === 1 ? word.replace(/s$/, "") : word} in ${toWhereCalled(folder)}${facts}`;
}

/** Formats a number with a noun in the singular or plural, such as "1 image" or "2 images". */
export function counted(count: number, name = "image"): string {
  return `${count} ${count === 1 ? name : name.replace(/( of .*)?$/, "s$1")}`;
}

/** Maximum number of names to list. */
const MOST = 8;

/** Lists all names, or only the first few, as in "a, b and 3 others". */
export function listed(names: readonly string[]): string {
  return names.slice(0, MOST).join(", ") + (names.length > MOST ? ` and ${names.length - MOST} others` : "");
}

/** Describes the files and folders that a data set leaves out, as in "12 .heic (convert them to PNG or JPEG)", "1 other file" or
 * "folder run". */
export function leftOut(listings: readonly (Omit<Listing, "images" | "folders"> & { folders?: string[] })[]): string[] {
  const unreadable: Record<string, number> = {};
  let [others, hidden] = [0, 0];
  for (const listing of listings) {
    for (const [format, count] of Object.entries(listing.unreadable)) unreadable[format] = (unreadable[format] ?? 0) + count;
    others += listing.others;
    hidden += listing.hidden;
  }
  const formats = Object.entries(unreadable).map(([format, count]) => `${count} ${format}`).join(" and ");
  const list = (what: string, names: string[]) => names.length === 0 ? [] : [`${what} ${listed(names)}`];
  return [
    ...formats === "" ? [] : [`${formats} (convert them to PNG or JPEG)`],
    ...others === 0 ? [] : [counted(others, "other file")],
    ...hidden === 0 ? [] : [counted(hidden, "hidden image")],
    ...list("folder", listings.flatMap(({ folders = [] }) => folders)),
    ...list("training run", listings.flatMap(({ results }) => results)),
  ];
}
