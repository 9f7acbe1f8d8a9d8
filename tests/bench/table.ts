/** `bench table`: steps of several sizes beside the same step in PyTorch and in TensorFlow for Python.
 *
 * A machine that others use too is fast in one minute and slow in the next. So the systems take turns, each in a process of its own, and what is said of
 * one beside another is the middle of the rounds' ratios, not the ratio of two middles (summary.ts).
 * @module */
import { type Configuration, nameOf } from "./configurations.ts";
import { type Machine, thisMachine } from "./machine.ts";
import { type MatmulResult, WHOLE } from "./rate.ts";
import { type Summary, summary } from "./summary.ts";
import {
  type Circumstances,
  type Peer,
  type SystemName,
  type Timed,
  timeForger,
  timeMatmul,
  timePeer,
  type Timing,
} from "./systems.ts";

/** How to make the table. */
export interface TablePlan extends Timed {
  configurations: readonly Configuration[];
  rounds: number;
  peers: readonly Peer[];
  /** Told what is measured next. */
  report?: (what: string) => void;
}

/** One turn of every system. */
export type Round = { Forger: Timing } & Partial<Record<SystemName, Timing>>;

/** What was measured of a configuration. */
export interface Measured extends Configuration {
  backend: string;
  version: string;
  rounds: Round[];
  /** Of each round; only at {@linkcode WHOLE}. */
  matmul: (MatmulResult & Circumstances)[];
}

/** A line of the table: what was measured, and what is shown of it. */
export interface Row extends Measured {
  shown: Summary;
}

/** All that is printed as JSON. */
export interface Table {
  machine: Machine;
  /** Steps that count, of each system in each round. */
  steps: number;
  rows: Row[];
}

/** Measures everything.
 * @throws {Error} if a system fails. */
export async function benchTable(plan: TablePlan): Promise<Table> {
  const machine = thisMachine();
  const rows: Row[] = [];
  for (const configuration of plan.configurations) {
    const measured: Measured = { ...configuration, backend: "", version: "", rounds: [], matmul: [] };
    for (let round = 1; round <= plan.rounds; round++) {
      plan.report?.(`${nameOf(configuration)}, round ${round} of ${plan.rounds}`);
      await turn(measured, plan, machine);
    }
    rows.push({ ...measured, shown: summary(measured) });
  }
  return { machine, steps: plan.steps, rows };
}

async function turn(measured: Measured, plan: TablePlan, machine: Machine): Promise<void> {
  const { backend, version, median_ms, peak_rss_mb, others_percent, computes } = await timeForger(measured, plan);
  Object.assign(measured, { backend, version });
  machine.systems.Forger = computes ?? `${backend} ${version}`;
  const round: Round = { Forger: { median_ms, peak_rss_mb, others_percent } };
  for (const peer of plan.peers) {
    const { peer: called, median_ms, peak_rss_mb, others_percent } = await timePeer(peer, measured, plan);
    machine.systems[peer.name] = called ?? peer.name;
    round[peer.name] = { median_ms, peak_rss_mb, others_percent };
  }
  measured.rounds.push(round);
  if (nameOf(measured) === nameOf(WHOLE)) measured.matmul.push(await timeMatmul(plan));
}
