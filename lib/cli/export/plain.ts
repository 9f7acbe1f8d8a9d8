/** `deno task export --tfjs`: writes a folder with a model for plain TensorFlow.js.
 * @module */
import { basename, join, resolve } from "node:path";
import { useBackend } from "../../backend/use_backend.ts";
import { plainReadme } from "../../play/plain_readme.ts";
import { plainFiles, plainModels } from "../../play/plain_tfjs.ts";
import type { Precision } from "../../play/protocol.ts";
import { loadModel, type SomeModel, systemOf } from "../../systems/registry.ts";
import type { backendOption } from "../backend.ts";
import { UsageError } from "../command.ts";
import { modelPath } from "../model.ts";
import type { Progress } from "../status_line.ts";
import type { Values } from "../../settings.ts";
import { cardOf } from "./card.ts";

/** Name of the file that every such folder contains. */
export const PLAIN_README = "README.md";

/** Options of {@linkcode gatherPlain}. */
export interface PlainChoice extends Values<{ backend: typeof backendOption }> {
  model: string;
  title: string | undefined;
  weights: Precision | undefined;
  runningStatistics: boolean;
}

/** Options that apply only to pages. */
const OF_PAGES = ["folder", "data", "targets", "others", "colourise", "direction"] as const;

/** Throws if an option has no effect on a model for plain TensorFlow.js.
 * @throws {UsageError} If an option has no effect. */
export function refuseForPlain(values: { out: string } & Record<(typeof OF_PAGES)[number], unknown>): void {
  const unused = OF_PAGES.find((name) => values[name] !== undefined && values[name] !== false);
  if (unused) throw new UsageError(`Option --${unused} applies to pages, but --tfjs writes a model; omit one of them`);
  if (!/\.html?$/i.test(values.out)) return;
  throw new UsageError(`Option --out: with --tfjs, expected the name of a folder, got "${values.out}"; omit .html`);
}

/** Loads a model and creates the files that plain TensorFlow.js loads.
 * @returns The contents of the files, keyed by their paths in the folder.
 * @throws {UsageError} If an option does not apply to the model. */
export async function gatherPlain(
  { model: folder, title, weights = "float32", runningStatistics, backend }: PlainChoice,
  progress: Progress,
): Promise<Record<string, Uint8Array>> {
  const path = await modelPath(folder);
  await useBackend(backend);
  const model = await loadModel(path) as SomeModel;
  progress.update("model", "Rewriting the networks");
  try {
    if (runningStatistics) refuseStatistics(folder, model);
    const models = plainModels(model, { runningStatistics });
    const single = Object.keys(models).length === 1;
    const [files, paths]: [Record<string, Uint8Array>, Record<string, (typeof models)[string]>] = [{}, {}];
    for (const [name, network] of Object.entries(models)) {
      paths[single ? "model.json" : `${name}/model.json`] = network;
      for (const [file, bytes] of Object.entries(plainFiles(name, network, weights))) {
        files[single ? file : join(name, file)] = bytes;
      }
    }
    const card = await cardOf(path, model, weights);
    const readme = plainReadme(model, { title: title ?? basename(resolve(path)), card, models: paths, runningStatistics });
    for (const network of Object.values(models)) network.dispose();
    return { ...files, [PLAIN_README]: new TextEncoder().encode(readme) };
  } finally {
    progress.finish("model");
    model.dispose();
  }
}

/** @throws {UsageError} If the system never uses running statistics, or always does. */
function refuseStatistics(folder: string, { kind, settings }: SomeModel): void {
  const { uses } = systemOf(kind)!;
  const why = !uses.includes("translate")
    ? "always uses them"
    : uses.includes("variants")
    ? "always uses the statistics of each image"
    : settings.norm !== "batch"
    ? "has no batch norm"
    : undefined;
  if (why) throw new UsageError(`Option --running-statistics: ${folder} is a ${kind} model, which ${why}; omit it`);
}

/** Describes the written files for the user. */
export function plainLines(folder: string, files: Record<string, Uint8Array>): string[] {
  const bytes = Object.values(files).reduce((sum, { length }) => sum + length, 0);
  return [`${folder}: ${(bytes / 1e6).toFixed(1)} MB`, `${join(folder, PLAIN_README)} explains how to load the model`];
}
