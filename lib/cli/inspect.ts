/** `deno task inspect`: what a folder of pictures holds.
 * @module */
import { basename, dirname, join, resolve } from "node:path";
import { readImageBytes } from "../data/image.ts";
import type { Image } from "../data/image_bytes.ts";
import { type FolderFinding, imagesBelow, inspectFolder, type Inspection } from "../data/inspect.ts";
import { imageGrid } from "../plot/grid.ts";
import type { Command } from "./command.ts";
import { status } from "./main.ts";
import { makeFolder } from "./make_folder.ts";
import { integer, text, UsageError, type Values } from "./options.ts";
import { fromWhereCalled, toWhereCalled } from "./paths.ts";
import { byRealPath, realPath } from "./real_path.ts";
import { type Progress, statusLine } from "./status_line.ts";

const options = {
  data: text({ value: "FOLDER", default: undefined, help: "The folder; it may also stand alone, without --data." }),
  grid: text({
    value: "FILE",
    default: undefined,
    help: "Where the grid of the first pictures goes. Without it: runs/inspect/NAME.png.",
  }),
  columns: integer({ default: 6, min: 1, max: 40, unit: "pictures", help: "Pictures of each folder in the grid." }),
};

const command: Command<typeof options> = {
  name: "inspect",
  usage: "FOLDER",
  about:
    "Decodes every picture in a folder and in those below it, and lists what it found: counts, sizes, channels, files that are no " +
    "whole pictures or have no partner, and pictures of one flat colour, which make a training blow up. Writes a grid of the first " +
    "pictures. Exit status 1 if there are unreadable files or missing partners.",
  options,
  examples: [{ line: "inspect data/toytown", does: "the sample" }],
};

/** Pictures in the grid are this high. */
const gridHeight = 96;
/** Names that are listed one by one. */
const most = 10;

/** Inspects a folder and writes the grid.
 * @returns what a person reads, and whether all is well. */
export async function inspect(
  values: Values<typeof options>,
  progress: Progress = statusLine(),
): Promise<{ lines: string[]; well: boolean }> {
  if (values.data === undefined) throw new UsageError("The folder is missing: write inspect FOLDER; --help tells more");
  const folder = fromWhereCalled(values.data);
  const path = await placeOfGrid(folder, values.grid);
  const found = await inspectFolder(folder, {
    report: (done, count) => progress.update("inspect", "Looking", `${done} of ${count}`),
  });
  progress.finish("inspect");
  const lines = describe(found);
  if (await writeGrid(found, path, values.columns)) lines.push(`Grid of the first pictures: ${toWhereCalled(path)}`);
  const well = found.partnerless.length === 0 && found.folders.every(({ unreadable }) => unreadable.length === 0);
  return { lines, well };
}

/** Where the grid goes: not in the place of a picture that is inspected, be it through a link. What stands in the place that is taken without --grid is an
 * older grid, which may be lost.
 * @throws {Error} if it can go nowhere, or if there is nothing to inspect.
 * @throws {UsageError} if a picture would be lost. */
async function placeOfGrid(folder: string, grid: string | undefined): Promise<string> {
  const path = grid === undefined ? join("runs", "inspect", `${basename(resolve(folder))}.png`) : fromWhereCalled(grid);
  const pictures = (await imagesBelow(folder)).flatMap(({ path, files }) => files.map((file) => join(folder, path, file)));
  const there = await Deno.stat(path).catch(() => undefined);
  if (there?.isDirectory) throw new Error(`Cannot write ${path}: it is a folder; choose a file by --grid`);
  if (there && grid !== undefined && (await byRealPath(pictures)).has(await realPath(path) ?? "")) {
    throw new UsageError(`Option --grid: ${path} is one of the pictures inspected, and it would be lost; choose another file`);
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
      `  FLAT, of one colour: ${plural(flat.length, "picture")}`,
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

/** A row for each folder.
 * @returns whether there was anything to show. */
async function writeGrid({ folder, folders }: Inspection, path: string, columns: number): Promise<boolean> {
  const rows: Image[][] = [], names: string[] = [];
  for (const { path, files, unreadable } of folders) {
    const bad = new Set(unreadable.map(({ file }) => file));
    const shown = files.filter((file) => !bad.has(file)).slice(0, columns);
    const row = await Promise.all(shown.map((file) => thumbnail(join(folder, path, file))));
    if (row.length === 0) continue;
    rows.push(row);
    names.push(path);
  }
  if (rows.length === 0) return false;
  // The grid would stretch pictures of different proportions to one size.
  const width = Math.max(...rows.flat().map((picture) => picture.width));
  const { png } = await imageGrid(rows.map((row) => row.map((picture) => widened(picture, width))), { rows: names });
  await Deno.writeFile(path, png);
  return true;
}

async function thumbnail(path: string): Promise<Image> {
  const { height, width } = await readImageBytes(path);
  return await readImageBytes(path, { height: gridHeight, width: Math.max(1, Math.round(gridHeight * width / height)) });
}

/** A picture with white to its right. */
function widened({ data, height, width, channels }: Image, wanted: number): Image {
  const wide = new Uint8Array(height * wanted * channels).fill(255);
  for (let y = 0; y < height; y++) {
    wide.set(data.subarray(y * width * channels, (y + 1) * width * channels), y * wanted * channels);
  }
  return { data: wide, height, width: wanted, channels };
}

/** The folder may stand alone, as people write it. */
export function withData(args: readonly string[]): string[] {
  const [first, ...rest] = args;
  return first !== undefined && !first.startsWith("-") && first !== "help" ? ["--data", first, ...rest] : [...args];
}

if (import.meta.main) {
  const run = async (values: Values<typeof options>) => {
    const { lines, well } = await inspect(values);
    console.log(lines.join("\n"));
    return well ? 0 : 1;
  };
  Deno.exit(await status(command, run, withData(Deno.args)));
}
