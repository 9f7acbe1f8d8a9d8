/** `bench table`: steps of several sizes beside the same step in PyTorch and in TensorFlow for Python.
 *
 * A machine that others use too is fast in one minute and slow in the next. So the systems take turns, each in a process of its own, and what is said of
 * one beside another is the middle of the rounds' ratios, not the ratio of two middles.
 * @module */
import { join } from "node:path";
import type { BackendName } from "../../backend/use_backend.ts";
import { run } from "../process.ts";
import { ROOT } from "../root.ts";
import { median } from "./numbers.ts";
import { GFLOP_OF_A_STEP, matmulRate } from "./rate.ts";
import type { Configuration, StepResult } from "./step.ts";

/** What the table has, unless told otherwise. */
export const CONFIGURATIONS: readonly Configuration[] = [
  { size: 64, filters: 32, batch: 1 },
  { size: 128, filters: 32, batch: 1 },
  { size: 256, filters: 64, batch: 1 },
  { size: 128, filters: 32, batch: 4 },
  { size: 128, filters: 32, batch: 16 },
];

/** The configuration whose share of the machine's rate is told. */
const WHOLE: Configuration = { size: 256, filters: 64, batch: 1 };

/** Another system that takes the same step: a script, and what runs it. */
export interface Peer {
  name: "tf.function" | "PyTorch";
  /** A Python interpreter that has the package. */
  python: string;
  script: string;
}

/** How to make the table. */
export interface TablePlan {
  configurations: readonly Configuration[];
  rounds: number;
  steps: number;
  backend?: BackendName | undefined;
  peers: readonly Peer[];
  /** Told what is measured next. */
  report?: (what: string) => void;
}

/** What a system said of its steps. */
export type Timing = Pick<StepResult, "median_ms" | "peak_rss_mb">;

/** A line of the table. */
export interface Row extends Configuration {
  backend: string;
  version: string;
  /** Of each round, by the systems' names; this one is "Forger". */
  rounds: Record<string, Timing>[];
  /** Of each round, thousands of millions of operations a second; only at 256 with 64 filters. */
  rates?: number[];
}

/** Runs one system once.
 * @throws {Error} with its last line, if it fails. */
async function time<T extends Timing>(
  name: string,
  program: string,
  args: string[],
  { size, filters, batch }: Configuration,
): Promise<T> {
  const sizes = ["--size", size, "--filters", filters, "--batch", batch].map(String);
  const ended = await run(program, [...args, ...sizes], { folder: ROOT });
  const line = ended?.lines.findLast((line) => line.startsWith("{"));
  if (ended?.success && line) return JSON.parse(line);
  throw new Error(`Cannot time ${name}: ${program} ${ended ? `ended with "${ended.lines.at(-1) ?? ""}"` : "does not start"}`);
}

async function row(configuration: Configuration, plan: TablePlan): Promise<Row> {
  const { rounds, steps, backend, peers } = plan;
  const own = ["run", "--allow-read", "--allow-env", "--allow-ffi", join("lib", "cli", "bench.ts"), "step", "--json"];
  const which = [...(backend ? ["--backend", backend] : []), "--steps", String(steps)];
  const found: Row = { ...configuration, backend: "", version: "", rounds: [] };
  const whole = Object.entries(WHOLE).every(([key, value]) => configuration[key as keyof Configuration] === value);
  for (let round = 1; round <= rounds; round++) {
    plan.report?.(`${nameOf(configuration)}, round ${round} of ${rounds}`);
    const forger = await time<StepResult>("Forger", Deno.execPath(), [...own, ...which], configuration);
    Object.assign(found, { backend: forger.backend, version: forger.version });
    const timings: Record<string, Timing> = { Forger: forger };
    for (const { name, python, script } of peers) {
      timings[name] = await time(name, python, [script, "--steps", String(steps)], configuration);
    }
    found.rounds.push(timings);
    if (whole) (found.rates ??= []).push(await matmulRate());
  }
  return found;
}

/** Measures everything. */
export async function benchTable(plan: TablePlan): Promise<Row[]> {
  const rows: Row[] = [];
  for (const configuration of plan.configurations) rows.push(await row(configuration, plan));
  return rows;
}

/** "256/64/1": size, filters, batch. */
export function nameOf({ size, filters, batch }: Configuration): string {
  return `${size}/${filters}/${batch}`;
}

/** The middle of the rounds. */
export function middle({ rounds }: Row, system: string, of: (timing: Timing) => number): number {
  return median(rounds.flatMap((round) => round[system] ? [of(round[system]!)] : []));
}

/** Forger's time over another's, the middle of the rounds' own. */
export function ratio({ rounds }: Row, peer: string): number {
  return median(rounds.flatMap(({ Forger, [peer]: other }) => Forger && other ? [Forger.median_ms / other.median_ms] : []));
}

/** What part of the machine's matrix product rate a step reaches, the middle of the rounds' own; NaN where that was not measured. */
export function share({ rounds, rates = [] }: Row): number {
  return median(rates.map((rate, i) => GFLOP_OF_A_STEP / rounds[i]!.Forger!.median_ms * 1000 / rate));
}
