/** Quality against time: the metrics of a model after several epochs of its training.
 * @module */
import { join } from "node:path";
import { loadModel, type SomeModel, systemOf } from "../../lib/systems/registry.ts";
import { readJsonFile, writeJsonFile } from "../../lib/train/files.ts";
import { readDescription } from "../../lib/train/model_folder.ts";
import { HISTORY_FILE, type HistoryPoint } from "../../lib/train/pretrained.ts";
import { isThere } from "../../lib/cli/paths.ts";
import { scoresOf, type Scoring, valuesOf } from "./scores.ts";

/** The parts of a run's record that the history and the card need. */
export interface RunFacts {
  status?: string;
  seconds: number;
  /** Processor time, if the version that wrote the record measured it. */
  cpuSeconds?: number;
  backend: string;
  settings: { epochs: number; seed: number };
}

/** Reads the record of a run. */
export async function factsOf(run: string): Promise<RunFacts> {
  return await readJsonFile(join(run, "run.json"), {} as RunFacts);
}

/** Reads the record of a finished run.
 * @throws {Error} If the folder has no finished run. */
export async function finishedRun(run: string): Promise<RunFacts> {
  const facts = await factsOf(run);
  if (facts.status === "finished") return facts;
  throw new Error(`Cannot use the run in ${run}: expected a finished run, got ${facts.status ?? "none"}; pass another folder`);
}

/** Measures the model after each epoch that the run has kept, before training, and after training. Each result is stored in
 * the run folder as soon as it is known, and is not computed again.
 * @param run Folder of a finished training run.
 * @param say Called with a line of text about each epoch. */
export async function historyOf(run: string, scoring: Scoring, say: (line: string) => void): Promise<HistoryPoint[]> {
  const { settings: { epochs }, seconds } = await factsOf(run);
  const steps = (await readDescription(run)).training!.steps;
  const path = join(run, HISTORY_FILE);
  const known = await readJsonFile<HistoryPoint[]>(path, []);
  const moments: HistoryPoint[] = [];
  for (const epoch of [0, ...await keptEpochs(run, epochs), epochs]) {
    const step = steps * epoch / epochs;
    let moment = known.find((one) => one.epoch === epoch && one.step === step);
    if (!moment) {
      const model = await modelAfter(run, epoch, epochs);
      const values = valuesOf(await scoresOf(model, scoring).finally(() => model.dispose()));
      moment = { epoch, step, seconds: seconds * step / steps, values };
      const [key] = Object.keys(values);
      say(`After epoch ${epoch} of ${epochs}: ${key} ${values[key!]!.toPrecision(4)}`);
    }
    moments.push(moment);
    if (!known.includes(moment)) await writeJsonFile(path, moments);
  }
  return moments;
}

/** Returns the epochs whose models are in the run folder, in ascending order, without the last one of the run. */
export async function keptEpochs(run: string, epochs: number): Promise<number[]> {
  const folders = await Array.fromAsync(Deno.readDir(join(run, "epochs"))).catch(noneIfMissing);
  const kept = folders.map(({ name }) => Number(name)).filter((epoch) => epoch > 0 && epoch < epochs);
  const are = await Promise.all(kept.map((epoch) => isThere(join(run, "epochs", `${epoch}`, "forger.json"))));
  return kept.filter((_, i) => are[i]).sort((a, b) => a - b);
}

/** Takes a folder that is missing for an empty one, and passes all other errors on. */
export function noneIfMissing(error: unknown): Deno.DirEntry[] {
  if (error instanceof Deno.errors.NotFound) return [];
  throw error;
}

/** Loads the model after an epoch. Before training, the weights are those that the seed determines. */
async function modelAfter(run: string, epoch: number, epochs: number): Promise<SomeModel> {
  if (epoch > 0) return await loadModel(epoch === epochs ? run : join(run, "epochs", `${epoch}`)) as SomeModel;
  const { kind, settings } = await readDescription(run);
  const system = systemOf(kind)!;
  const own = Object.entries(settings).filter(([name]) => Object.hasOwn(system.fields, name));
  const model = system.build(Object.fromEntries(own));
  model.batch = (settings as { batch?: number }).batch ?? 1;
  return model;
}
