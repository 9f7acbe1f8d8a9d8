/** `deno task inspect`: reports on the contents of a folder of images.
 * @module */
import { basename, dirname, join, resolve } from "node:path";
import { readImageBytes } from "../data/image.ts";
import type { Image } from "../data/image_bytes.ts";
import { type FolderFinding, imagesBelow, inspectFolder, type Inspection } from "../data/inspect.ts";
import { imageGrid } from "../plot/grid.ts";
import { flag, integer, text, type Values } from "../settings.ts";
import { writeFile } from "../train/files.ts";
import { type Command, UsageError } from "./command.ts";
import { status } from "./main.ts";
import { writeNew } from "./outputs.ts";
import { byRealPath, fromWhereCalled, isThere, makeFolder, realPath, toWhereCalled } from "./paths.ts";
import { type Progress, statusLine } from "./status_line.ts";

const options = {
  data: text({
    value: "FOLDER",
    default: undefined,
    help: "Folder to inspect; --data may be omitted, as in deno task inspect FOLDER.",
  }),
  grid: text({
    value: "FILE",
    default: undefined,
    help: "PNG file for a grid of the first images of each folder. Default: runs/inspect/NAME.png, where NAME is the name of " +
      "FOLDER, or NAME-2.png and so on if another grid has that name.",
  }),
  overwrite: flag(false, { help: "Replace the file given by --grid if it exists." }),
  columns: integer(6, { min: 1, max: 40, unit: "images", help: "Number of images per folder in the grid." }),
};

type InspectValues = Values<typeof options>;

const command: Command<typeof options> = {
  name: "inspect",
  usage: "FOLDER",
  about: "Decodes every image in a folder and its subfolders. Lists counts, sizes and channels, damaged files, incomplete " +
    "pairs, and images of a single flat colour, which cause non-finite losses. Writes a grid of the first images. The exit " +
    "status is 1 if any file is damaged or any pair is incomplete.",
  options,
  examples: [{ line: "inspect data/toytown", does: "inspect the sample data" }],
};

/** Height of the images in the grid, in pixels. */
const gridHeight = 96;
/** Maximum number of names in a list. */
const most = 10;

/** Inspects a folder and writes the grid.
 * @returns the report as lines of text, and whether all checks passed. */
export async function inspect(
  values: InspectValues,
  progress: Progress = statusLine(),
): Promise<{ lines: string[]; well: boolean }> {
  if (values.data === undefined) throw new UsageError("No folder given: run deno task inspect FOLDER; see --help");
  const folder = fromWhereCalled(values.data);
  const path = await placeOfGrid(folder, values);
  const found = await inspectFolder(folder, {
    report: (done, count) => progress.update("inspect", "Inspecting", `${done} of ${count}`),
  });
  progress.finish("inspect");
  const lines = describe(found);
  const grid = await gridOf(found, values.columns);
  if (grid) {
    const place = values.grid === undefined ? await writeNew(path, grid) : path;
    if (values.grid !== undefined) await writeFile(path, [grid], { replace: values.overwrite });
    lines.push(`Grid of the first images: ${toWhereCalled(place)}`);
  }
  const well = found.partnerless.length === 0 && found.folders.every(({ unreadable }) => unreadable.length === 0);
  return { lines, well };
}

/** Returns the path of the file to which the grid is written.
 * @throws {Error} if the file cannot be written or must not be replaced, or if there is nothing to inspect.
 * @throws {UsageError} if an inspected image would be overwritten. */
async function placeOfGrid(folder: string, { grid, overwrite }: InspectValues): Promise<string> {
  if (overwrite && grid === undefined) {
    throw new UsageError("Option --overwrite applies only to --grid FILE, since a default grid replaces no file; omit it");
  }
  const path = grid === undefined ? join("runs", "inspect", `${basename(resolve(folder))}.png`) : fromWhereCalled(grid);
  const images = (await imagesBelow(folder)).flatMap(({ path, files }) => files.map((file) => join(folder, path, file)));
  if (grid !== undefined && await isThere(path)) {
    const isFolder = await Deno.stat(path).then(({ isDirectory }) => isDirectory, () => false);
    if (isFolder) throw new Error(`Cannot write ${path}: it is a folder; choose a file with --grid`);
    if ((await byRealPath(images)).has(await realPath(path) ?? "")) {
      throw new UsageError(`Option --grid: ${path} is one of the inspected images and would be overwritten; choose another file`);
    }
    if (!overwrite) throw new Error(`Cannot write ${path}: it exists; use --overwrite to replace it, or choose another file`);
  }
  await makeFolder(dirname(path), "--grid");
  return path;
}

function describe({ folder, layout, folders, partnerless }: Inspection): string[] {
  const count = folders.reduce((sum, { files }) => sum + files.length, 0);
  const lines = [`${folder}: ${plural(count, "file")} in ${plural(folders.length, "folder")}; layout: ${layout}`];
  for (const one of folders) lines.push(...describeFolder(one));
  if (partnerless.length > 0) lines.push(`WITHOUT A PARTNER: ${plural(partnerless.length, "file")}`, ...listed(partnerless));
  return lines;
}

function describeFolder({ path, files, sizes, kinds, unreadable, flat }: FolderFinding): string[] {
  const counts = (of: Record<string, number>) => {
    const sorted = Object.entries(of).sort(([, a], [, b]) => b - a);
    const rest = sorted.length > 4 ? `, ${sorted.length - 4} others` : "";
    return sorted.slice(0, 4).map(([name, count]) => `${name} (${count})`).join(", ") + rest;
  };
  const lines = [`${path}: ${plural(files.length, "file")}`];
  if (Object.keys(sizes).length > 0) lines.push(`  sizes: ${counts(sizes)}`, `  channels: ${counts(kinds)}`);
  if (unreadable.length > 0) {
    lines.push(
      `  UNREADABLE: ${plural(unreadable.length, "file")}`,
      ...listed(unreadable.map(({ file, reason }) => `${file}: ${reason}`)),
    );
  }
  if (flat.length > 0) {
    lines.push(
      `  FLAT (a single colour): ${plural(flat.length, "image")}`,
      ...listed(flat.map(({ file, part }) => part === "whole" ? file : `${file} (${part})`)),
    );
  }
  return lines;
}

function plural(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

function listed(names: string[]): string[] {
  const rest = names.length > most ? [`    and ${names.length - most} more`] : [];
  return [...names.slice(0, most).map((name) => `    ${name}`), ...rest];
}

/** Draws the grid, with one row for each folder.
 * @returns a PNG file; `undefined` if there is no image to show. */
async function gridOf({ folder, folders }: Inspection, columns: number): Promise<Uint8Array | undefined> {
  const rows: Image[][] = [], names: string[] = [];
  for (const { path, files, unreadable } of folders) {
    const bad = new Set(unreadable.map(({ file }) => file));
    const shown = files.filter((file) => !bad.has(file)).slice(0, columns);
    const row = await Promise.all(shown.map((file) => thumbnail(join(folder, path, file))));
    if (row.length === 0) continue;
    rows.push(row);
    names.push(path);
  }
  if (rows.length === 0) return undefined;
  // imageGrid() would stretch images with different aspect ratios to the same size.
  const width = Math.max(...rows.flat().map((image) => image.width));
  return (await imageGrid(rows.map((row) => row.map((image) => widened(image, width))), { rows: names })).png;
}

async function thumbnail(path: string): Promise<Image> {
  const { height, width } = await readImageBytes(path);
  return await readImageBytes(path, { height: gridHeight, width: Math.max(1, Math.round(gridHeight * width / height)) });
}

/** Pads an image with white on the right. */
function widened({ data, height, width, channels }: Image, newWidth: number): Image {
  const wide = new Uint8Array(height * newWidth * channels).fill(255);
  for (let y = 0; y < height; y++) {
    wide.set(data.subarray(y * width * channels, (y + 1) * width * channels), y * newWidth * channels);
  }
  return { data: wide, height, width: newWidth, channels };
}

/** Inserts --data before a folder that is given without it. */
function withData(args: readonly string[]): string[] {
  const [first, ...rest] = args;
  return first !== undefined && !first.startsWith("-") && first !== "help" ? ["--data", first, ...rest] : [...args];
}

if (import.meta.main) {
  const run = async (values: InspectValues) => {
    const { lines, well } = await inspect(values);
    console.log(lines.join("\n"));
    return well ? 0 : 1;
  };
  Deno.exit(await status(command, run, withData(Deno.args)));
}
