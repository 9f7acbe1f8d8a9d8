/** Results of the trainings that orderings.ts compares.
 * @module */
import { join } from "node:path";
import { toytown, toytownUnpaired } from "../../data/worlds/toytown/mod.ts";
import { useBackend } from "../../lib/backend/use_backend.ts";
import type { Measure } from "../../lib/cli/evaluate/measure.ts";
import type { PairData } from "../../lib/data/datasets.ts";
import type { CycleDirection } from "../../lib/systems/cyclegan.ts";
import * as tf from "../../lib/tf.ts";
import { readJsonFile, writeJsonFile } from "../../lib/train/files.ts";
import { machineOf } from "./machine.ts";
import { pairScores, unpairedScores, valuesOf } from "./scores.ts";
import { styleMeasures } from "./style_measures.ts";
import { type Agreement, agreementOf, type Summary, summary, TABLES } from "./variants.ts";

/** What is trained, and on how many scenes it is tested. Tests of this file replace the defaults by small trainings. */
export interface Plan {
  variants: Readonly<Record<string, string>>;
  tests: number;
}

/** Result of a run, which is kept in its folder. */
export interface Scored {
  seconds: number;
  cpuSeconds?: number;
  measures: Measure[];
}

/** Values of measures, keyed by the keys of the measures. */
type Numbers = Record<string, number>;

/** Contents of orderings.json. */
export interface OrderResults {
  format: 1;
  machine: string;
  /** Number of test scenes. */
  tests: number;
  /** Descriptions of the measures, keyed by system and key. */
  measures: Record<string, Record<string, string>>;
  /** Measures of other images: of the untranslated inputs, and of real photos; keyed by system and name. */
  baselines: Record<string, Record<string, Numbers>>;
  /** The variants, keyed by name. */
  variants: Record<string, {
    command: string;
    runs: ({ seed: number; values: Numbers } & Omit<Scored, "measures">)[];
    summaries: Record<string, Summary>;
  }>;
  /** Comparisons with the order of the rows in the papers. */
  tables: { title: string; source: string; measure: string; agreement: Agreement }[];
}

/** File in the folder of a run. */
export const SCORES = "scores.json";
/** Seed of the test scenes, which are the same for all runs. */
export const TEST_SEED = 0;

/** Reads the size of the images from the arguments of a training. */
export function sizeOf(args: string): number {
  return Number(args.match(/--size (\d+)/)![1]);
}

type Translating = { translate(images: tf.Tensor4D, options?: { direction?: CycleDirection }): Promise<tf.Tensor4D> };

/** Measures a model.
 * @param args Arguments of its training. */
export async function measuresOf(args: string, model: Translating, tests: number): Promise<Measure[]> {
  const scenes = { size: sizeOf(args), count: tests, seed: TEST_SEED, split: "test" } as const;
  if (args.startsWith("cyclegan")) return await unpairedScores(model, toytownUnpaired(scenes), TEST_SEED);
  return await pairScores((input) => model.translate(input), toytown(scenes), true);
}

/** Writes the results of all runs that are complete. */
export async function writeResults(folder: string, out: string, seeds: number, { variants, tests }: Plan): Promise<void> {
  const results: OrderResults = {
    ...{ format: 1, machine: machineOf(), tests, measures: {}, baselines: {}, variants: {}, tables: [] },
  };
  for (const [name, args] of Object.entries(variants)) {
    const [kind, runs]: [string, OrderResults["variants"][string]["runs"]] = [args.split(" ")[0]!, []];
    for (let seed = 1; seed <= seeds; seed++) {
      const found = await readJsonFile<Partial<Scored>>(join(folder, `${name}-seed${seed}`, SCORES), {});
      if (!found.measures) continue;
      const { measures, ...times } = found as Scored;
      results.measures[kind] ??= Object.fromEntries(measures.map(({ key, says }) => [key, says]));
      results.baselines[kind] ??= await baselinesOf(folder, args, tests);
      runs.push({ seed, ...times, values: valuesOf(measures) });
    }
    if (runs.length === 0) continue;
    const keys = Object.keys(runs[0]!.values);
    const summaries = Object.fromEntries(keys.map((key) => [key, summary(runs.map(({ values }) => values[key]!))]));
    results.variants[name] = { command: `deno task train ${args} --seed 1`, runs, summaries };
  }
  for (const { title, source, measure, rows } of TABLES) {
    const all = rows.map(({ variant, paper }) => {
      return { paper, values: results.variants[variant]?.runs.map(({ values }) => values[measure]!) ?? [] };
    });
    results.tables.push({ title, source, measure, agreement: agreementOf(all) });
  }
  await writeJsonFile(out, results);
}

/** Measures untranslated inputs and real photos, once per system and folder. */
async function baselinesOf(folder: string, args: string, tests: number): Promise<Record<string, Numbers>> {
  const [kind] = args.split(" ");
  const path = join(folder, `baselines-${kind}.json`);
  const known = await readJsonFile<Record<string, Numbers>>(path, {});
  if (Object.keys(known).length > 0) return known;
  await useBackend(undefined, { quiet: true });
  const same = { translate: (images: tf.Tensor4D) => Promise.resolve(images.clone()) };
  const baselines = {
    "untranslated input": valuesOf(await measuresOf(args, same, tests)),
    "real photos": await ofRealPhotos(args, tests),
  };
  await writeJsonFile(path, baselines);
  return baselines;
}

async function ofRealPhotos(args: string, tests: number): Promise<Numbers> {
  const isPairs = args.startsWith("pix2pix");
  const renderings = isPairs ? {} : { input: "brick", target: "plaster" } as const;
  const pairs: PairData = toytown({ size: sizeOf(args), count: tests, seed: TEST_SEED, split: "test", ...renderings });
  const [inputs, targets]: tf.Tensor4D[][] = [[], []];
  for await (const { input, target } of pairs.batches({ shuffle: false, augment: false })) {
    inputs!.push(input);
    targets!.push(target);
  }
  // Both directions, one after the other, as styleMeasures asks for them.
  const answers = [...targets!, ...inputs!].values();
  const translate = () => Promise.resolve(answers.next().value!.clone());
  try {
    const measures = isPairs ? await pairScores(translate, pairs, true) : await styleMeasures({ translate }, pairs, TEST_SEED);
    return valuesOf(measures);
  } finally {
    tf.dispose([...inputs!, ...targets!]);
  }
}
