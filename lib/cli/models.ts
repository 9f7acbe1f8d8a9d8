/** `deno task models`: lists the pretrained models.
 * @module */
import { join } from "node:path";
import { dimensionsOf, flag, type Size, type Values } from "../settings.ts";
import { systemOf } from "../systems/registry.ts";
import { readDescription } from "../train/model_folder.ts";
import { PRETRAINED, pretrainedModels } from "../train/pretrained.ts";
import type { Command } from "./command.ts";
import { isCommand } from "./entry.ts";
import type { Measure } from "./evaluate/measure.ts";
import { HELP_WIDTH, wrap } from "./help.ts";
import { runCommand } from "./main.ts";
import { readCard } from "./model.ts";

const options = {
  json: flag(false, { help: "Print the list as one line of JSON." }),
};

const command: Command<typeof options> = {
  name: "models",
  about:
    "Lists the pretrained models: name, system, size of the images, size of the files, a metric on held-out data, and what " +
    "the model does. Each command with an option --model takes these names. The README.md in the folder of a model describes " +
    "its training, its metrics and its limitations.",
  options,
  examples: [{ line: "models", does: "list the models" }],
};

/** Entry of the list for one model. */
export interface ListedModel {
  name: string;
  /** Name of the system, such as "pix2pix". */
  system: string;
  /** Size of the images, such as "256x256". */
  size: string;
  /** Size of all files in the folder, in bytes. */
  bytes: number;
  /** The most important metric, if the model has a card. */
  metric?: Measure;
  /** What the model does, if it has a card. */
  about?: string;
}

/** Reads the descriptions of the pretrained models.
 * @param folder Folder that contains the models.
 * @throws {Error} If the description of a model cannot be read. */
export async function listModels(folder: string = PRETRAINED): Promise<ListedModel[]> {
  return await Promise.all((await pretrainedModels(folder)).map(async (name) => {
    const path = join(folder, name);
    const { kind, settings } = await readDescription(path);
    const card = await readCard(path);
    const [metric] = card?.metrics ?? [];
    return {
      ...{ name, system: systemOf(kind)?.title ?? kind, size: sizeOf(settings), bytes: await bytesIn(path) },
      ...metric && { metric },
      ...card && { about: card.about },
    };
  }));
}

function sizeOf({ shape, size }: Record<string, unknown>): string {
  if (Array.isArray(shape)) return shape.length === 3 ? `${shape[1]}x${shape[0]}` : "points";
  const { height, width } = dimensionsOf(size as Size);
  return `${width}x${height}`;
}

/** Returns the size of all files in a folder and its subfolders, in bytes. */
export async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = join(folder, name);
    bytes += isDirectory ? await bytesIn(path) : (await Deno.stat(path)).size;
  }
  return bytes;
}

/** Formats the list: two or more lines for each model. */
export function listText(models: readonly ListedModel[]): string {
  if (models.length === 0) return "There are no pretrained models";
  const width = Math.max(...models.map(({ name }) => name.length)) + 2;
  return models.flatMap(({ name, system, size, bytes, metric, about = "" }) => {
    const value = metric?.value === undefined ? [] : [`${Number(metric.value.toPrecision(4))} ${metric.says}`];
    const facts = [`${system}, ${size}, ${(bytes / 1e6).toFixed(1)} MB`, ...value].join("; ");
    const lines = [about, facts].filter(Boolean).flatMap((text) => wrap(text, HELP_WIDTH - width));
    return lines.map((line, i) => (i === 0 ? name : "").padEnd(width) + line);
  }).join("\n");
}

async function models({ json }: Values<typeof options>): Promise<void> {
  const list = await listModels();
  console.log(json ? JSON.stringify(list) : listText(list));
}

if (isCommand(import.meta)) await runCommand(command, models);
