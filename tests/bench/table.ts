/** `bench table`: steps of several sizes, compared with the same step in PyTorch and in TensorFlow for Python.
 *
 * On a shared machine the speed changes from minute to minute. The systems therefore take turns, each in a separate process, and
 * are compared by the median of the rounds' ratios, not by the ratio of two medians.
 * @module */
import { DISTURBED_PERCENT, median, tenths } from "./measure.ts";
import { type Configuration, GFLOP_OF_A_STEP, type MatmulResult, nameOf, PAPER, SIDE } from "./step.ts";
import {
  type Circumstances,
  type Machine,
  machineSentence,
  type Peer,
  type PeerName,
  PEERS,
  type SystemName,
  thisMachine,
  type Timed,
  timeForger,
  timeMatmul,
  timePeer,
  type Timing,
} from "./systems.ts";

/** Options of {@linkcode benchTable}. */
export interface TablePlan extends Timed {
  configurations: readonly Configuration[];
  rounds: number;
  peers: readonly Peer[];
  /** Called with a description before each measurement. */
  report?: (what: string) => void;
}

/** Timings of all systems in one round. */
export type Round = { Forger: Timing } & Partial<Record<SystemName, Timing>>;

/** Measurements of a configuration. */
export interface Measured extends Configuration {
  backend: string;
  version: string;
  rounds: Round[];
  /** One result for each round; only for {@linkcode PAPER}. */
  matmul: (MatmulResult & Circumstances)[];
}

/** A row of the table: the measurements and their summary. */
export interface Row extends Measured {
  shown: Summary;
}

/** Result of {@linkcode benchTable}, as printed in JSON. */
export interface Table {
  machine: Machine;
  /** Timed steps of each system in each round. */
  steps: number;
  rows: Row[];
}

/** Measures all configurations on all systems.
 * @throws {Error} if a system fails. */
export async function benchTable(plan: TablePlan): Promise<Table> {
  const machine = thisMachine();
  const rows: Row[] = [];
  for (const configuration of plan.configurations) {
    const measured: Measured = { ...configuration, backend: "", version: "", rounds: [], matmul: [] };
    for (let round = 1; round <= plan.rounds; round++) {
      plan.report?.(`${nameOf(configuration)}, round ${round} of ${plan.rounds}`);
      await measureRound(measured, plan, machine);
    }
    rows.push({ ...measured, shown: summary(measured) });
  }
  return { machine, steps: plan.steps, rows };
}

async function measureRound(measured: Measured, plan: TablePlan, machine: Machine): Promise<void> {
  const { backend, version, median_ms, peak_rss_mb, others_percent, computes } = await timeForger(measured, plan);
  Object.assign(measured, { backend, version });
  machine.systems.Forger = computes ?? `${backend} ${version}`;
  const round: Round = { Forger: { median_ms, peak_rss_mb, others_percent } };
  for (const peer of plan.peers) {
    const { peer: versionOfPeer, median_ms, peak_rss_mb, others_percent } = await timePeer(peer, measured, plan);
    machine.systems[peer.name] = versionOfPeer ?? peer.name;
    round[peer.name] = { median_ms, peak_rss_mb, others_percent };
  }
  measured.rounds.push(round);
  if (nameOf(measured) === nameOf(PAPER)) measured.matmul.push(await timeMatmul(plan));
}

/** Medians over the rounds of one system. */
export interface Middle {
  median_ms: number;
  peak_rss_mb: number;
}

/** A time that was measured while other processes used the processors. */
export interface Disturbed {
  system: SystemName | "matmul";
  /** One-based number of the round. */
  round: number;
  others_percent: number;
}

/** Summary of a configuration's rounds. */
export interface Summary extends Middle {
  images_per_second: number;
  /** The peers that were measured; `ratio` is the median of Forger's time over the peer's time in the same round. */
  peers: Partial<Record<PeerName, Middle & { ratio: number }>>;
  /** Medians over the rounds: the rate of matrix products, and the percentage of this rate that a step reaches. */
  matmul?: { gflop_per_second: number; share_percent: number };
  disturbed: Disturbed[];
}

/** Summarizes the rounds of a configuration. */
export function summary(measured: Measured): Summary {
  const { batch, rounds } = measured;
  const forger = middle(rounds, "Forger")!;
  const peers = PEERS.flatMap((name) => {
    const found = middle(rounds, name);
    return found ? [[name, { ...found, ratio: ratio(rounds, name) }]] : [];
  });
  return {
    ...forger,
    images_per_second: Math.round(batch * 1e5 / forger.median_ms) / 100,
    peers: Object.fromEntries(peers),
    ...matmul(measured),
    disturbed: disturbed(measured),
  };
}

function middle(rounds: readonly Round[], system: SystemName): Middle | undefined {
  const timings = rounds.flatMap((round) => round[system] ?? []);
  if (timings.length === 0) return undefined;
  const of = (key: keyof Middle) => tenths(median(timings.map((timing) => timing[key])));
  return { median_ms: of("median_ms"), peak_rss_mb: of("peak_rss_mb") };
}

function ratio(rounds: readonly Round[], peer: PeerName): number {
  const ratios = rounds.flatMap(({ Forger, [peer]: other }) => other ? [Forger.median_ms / other.median_ms] : []);
  return Math.round(median(ratios) * 1000) / 1000;
}

function matmul({ rounds, matmul }: Measured): Pick<Summary, "matmul"> {
  if (matmul.length === 0) return {};
  const shares = matmul.map(({ gflop_per_second }, i) => GFLOP_OF_A_STEP / rounds[i]!.Forger.median_ms / gflop_per_second * 1e5);
  const gflop_per_second = tenths(median(matmul.map(({ gflop_per_second }) => gflop_per_second)));
  return { matmul: { gflop_per_second, share_percent: tenths(median(shares)) } };
}

/** Lists the disturbed times, which the medians include. */
function disturbed({ rounds, matmul }: Measured): Disturbed[] {
  return rounds.flatMap((round, i) =>
    Object.entries({ ...round, ...(matmul[i] ? { matmul: matmul[i] } : {}) })
      .filter(([, { others_percent }]) => others_percent > DISTURBED_PERCENT)
      .map(([system, { others_percent }]) => ({ system: system as Disturbed["system"], round: i + 1, others_percent }))
  );
}

/** Format of the printed table. */
export type TableStyle = "text" | "markdown";

const HEAD = [
  ...["backend", "size", "filters", "batch", "ms a step", "images/s", "peak MiB"],
  ...PEERS.flatMap((peer) => [`${peer} ms`, `${peer} MiB`, `to ${peer}`]),
];

/** Formats the table, followed by notes on the machine and on disturbed times. */
export function tableText({ machine, steps, rows }: Table, style: TableStyle = "text"): string {
  const rounds = rows[0]?.rounds.length ?? 0;
  const how = `${machineSentence(machine)}. Medians of ${rounds} ${rounds === 1 ? "round" : "rounds"} of ${steps} steps.`;
  const notes = [...rows.flatMap(matmulNote), ...disturbedNote(rows, style), how];
  return [grid([HEAD, ...rows.map(cells)], style), ...notes].join("\n\n");
}

function grid(lines: string[][], style: TableStyle): string {
  const widths = HEAD.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const padded = lines.map((line) => line.map((cell, i) => i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
  if (style === "markdown") padded.splice(1, 0, widths.map((width) => "-".repeat(width)));
  return padded.map((line) => style === "markdown" ? `| ${line.join(" | ")} |` : line.join("  ").trimEnd()).join("\n");
}

function cells({ backend, version, size, filters, batch, shown }: Row): string[] {
  const isDisturbed = (system: SystemName) => shown.disturbed.some((disturbed) => disturbed.system === system);
  const milliseconds = (system: SystemName, value: number) => value.toFixed(1) + (isDisturbed(system) ? "*" : "");
  const { median_ms, images_per_second, peak_rss_mb, peers } = shown;
  return [
    `${backend} ${version}`,
    ...[size, filters, batch].map(String),
    milliseconds("Forger", median_ms),
    images_per_second.toFixed(images_per_second < 10 ? 2 : 1),
    peak_rss_mb.toFixed(),
    ...PEERS.flatMap((peer) => {
      const found = peers[peer];
      if (!found) return ["-", "-", "-"];
      return [milliseconds(peer, found.median_ms), found.peak_rss_mb.toFixed(), found.ratio.toFixed(2)];
    }),
  ];
}

function matmulNote(row: Row): string[] {
  if (!row.shown.matmul) return [];
  const { gflop_per_second, share_percent } = row.shown.matmul;
  return [
    `Products of ${SIDE}x${SIDE} float32 matrices run at ${gflop_per_second} GFLOP/s on this machine. A step at ${
      nameOf(row)
    } reaches ` +
    `${share_percent.toFixed()}% of that, counted as ${GFLOP_OF_A_STEP} GFLOP with direct convolutions.`,
  ];
}

function disturbedNote(rows: readonly Row[], style: TableStyle): string[] {
  const all = rows.flatMap((row) =>
    row.shown.disturbed.map(({ system, round, others_percent }) =>
      `${nameOf(row)} ${system === "matmul" ? "matrix product" : system} in round ${round} (${others_percent.toFixed()}%)`
    )
  );
  const star = style === "markdown" ? "\\*" : "*";
  const what = `Disturbed: other processes used more than ${DISTURBED_PERCENT}% of the processors during`;
  return all.length === 0 ? [] : [`${star} ${what} ${all.join(", ")}.`];
}
