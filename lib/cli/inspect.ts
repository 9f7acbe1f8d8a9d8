/** `deno task inspect`: reports on the contents of a folder of images.
 * @module */
import { basename, dirname, join, resolve } from "node:path";
import { isFolder } from "../data/cache.ts";
import { openUpright, toRaw } from "../data/sharp.ts";
import type { Image } from "../data/image_bytes.ts";
import { type FolderFinding, imagesBelow, inspectFolder, type Inspection } from "../data/inspect.ts";
import { imageGrid } from "../plot/grid.ts";
import { flag, integer, text, type Values } from "../settings.ts";
import { writeFile } from "../train/files.ts";
import { type Command, UsageError } from "./command.ts";
import { commandArgs, isCommand } from "./entry.ts";
import { counted, leftOut } from "./data/describe.ts";
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
    help:
      "PNG file that shows a grid of the first images in each folder. Default: runs/inspect/NAME.png, where NAME is the name " +
      "of FOLDER, or NAME-2.png and so on if another grid has that name.",
  }),
  overwrite: flag(false, { help: "Replace the file given by --grid if it exists." }),
  columns: integer(6, { min: 1, max: 40, unit: "images", help: "Number of images per folder in the grid." }),
};

type InspectValues = Values<typeof options>;

const command: Command<typeof options> = {
  name: "inspect",
  usage: "FOLDER",
  about: "Decodes every image in a folder and its subfolders. Reports the number, the sizes and the channels of the images, " +
    "and lists damaged files, incomplete pairs, and images of a single flat colour, which cause non-finite losses. " +
    "Writes a grid of the first images. The exit status is 1 if any file is damaged or any pair is incomplete.",
  options,
  examples: [{ line: "inspect data/toytown", does: "inspect the sample data" }],
};

/** Height and maximum width of a grid cell, in pixels. A wider image is scaled down and padded with white above and below. */
const gridHeight = 96, gridWidth = 3 * gridHeight;
const mostRows = 50;
const most = 10;

/** Inspects a folder and writes the grid.
 * @returns The report as lines of text, and whether all checks passed. */
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
    const place = values.grid === undefined ? await writeNew(path, grid.png) : path;
    if (values.grid !== undefined) await writeFile(path, [grid.png], { replace: values.overwrite });
    const of = grid.rows === mostRows ? ` of the first ${grid.rows} folders` : "";
    lines.push(`Grid of the first images${of}: ${toWhereCalled(place)}`);
  }
  const well = found.partnerless.length === 0 && found.folders.every(({ unreadable }) => unreadable.length === 0);
  return { lines, well };
}

/** Returns the path of the file to which the grid is written.
 * @throws {Error} If the file cannot be written or must not be replaced, or if there is nothing to inspect.
 * @throws {UsageError} If an inspected image would be overwritten. */
async function placeOfGrid(folder: string, { grid, overwrite }: InspectValues): Promise<string> {
  if (overwrite && grid === undefined) {
    throw new UsageError("Option --overwrite has no effect without --grid FILE; omit it, or add --grid FILE");
  }
  const path = grid === undefined ? join("runs", "inspect", `${basename(resolve(folder))}.png`) : fromWhereCalled(grid);
  const images = (await imagesBelow(folder)).flatMap(({ path, files }) => files.map((file) => join(folder, path, file)));
  if (grid !== undefined && await isThere(path)) {
    if (await isFolder(path)) throw new Error(`Cannot write ${path}: it is a folder; choose a file with --grid`);
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
  const lines = [`${folder}: ${counted(count, "file")} in ${counted(folders.length, "folder")}; layout: ${layout}`];
  for (const one of folders) lines.push(...describeFolder(one));
  if (partnerless.length > 0) lines.push(`WITHOUT A PARTNER: ${counted(partnerless.length, "file")}`, ...listed(partnerless));
  return lines;
}

function describeFolder({ path, files, sizes, kinds, unreadable, flat, leftOut: rest }: FolderFinding): string[] {
  const counts = (of: Record<string, number>) => {
    const sorted = Object.entries(of).sort(([, a], [, b]) => b - a);
    const rest = sorted.length > 4 ? `, ${sorted.length - 4} others` : "";
    return sorted.slice(0, 4).map(([name, count]) => `${name} (${count})`).join(", ") + rest;
  };
  const lines = [`${path}: ${counted(files.length, "file")}`];
  if (Object.keys(sizes).length > 0) lines.push(`  sizes: ${counts(sizes)}`, `  channels: ${counts(kinds)}`);
  const passed = leftOut([rest]);
  if (passed.length > 0) lines.push(`  left out: ${passed.join(", ")}`);
  if (unreadable.length > 0) {
    lines.push(
      `  UNREADABLE: ${counted(unreadable.length, "file")}`,
      ...listed(unreadable.map(({ file, reason }) => `${file}: ${reason}`)),
    );
  }
  if (flat.length > 0) {
    lines.push(
      `  FLAT (a single colour): ${counted(flat.length, "image")}`,
      ...listed(flat.map(({ file, part }) => part === "whole" ? file : `${file} (${part})`)),
    );
  }
  return lines;
}

function listed(names: string[]): string[] {
  const rest = names.length > most ? [`    and ${names.length - most} more`] : [];
  return [...names.slice(0, most).map((name) => `    ${name}`), ...rest];
}

/** Draws the grid, with one row per folder, up to the maximum number of rows.
 * @returns A PNG file and the number of rows; `undefined` if there is no image to show. */
async function gridOf(
  { folder, folders }: Inspection,
  columns: number,
): Promise<{ png: Uint8Array<ArrayBuffer>; rows: number } | undefined> {
  const rows: Image[][] = [], names: string[] = [];
  for (const { path, files, unreadable } of folders) {
    const bad = new Set(unreadable.map(({ file }) => file));
    const shown = files.filter((file) => !bad.has(file)).slice(0, columns);
    if (shown.length === 0) continue;
    if (rows.length === mostRows) break;
    const row: Image[] = [];
    for (const file of shown) row.push(await thumbnail(join(folder, path, file)));
    rows.push(row);
    names.push(path);
  }
  if (rows.length === 0) return undefined;
  // imageGrid() would stretch images with different aspect ratios to the same size.
  const width = Math.max(...rows.flat().map((image) => image.width));
  const { png } = await imageGrid(rows.map((row) => row.map((image) => padded(image, width))), { rows: names, scale: 1 });
  return { png, rows: rows.length };
}

/** Reads an image and scales it to the largest size that fits in a grid cell. */
async function thumbnail(path: string): Promise<Image> {
  return await toRaw((await openUpright(path)).resize(gridWidth, gridHeight, { fit: "inside" }), path);
}

function padded({ data, height, width, channels }: Image, newWidth: number): Image {
  const cell = new Uint8Array(gridHeight * newWidth * channels).fill(255);
  const top = Math.floor((gridHeight - height) / 2);
  for (let y = 0; y < height; y++) {
    cell.set(data.subarray(y * width * channels, (y + 1) * width * channels), (top + y) * newWidth * channels);
  }
  return { data: cell, height: gridHeight, width: newWidth, channels };
}

/** Inserts `--data` before the first argument if this argument is a folder rather than an option. */
function withData(args: readonly string[]): string[] {
  const [first, ...rest] = args;
  return first !== undefined && !first.startsWith("-") && first !== "help" ? ["--data", first, ...rest] : [...args];
}

if (isCommand(import.meta)) {
  const run = async (values: InspectValues) => {
    const { lines, well } = await inspect(values);
    console.log(lines.join("\n"));
    return well ? 0 : 1;
  };
  Deno.exit(await status(command, run, withData(commandArgs())));
}
