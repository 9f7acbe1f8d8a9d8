/** Writes notebooks/RESULTS.md from what is kept in the repository: the cards of the pretrained models, the kept runs, and the
 * comparisons of orderings.ts. Usage:
 *
 *     deno run -A notebooks/results/results.ts
 * @module */
import { join } from "node:path";
import { isThere } from "../../lib/cli/paths.ts";
import { type ModelCard, readCard } from "../../lib/cli/model.ts";
import { ROOT, run as runProgram } from "../../lib/cli/process.ts";
import { systemOf } from "../../lib/systems/registry.ts";
import { readJsonFile, writeTextFile } from "../../lib/train/files.ts";
import { readDescription } from "../../lib/train/model_folder.ts";
import { HISTORY_FILE, type HistoryPoint, PRETRAINED, pretrainedModels } from "../../lib/train/pretrained.ts";
import { duration, fence, historyTable, preliminaryText, shown, table, whole } from "./card.ts";
import { noneIfMissing } from "./history.ts";
import { KEPT, type KeptRun } from "./keep.ts";
import { CORE_WATTS, DOLLARS_PER_KWH, energyOf, GPU, onGpu, type RunTimes } from "./machine.ts";
import type { OrderResults } from "./order_results.ts";
import { orderingsText } from "./order_tables.ts";
import { RECIPES } from "./recipes.ts";

/** The file that the command writes. */
const RESULTS = join(ROOT, "notebooks", "RESULTS.md");
/** Largest number of metrics that a history shows. */
const SHOWN = 9;

interface Pretrained {
  card: ModelCard;
  kind: string;
  size: unknown;
  history: HistoryPoint[];
  /** Whether there is an image of several epochs. */
  hasPicture: boolean;
}

/** A row of the table of costs. */
interface Trained extends RunTimes {
  name: string;
  kind: string;
  size: unknown;
  steps: number;
}

async function models(): Promise<Pretrained[]> {
  return await Promise.all((await pretrainedModels()).map(async (name) => {
    const folder = join(PRETRAINED, name);
    const { kind, settings } = await readDescription(folder);
    const history = await readJsonFile<HistoryPoint[]>(join(folder, HISTORY_FILE), []);
    const hasPicture = await isThere(join(folder, "epochs.png"));
    return { card: (await readCard(folder))!, kind, size: settings["size"], history, hasPicture };
  }));
}

async function keptRuns(): Promise<KeptRun[]> {
  const files = await Array.fromAsync(Deno.readDir(KEPT)).catch(noneIfMissing);
  const names = files.map(({ name }) => name).filter((name) => name.endsWith(".json")).sort();
  return await Promise.all(names.map((name) => readJsonFile(join(KEPT, name), {} as KeptRun)));
}

/** Returns the text of the file. */
export async function resultsText(): Promise<string> {
  const [pretrained, kept] = [await models(), await keptRuns()];
  const orders = await readJsonFile<Partial<OrderResults>>(join(ROOT, "notebooks", "results", "orderings.json"), {});
  const trained: Trained[] = [
    ...pretrained.map(({ card, kind, size }) => ({ ...card, kind, size })),
    ...kept,
  ];
  return [
    "# Results",
    "What the models of Forger reach, what it took, and the commands that make them again. This file is written by",
    fence("sh", ["deno run -A notebooks/results/results.ts"]),
    "from the cards of the pretrained models, the kept runs and the comparisons in this folder. Durations are by the clock, on " +
    "a machine that did other work too. No image is selected: they are the first ones of their sets.",
    ...await stripText(),
    "## Pretrained models",
    "Each model has a card with all metrics, more images, and the commands that use it. The first command below makes the " +
    "model again: it draws the data, trains, measures, and writes the card.",
    modelsTable(pretrained),
    "## Quality against time",
    "The metrics on held-out data after several epochs; epoch 0 is the state before training.",
    ...pretrained.flatMap(historyText),
    ...kept.length > 0 ? ["## Other runs", ...kept.flatMap(keptText)] : [],
    ...orders.format === 1 ? orderingsText(orders as OrderResults) : [],
    "## Energy and money",
    ...costText(trained),
  ].join("\n\n") + "\n";
}

async function stripText(): Promise<string[]> {
  if (!await isThere(join(ROOT, "notebooks", "results", "strip.png"))) return [];
  const caption = await Deno.readTextFile(join(ROOT, "notebooks", "results", "strip.txt"));
  const made = "The strip: `deno run -A notebooks/results/strip.ts --run runs/facades-by-day`.";
  return ["![A row of images, which are described below](results/strip.png)", `${caption.trim()} ${made}`];
}

function modelsTable(all: readonly Pretrained[]): string {
  const rows = all.map(({ card, kind, history }) => {
    const { name, references } = card;
    const main = mainOf(card);
    const before = history.find(({ epoch }) => epoch === 0)?.values[main!.key];
    const reference = Object.entries(references).map(([of, values]) =>
      values[main!.key] === undefined ? "" : [
        `${of} ${shown(values[main!.key])}`,
      ]
    ).join();
    return [
      `[${name}](../data/models/${name}/README.md)${RECIPES[name]?.preliminary ? " (preliminary)" : ""}`,
      systemOf(kind)!.title,
      `${card.epochs} epochs, ${whole(card.steps)} steps`,
      duration(card.seconds),
      `${shown(main!.value)} ${main!.says}; ${main!.better} is better`,
      shown(before),
      reference,
      `\`deno run -A notebooks/results/make.ts ${name}\``,
    ];
  });
  return table(["model", "system", "length", "time", "main metric", "before training", "reference", "command"], rows);
}

/** The most important metric of a model, which a card of an older version may have at another place. */
function mainOf({ name, metrics }: ModelCard): ModelCard["metrics"][number] | undefined {
  return metrics.find(({ key }) => key === RECIPES[name]?.metric) ?? metrics[0];
}

function historyText({ card, history, hasPicture }: Pretrained): string[] {
  const measures = card.metrics.slice(0, SHOWN);
  const picture = hasPicture ? [`![${card.name} during training](../data/models/${card.name}/epochs.png)`] : [];
  return [
    `### ${card.name}`,
    ...[preliminaryText(RECIPES[card.name])].filter(Boolean),
    fence("sh", [card.command]),
    historyTable(history, measures),
    RECIPES[card.name]?.history ?? "",
    measures.map(({ key, says }) => `\`${key}\`: ${says}.`).join(" "),
    ...picture,
  ];
}

function keptText({ name, command, evaluation, history, epochs, machine, seconds }: KeptRun): string[] {
  const keys = Object.keys(history[0]!.values).slice(0, SHOWN);
  const rows = history.map(({ epoch, step, values }) => [`${epoch}`, whole(step), ...keys.map((key) => shown(values[key]))]);
  return [
    `### ${name}`,
    fence("sh", [command, evaluation]),
    `${epochs} epochs in ${duration(seconds)}; ${machine}.`,
    table(["epoch", "steps", ...keys.map((key) => `\`${key}\``)], rows),
    `![What ${name} makes of the first held-out images, during training](results/runs/${name}.png)`,
  ];
}

function costText(all: readonly Trained[]): string[] {
  const rows = all.map((one) => {
    const { cpuHours, wattHours, dollars, isMeasured } = energyOf(one);
    const [gpu, most] = [onGpu(one), isMeasured ? "" : "≤ "];
    return [
      one.name,
      duration(one.seconds),
      `${most}${shown(cpuHours, 2)}`,
      `${most}${shown(wattHours, 2)}`,
      `${most}${shown(dollars, 2)}`,
      ...gpu ? [duration(3600 * gpu.hours), shown(gpu.wattHours, 2), shown(gpu.dollars, 2)] : ["", "", ""],
    ];
  });
  return [
    `Estimates, written by \`deno run -A notebooks/results/results.ts\`. Energy is processor time, summed over the cores, ` +
    `times ${CORE_WATTS} W per busy core; electricity costs ${DOLLARS_PER_KWH} dollars per kWh. Where the processor time was ` +
    `not recorded, it is at most that of all cores for the whole time. The last three columns are what the same steps would ` +
    `take on a rented ${GPU.name} of ${GPU.watts} W at ${GPU.dollarsPerHour} dollars per hour, with the durations of a step in ` +
    "[tests/bench/README.md](../tests/bench/README.md), where networks are at least as large; only steps of pix2pix were timed " +
    "there. Powers and prices are assumptions: see notebooks/results/machine.ts.",
    table(["run", "time", "core hours", "Wh", "dollars", "GPU: time", "GPU: Wh", "GPU: dollars"], rows),
  ];
}

if (import.meta.main) {
  await writeTextFile(RESULTS, await resultsText());
  await runProgram(Deno.execPath(), ["fmt", "--quiet", "--config", join(ROOT, "deno.json"), RESULTS]);
  console.log(RESULTS);
}
