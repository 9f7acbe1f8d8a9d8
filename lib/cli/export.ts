/** `deno task export`: creates a web page that runs a trained model in the browser.
 * @module */
import { basename, dirname, join } from "node:path";
import { useBackend } from "../backend/use_backend.ts";
import { tfjsWasm } from "../packages.ts";
import { pageScripts } from "../play/bundle.ts";
import { type Exported, exportModel } from "../play/export.ts";
import { FOLDER_FILES, folderFiles, LARGEST_FILE, type PageFiles, singleFile } from "../play/html.ts";
import { PRECISIONS } from "../play/protocol.ts";
import { choice, flag, text, type Values } from "../settings.ts";
import { loadModel, type SomeModel } from "../systems/registry.ts";
import { readDescription } from "../train/model_folder.ts";
import { backendOption } from "./backend.ts";
import { type Command, UsageError } from "./command.ts";
import { pairOptions } from "./data/pairs.ts";
import { unpairedOptions } from "./data/unpaired.ts";
import { isCommand } from "./entry.ts";
import { cardOf, snippetOf } from "./export/card.ts";
import { gatherPlain, PLAIN_README, plainLines, refuseForPlain } from "./export/plain.ts";
import { type HeldOutChoice, openHeldOut, refuseUnused } from "./export/held_out.ts";
import { canFit, refuseModelFolder } from "./export/outputs.ts";
import { runCommand } from "./main.ts";
import { modelOption, modelPath, readCard } from "./model.ts";
import { refuseExisting, writeFiles } from "./page_files.ts";
import { fromWhereCalled, toWhereCalled } from "./paths.ts";
import { type Progress, statusLine } from "./status_line.ts";

const { targets, colourise, direction } = pairOptions;
const options = {
  model: modelOption("runs/facades"),
  out: text({
    value: "PATH",
    help:
      "Output: an HTML file such as facades.html, or a folder that contains index.html. A page of more than 25 MB is always a " +
      "folder with several files: for facades.html, the folder is named facades.",
  }),
  folder: flag(false, { help: "Write a folder with several files, for a web server, even if the page would fit into one file." }),
  overwrite: flag(false, {
    help: "Replace existing output files. By default, the command stops if one of them exists.",
  }),
  title: text({ value: "TITLE", default: undefined, help: "Title of the page. Default: the name of the model folder." }),
  data: text({
    value: "FOLDER",
    default: undefined,
    help: "Data for the examples and for choosing the precision of the weights, specified as for deno task " +
      "train. Held-out images are used if there are any. By default, the examples are samples of the training run; for toytown " +
      "and digits, they are newly drawn.",
  }),
  targets,
  others: unpairedOptions.others,
  colourise: {
    ...colourise,
    help: "Use greyscale versions of the images in --data as inputs, for a model that colours photographs.",
  },
  direction: { ...direction, help: "Which half of each image of --data is the input. Default: as in training." },
  weights: choice(undefined, PRECISIONS, {
    help:
      "Precision of the weights, which take 4, 2 or 1 bytes each. Default: uint8, or float16 if uint8 worsens the metric on " +
      "--data by more than 1%. Without --data: float16 if uint8 changes the outputs by more than 1% of their range.",
  }),
  tfjs: flag(false, {
    help:
      "Instead of a page, write a folder with a model for your own programs. Plain TensorFlow.js loads the model, in a browser " +
      "or in Node, and computes the same images. The folder's README.md contains example code. Weights are float32 by default.",
  }),
  runningStatistics: flag(false, {
    help: "With --tfjs: use the running statistics of batch norm, as deno task translate --running-statistics does.",
  }),
  backend: backendOption,
};

type ExportValues = Values<typeof options>;

const command: Command<typeof options> = {
  name: "export",
  usage: "--model FOLDER --out FILE.html",
  about:
    "Creates a page that runs a trained model in any current browser: one HTML file that contains everything, opens without a " +
    "server or a network connection, and sends nothing. It computes the same images as deno task translate and deno task " +
    "generate, up to the precision of the weights. The first export downloads a bundler.",
  options,
  examples: [
    { line: "export --model runs/facades --out facades.html", does: "create a page in one file" },
    { line: "export --model runs/facades --out facades.html --data facades", does: "show examples from the data on the page" },
    { line: "export --model facades-by-day --out facades.html", does: "create the page of a pretrained model" },
    { line: "export --model runs/facades --out facades --tfjs", does: "write a model for plain TensorFlow.js" },
  ],
};

/** Result of {@linkcode exportPage}. */
export interface ExportReport {
  /** Path of the page's HTML file. */
  page: string;
  /** Size of all files of the page, in bytes. */
  bytes: number;
  /** Whether the page consists of several files, and whether it was split because a single file would have been too large. */
  isFolder: boolean;
  tooLarge: boolean;
  /** Description of the precision of the weights. */
  weights: string;
}

/** Loads a model and composes its page.
 * @throws {UsageError} If an option does not apply to the model. */
export async function gatherPage(
  { model: folder, title, weights: precision, backend, ...held }:
    & Pick<ExportValues, "model" | "title" | "weights" | "backend">
    & HeldOutChoice,
  progress: Progress = statusLine(),
): Promise<PageFiles> {
  const path = await modelPath(folder);
  refuseUnused(folder, (await readDescription(path)).kind, held);
  const step = (what: string) => progress.update("page", what);
  await useBackend(backend);
  const model = await loadModel(path) as SomeModel;
  try {
    step("Reading examples");
    const { world } = await readCard(path) ?? {};
    const heldOut = await openHeldOut(model, held, world);
    step("Packing the weights");
    const { data, packed }: Exported = await exportModel(model, {
      folder: path,
      ...title !== undefined && { title },
      ...precision && { precision },
      ...heldOut && { heldOut },
      measured: held.data !== undefined,
      card: (weights) => cardOf(path, model, weights),
      snippet: snippetOf(path, model),
    });
    const scripts = await pageScripts(() => step("Bundling the scripts"));
    const wasm = await Deno.readFile(new URL("tfjs-backend-wasm-simd.wasm", tfjsWasm.url()));
    return { data, scripts, wasm, weights: packed.bytes };
  } finally {
    progress.finish("page");
    model.dispose();
  }
}

/** Creates the page of a model.
 * @param largest Maximum size of a page in one file, in bytes.
 * @throws {Error} If an output file exists, unless `overwrite` is set. */
export async function exportPage(
  values: ExportValues,
  progress: Progress = statusLine(),
  largest: number = LARGEST_FILE,
): Promise<ExportReport> {
  const out = fromWhereCalled(values.out);
  const isFile = /\.html?$/i.test(out);
  const folder = isFile ? out.replace(/\.html?$/i, "") : out;
  const single = isFile ? out : join(folder, FOLDER_FILES.page);
  const several = Object.values(FOLDER_FILES).map((name) => join(folder, name));
  const check = async (paths: string[]) => {
    for (const path of paths) {
      if (basename(path) === FOLDER_FILES.page || paths.length > 1) await refuseModelFolder(dirname(path));
      await refuseExisting(path, values.overwrite);
    }
  };
  await check(values.folder ? several : [single]);
  const page = await gatherPage(values, progress);
  const weights = page.data.card.weights;
  const file = values.folder || !await canFit(page.weights, largest) ? undefined : await singleFile(page);
  if (file && file.length <= largest) {
    await writeFiles(dirname(single), { [single]: file }, values.overwrite);
    return { page: single, bytes: file.length, isFolder: false, tooLarge: false, weights };
  }
  await check(several);
  const files = Object.entries(folderFiles(page)).map(([name, bytes]) => [join(folder, name), bytes] as const);
  await writeFiles(folder, Object.fromEntries(files), values.overwrite);
  const bytes = files.reduce((sum, [, { length }]) => sum + length, 0);
  return { page: join(folder, FOLDER_FILES.page), bytes, isFolder: true, tooLarge: !values.folder, weights };
}

/** Writes a model for plain TensorFlow.js.
 * @throws {UsageError} If an option does not apply.
 * @throws {Error} If an output file exists, unless `overwrite` is set. */
export async function exportPlain(values: ExportValues, progress: Progress = statusLine()): Promise<string[]> {
  refuseForPlain(values);
  const folder = fromWhereCalled(values.out);
  await refuseModelFolder(folder);
  await refuseExisting(join(folder, PLAIN_README), values.overwrite);
  const files = await gatherPlain(values, progress);
  const placed = Object.fromEntries(Object.entries(files).map(([name, bytes]) => [join(folder, name), bytes]));
  for (const path of Object.keys(placed)) {
    await refuseModelFolder(dirname(path));
    await refuseExisting(path, values.overwrite);
  }
  await writeFiles(folder, placed, values.overwrite);
  return plainLines(toWhereCalled(folder), files);
}

/** Describes the created page for the user. */
export function reportLines({ page, bytes, isFolder, tooLarge, weights }: ExportReport, { out }: { out: string }): string[] {
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  const path = toWhereCalled(page);
  const lines = [`${path}: ${size}, weights in ${weights}`];
  if (tooLarge) lines.push(`The page has more than 25 MB, so it is a folder with several files instead of the file ${out}`);
  lines.push(isFolder ? "Put the folder on a web server, or use deno task play" : "Open it in a browser");
  return lines;
}

if (isCommand(import.meta)) {
  await runCommand(command, async (values) => {
    if (!values.tfjs && values.runningStatistics) {
      throw new UsageError("Option --running-statistics applies only to --tfjs; a page uses the statistics of each image");
    }
    const lines = values.tfjs ? await exportPlain(values) : reportLines(await exportPage(values), values);
    console.log(lines.join("\n"));
  });
}
