/** The card of a pretrained model: README.md for readers, and card.json for programs. Both say the same.
 * @module */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { commandOf, commandsOf, DRAWN_LICENCE } from "../../lib/cli/export/card.ts";
import type { Measure } from "../../lib/cli/evaluate/measure.ts";
import { CARD_FILE, type ModelCard } from "../../lib/cli/model.ts";
import { systemOf } from "../../lib/systems/registry.ts";
import { writeFile, writeJsonFile, writeTextFile } from "../../lib/train/files.ts";
import { readDescription } from "../../lib/train/model_folder.ts";
import { HISTORY_FILE, type HistoryPoint } from "../../lib/train/pretrained.ts";
import { factsOf } from "./history.ts";
import { CORE_WATTS, type Energy, energyOf, machineOf } from "./machine.ts";
import type { Picture } from "./pictures.ts";
import { type Recipe, worldCommand } from "./recipes.ts";

/** What a card is made of, apart from the files of the model and the record of its run. */
export interface CardParts {
  name: string;
  recipe: Recipe;
  /** Folder of the training run. */
  run: string;
  /** Folder of the model, which the card describes. */
  folder: string;
  weights: string;
  test: { name: string; count: number };
  metrics: Measure[];
  references: ModelCard["references"];
  check: ModelCard["check"];
  history: HistoryPoint[];
  /** Pictures, keyed by file name. */
  pictures: Record<string, Picture>;
}

/** Collects the facts about a model. */
export async function gatherCard(parts: CardParts): Promise<ModelCard> {
  const { name, recipe, run, folder, weights, test, metrics, references, check } = parts;
  const { settings: { epochs, seed }, seconds, cpuSeconds, backend } = await factsOf(run);
  const { training, versions, networks } = await readDescription(folder);
  const { data, count, steps } = training!;
  const paths = networks.map((network) => `${network}/weights.bin`);
  const digests = await Promise.all(paths.map(async (path) => [path, await digestOf(join(folder, path))] as const));
  const command = worldCommand(recipe, name);
  return {
    format: 1,
    ...{ name, about: recipe.about, limits: recipe.limits },
    ...recipe.world && { world: { ...recipe.world, command: command! } },
    command: (await commandOf(run))!,
    ...{ seed, epochs, steps, seconds: Math.round(seconds) },
    ...cpuSeconds !== undefined && { cpuSeconds: Math.round(cpuSeconds) },
    machine: machineOf(),
    ...{ backend, versions, data: { name: data, count, licence: DRAWN_LICENCE }, weights },
    digests: Object.fromEntries(digests),
    ...{ test, metrics, references, check },
  };
}

/** Returns the SHA-256 of a file, in hexadecimal. */
export async function digestOf(path: string): Promise<string> {
  return createHash("sha256").update(await Deno.readFile(path)).digest("hex");
}

/** Writes the card, the history and the pictures to the model's folder. */
export async function writeCard(parts: CardParts): Promise<ModelCard> {
  const { folder, recipe, history, pictures } = parts;
  const card = await gatherCard(parts);
  const { kind, settings } = await readDescription(folder);
  for (const [name, { png }] of Object.entries(pictures)) await writeFile(join(folder, name), [png]);
  await writeJsonFile(join(folder, HISTORY_FILE), history);
  await writeTextFile(join(folder, "README.md"), cardText(card, { recipe, history, pictures, kind, settings }));
  await writeJsonFile(join(folder, CARD_FILE), card);
  return card;
}

/** What the text of a card needs besides the card. */
interface Around extends Pick<CardParts, "recipe" | "history"> {
  /** Pictures, keyed by file name. */
  pictures: Record<string, Pick<Picture, "caption">>;
  kind: string;
  settings: Record<string, unknown>;
}

/** Returns the text of a card, in Markdown. */
export function cardText(card: ModelCard, { recipe, history, pictures, kind, settings }: Around): string {
  const { name, about, limits, test } = card;
  // The caption stands below: as an alternative text, a screen reader would read it twice.
  const picture = (file: string) =>
    pictures[file] ? `![${name}: ${file.replace(".png", "")}](${file})\n\n${pictures[file].caption}` : "";
  return [
    `# ${name}`,
    about,
    preliminaryText(recipe),
    picture("samples.png"),
    "## Use",
    fence("sh", recipe.use),
    fence("ts", [`const model = await loadModel("${name}", "${kind}");`]),
    "## What it cannot do",
    limits,
    "## Metrics",
    `Measured on ${test.name}, ${test.count} items that were not used for training, with the weights in this folder.`,
    metricsTable(card, history),
    "## Quality against time",
    historyTable(history, card.metrics),
    recipe.history ?? "",
    picture("epochs.png"),
    "## Training",
    table(["", ""], trainingRows(card, kind)),
    "The commands:",
    fence("sh", commandsOf(card).split("\n")),
    "The same commands, the measurements and this card:",
    fence("sh", [`deno run -A notebooks/results/make.ts ${name}`]),
    picture("losses.png"),
    "The settings of the model:",
    fence("json", [JSON.stringify(settings)]),
    "## Files",
    table(["weights", "SHA-256"], Object.entries(card.digests).map(([path, digest]) => [`\`${path}\``, `\`${digest}\``])),
  ].filter(Boolean).join("\n\n") + "\n";
}

/** Says that a model is preliminary, and why; returns "" for others. */
export function preliminaryText(recipe: Recipe | undefined): string {
  return recipe?.preliminary ? `**Preliminary:** ${recipe.preliminary}` : "";
}

function trainingRows(card: ModelCard, kind: string): string[][] {
  const { data, seed, epochs, steps, seconds, machine, backend, versions, weights } = card;
  return [
    ["system", `${systemOf(kind)!.title}: ${systemOf(kind)!.does}`],
    ["data", `${data.name}, ${whole(data.count)} items`],
    ["licence of the data and of the model", data.licence],
    ["seed", `${seed}`],
    ["length", `${epochs} epochs, ${whole(steps)} steps`],
    ["time", `${duration(seconds)} by the clock`],
    ["energy", energyText(energyOf(card))],
    ["machine", machine],
    ["backend", backend],
    ["version", `Forger ${versions.forger}, TensorFlow.js ${versions.tfjs}`],
    ["weights", weights],
  ];
}

/** Describes the energy of a training. */
export function energyText({ cpuHours, wattHours, isMeasured }: Energy): string {
  const hours = `${shown(cpuHours, 2)} hours of processor time, at an assumed ${CORE_WATTS} W per core`;
  return `${isMeasured ? "about" : "at most"} ${shown(wattHours, 2)} Wh: ${hours}`;
}

/** Returns a table with the metrics of a model before and after training, and those of the references. */
function metricsTable({ metrics, references }: ModelCard, history: readonly HistoryPoint[]): string {
  const before = history.find(({ epoch }) => epoch === 0)?.values ?? {};
  const others = Object.entries(references);
  const head = ["", "metric", "better", "before training", "after training", ...others.map(([name]) => name)];
  const rows = metrics.map(({ key, says, value, better }) => [
    ...[`\`${key}\``, says, better, shown(before[key]), shown(value)],
    ...others.map(([, values]) => shown(values[key])),
  ]);
  return table(head, rows);
}

/** Returns a table with the metrics after several epochs, one epoch a row. */
export function historyTable(history: readonly HistoryPoint[], metrics: readonly Measure[]): string {
  const keys = metrics.map(({ key }) => key).filter((key) => history.some(({ values }) => values[key] !== undefined));
  const rows = history.map(({ epoch, step, seconds, values }) => [
    ...[`${epoch}`, whole(step), duration(seconds)],
    ...keys.map((key) => shown(values[key])),
  ]);
  return table(["epoch", "steps", "time", ...keys.map((key) => `\`${key}\``)], rows);
}

/** Returns a table in Markdown. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Returns a code block in Markdown. */
export function fence(language: string, lines: readonly string[]): string {
  return ["```" + language, ...lines, "```"].join("\n");
}

/** Formats a number with a few digits; returns "" for `undefined`. */
export function shown(value: number | undefined, digits = 4): string {
  return value === undefined ? "" : `${Number(value.toPrecision(digits))}`;
}

/** Formats a whole number. */
export function whole(value: number): string {
  return value.toLocaleString("en-US");
}

/** Formats a duration, for example as "3.4 hours", "12 minutes" or "40 seconds". */
export function duration(seconds: number): string {
  const units: [size: number, name: string][] = [[3600, "hours"], [60, "minutes"], [1, "seconds"]];
  const [size, name] = units.find(([size]) => seconds >= 1.5 * size) ?? [1, "seconds"];
  return `${Number((seconds / size).toPrecision(2))} ${name}`;
}
