/** Compares the quality of pix2pix after training in one process, by two workers, and by two workers that send their gradients as
 * bfloat16, with the same batches and several seeds. The workers run in a network namespace where the system allows one.
 * Usage: FOLDER [SEEDS] [OPTIONS of deno task train pix2pix]. The runs are kept in FOLDER; a run that was interrupted is resumed.
 * The data is that of --data: by default the facades in the folder FORGER_DATA or, if the variable is not set, generated facades.
 * @module */
import { join, resolve } from "node:path";
import { Network, trainArgs } from "../cli/_cluster.ts";

/** Options that are used if they are not given. */
const DEFAULTS = { "--size": "128", "--filters": "32", "--epochs": "10", "--batch": "2" };
/** Seeds of the training runs: 1, 2, and so on. */
const SEEDS = 3;
/** Time after which a command is ended, in milliseconds: none. */
const PATIENCE = 2 ** 31 - 1;

/** A way to train, with the beginning of the names of its runs. */
interface Way {
  name: string;
  says: string;
  options: string[];
  env: Record<string, string>;
}

const WAYS: Way[] = [
  { name: "one", says: "one process", options: [], env: {} },
  { name: "two", says: "two workers", options: ["--workers", "2"], env: {} },
  { name: "half", says: "two workers, bfloat16", options: ["--workers", "2"], env: { FORGER_CLUSTER_BFLOAT16: "1" } },
];

/** Metrics of one run, keyed by name. */
type Metrics = Record<string, number>;

/** Returns the options of all runs, and the data among them. */
function optionsFrom(given: string[]): { options: string[]; data: string } {
  const words = given.flatMap((word) => word.split(/(?<=^--[\w-]+)=/));
  const defaults = { ...DEFAULTS, "--data": Deno.env.get("FORGER_DATA") ? "facades" : "toytown" };
  const options = [...Object.entries(defaults).filter(([name]) => !words.includes(name)).flat(), ...words];
  return { options, data: options[options.indexOf("--data") + 1]! };
}

/** Runs a command in a network of its own, and returns what it prints.
 * @throws {Error} If it fails, with its last line. */
async function run(args: string[], env: Record<string, string> = {}): Promise<string> {
  const network = await Network.create(PATIENCE);
  try {
    const own = { INIT_CWD: Deno.cwd(), FORGER_CLUSTER_TIMEOUT: Deno.env.get("FORGER_CLUSTER_TIMEOUT") ?? "" };
    const running = network.start(args, { ...own, ...env });
    if (await running.ended === 0) return running.stdout;
    throw new Error(`deno ${args.join(" ")}: ${running.stderr.trimEnd().split("\n").at(-1)}`);
  } finally {
    await network.end();
    network.close();
  }
}

/** Trains a model, unless it is already trained, and evaluates it. */
async function metricsOf(folder: string, way: Way, seed: number, given: string[]): Promise<Metrics> {
  const { options, data } = optionsFrom(given);
  const out = join(folder, `${way.name}${seed}`);
  const train = ["pix2pix", ...options, "--seed", `${seed}`, "--out", out, "--resume", ...way.options];
  await run(trainArgs(train), way.env);
  const seeded = data === "toytown" ? ["--seed", `${seed}`] : [];
  const args = ["run", "--no-prompt", "--allow-all", "lib/cli/evaluate.ts", "--model", out, "--data", data, ...seeded, "--json"];
  const found = JSON.parse(await run(args)) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(found).filter(([, value]) => typeof value === "number")) as Metrics;
}

/** Formats the mean of values and, if there are several, their standard deviation. */
export function meanText(values: readonly number[]): string {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return mean.toPrecision(4);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return `${mean.toPrecision(4)} ± ${Math.sqrt(variance).toPrecision(2)}`;
}

if (import.meta.main) {
  const [folder, ...rest] = Deno.args;
  if (folder === undefined || folder.startsWith("--")) {
    console.error("Usage: deno run -A tests/bench/cluster_quality.ts FOLDER [SEEDS] [OPTIONS of deno task train pix2pix]");
    Deno.exit(2);
  }
  const count = Number(rest[0]?.match(/^[1-9]\d*$/) ? rest.shift() : SEEDS);
  const rows = new Map<Way, Metrics[]>();
  for (let seed = 1; seed <= count; seed++) {
    for (const way of WAYS) {
      const metrics = await metricsOf(resolve(folder), way, seed, rest);
      if (rows.size === 0) {
        const names = ["training", "seed", ...Object.keys(metrics)];
        console.log(`| ${names.join(" | ")} |\n|${names.map(() => " --- |").join("")}`);
      }
      rows.set(way, [...rows.get(way) ?? [], metrics]);
      console.log(`| ${way.says} | ${seed} | ${Object.values(metrics).map((value) => value.toPrecision(4)).join(" | ")} |`);
    }
  }
  for (const [{ says }, runs] of rows) {
    const means = Object.keys(runs[0]!).map((name) => meanText(runs.map((metrics) => metrics[name]!)));
    console.log(`| ${says} | mean ± standard deviation | ${means.join(" | ")} |`);
  }
}
