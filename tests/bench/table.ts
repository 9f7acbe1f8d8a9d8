/** `bench table`: all rows, compared with the same work in PyTorch, TensorFlow for Python and OpenVINO.
 *
 * On a shared machine the speed changes from minute to minute. The systems therefore take turns, each in a separate process, and
 * are compared by the median of the rounds' ratios, not by the ratio of two medians.
 * @module */
import { DISTURBED_PERCENT, type Machine, median, tenths, thisMachine } from "./measure.ts";
import { GFLOP_OF_A_STEP, nameOf, PAPER, type Row } from "./rows.ts";
import { SIDE } from "./step.ts";
import { checkWeights, type Choices, type Contender, contendersOf, timeOnce, type Timing } from "./systems.ts";

/** Options of {@linkcode benchTable}. */
export interface TablePlan extends Choices {
  rows: readonly Row[];
  rounds: number;
  /** Called with a description before each measurement, and with the result of each row. */
  report?: (what: string) => void;
}

/** Timings of all systems in one round; the first is Forger's. */
export type Round = Record<string, Timing>;

/** Measurements of a row. */
export interface Measured extends Row {
  rounds: Round[];
}

/** Result of {@linkcode benchTable}, as printed in JSON: the measurements and their summaries. */
export interface Table {
  machine: Machine;
  rows: (Measured & { shown: Summary })[];
}

/** Measures all rows on all systems.
 * @throws {Error} if a system fails. */
export async function benchTable(plan: TablePlan): Promise<Table> {
  const table: Table = { machine: thisMachine(), rows: [] };
  for (const row of plan.rows) {
    const measured: Measured = { ...row, rounds: [] };
    for (let round = 1; round <= plan.rounds; round++) {
      measured.rounds.push(
        await measureRound(row, contendersOf(row, plan), (name) => {
          plan.report?.(`${nameOf(row)}, round ${round} of ${plan.rounds}: ${name}`);
        }),
      );
    }
    const shown = summary(measured);
    plan.report?.(rowSentence(measured, shown));
    table.rows.push({ ...measured, shown });
  }
  return table;
}

async function measureRound(row: Row, contenders: Contender[], report: (name: string) => void): Promise<Round> {
  const round: Round = {};
  for (const contender of contenders) {
    report(contender.name);
    const timing = await timeOnce(row, contender);
    round[contender.name] = timing;
    checkWeights(row, round[FORGER]!, contender.name, timing);
    for (const [name, median_ms] of Object.entries(timing.others ?? {})) {
      round[`${FORGER}, ${name}`] = { ...timing, median_ms };
    }
  }
  return round;
}

/** Name of Forger's timing in a round. */
const FORGER = "Forger";

/** Medians of a system over the rounds. */
export interface Middle {
  name: string;
  milliseconds: number;
  /** Absent if the memory was not measured. */
  peak_rss_mb?: number;
  /** Median of Forger's time over this system's time in the same round. */
  ratio: number;
}

/** A time that was measured while other processes used the processors. */
export interface Disturbed {
  system: string;
  /** One-based number of the round. */
  round: number;
  others_percent: number;
}

/** Summary of a row's rounds. */
export interface Summary extends Omit<Middle, "name" | "ratio"> {
  images_per_second: number;
  /** Number of operations that products of matrices need as much time for as a step, in units of 10^9. */
  gflop?: number;
  /** The fastest peer as a user gets it. */
  stock?: Middle;
  /** The fastest of all peers, if there are tuned peers. */
  best?: Middle;
  /** All systems but Forger. */
  others: Middle[];
  disturbed: Disturbed[];
}

/** Summarizes the rounds of a row. */
export function summary({ rounds, ...row }: Measured): Summary {
  const time = (timing: Timing) => row.what === "start" ? timing.start_ms : timing.median_ms;
  const middle = (name: string): Middle => {
    const peak = median(rounds.map((round) => round[name]!.peak_rss_mb ?? NaN));
    return {
      name,
      milliseconds: tenths(median(rounds.map((round) => time(round[name]!)))),
      ...peak > 0 && { peak_rss_mb: Math.round(peak) },
      ratio: Math.round(median(rounds.map((round) => time(round[FORGER]!) / time(round[name]!))) * 1000) / 1000,
    };
  };
  const kindOf = (name: string) => rounds[0]![name]!.kind;
  const [{ name: _, ratio: __, ...forger }, ...others] = Object.keys(rounds[0]!).map(middle) as [Middle, ...Middle[]];
  const fastest = (...kinds: Timing["kind"][]) =>
    others.filter(({ name }) => kinds.includes(kindOf(name))).sort((a, b) => a.milliseconds - b.milliseconds)[0];
  const [stock, tuned] = [fastest("stock"), fastest("tuned")];
  const gflop = median(rounds.map((round) => time(round[FORGER]!) * (round[FORGER]!.gflop_per_second ?? NaN) / 1000));
  return {
    ...forger,
    images_per_second: Math.round((row.what === "translate" ? 1 : row.batch) * 1e5 / forger.milliseconds) / 100,
    ...gflop > 0 && { gflop: tenths(gflop) },
    ...stock && { stock },
    ...tuned && { best: fastest("stock", "tuned")! },
    others,
    disturbed: rounds.flatMap((round, i) =>
      Object.entries(round).map(([system, { others_percent }]) => ({ system, round: i + 1, others_percent }))
        .filter(({ others_percent }) => others_percent > DISTURBED_PERCENT)
    ),
  };
}

/** Describes a row: "pix2pix:64/32/1: 18.2 ms; PyTorch 44.1 ms (0.41)". */
function rowSentence(row: Row, { milliseconds, others }: Summary): string {
  const each = others.map(({ name, milliseconds, ratio }) => `; ${name} ${milliseconds} ms (${ratio.toFixed(2)})`);
  return `${nameOf(row)}: ${milliseconds} ms${each.join("")}`;
}

/** Format of the printed table. */
export type TableStyle = "text" | "markdown";

/** Formats the table, followed by notes. */
export function tableText({ machine, rows }: Table, style: TableStyle = "text"): string {
  const has = { stock: rows.some(({ shown }) => shown.stock), best: rows.some(({ shown }) => shown.best) };
  const peers = (["stock", "best"] as const).filter((kind) => has[kind]);
  const head = [
    ...["row", "ms", "images/s", "MiB", "GFLOP"],
    ...peers.flatMap((kind) => [kind === "stock" ? "stock peer" : "best peer", "ms", "MiB", "ratio"]),
    "bar",
  ];
  const lines = rows.map((row) => [...ownCells(row), ...peers.flatMap((kind) => peerCells(row.shown, kind)), barText(row)]);
  const notes = [paperNote(rows), ...rows.flatMap(comparisons), disturbedNote(rows, style), machineNote(machine, rows)];
  return [grid([head, ...lines], style), ...notes.filter((note) => note !== "")].join("\n\n");
}

function grid(lines: string[][], style: TableStyle): string {
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  const isText = (i: number) => lines.every((line) => !/^\d/.test(line[i]!));
  const padded = lines.map((line) => line.map((cell, i) => isText(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
  if (style === "markdown") padded.splice(1, 0, widths.map((width) => "-".repeat(width)));
  return padded.map((line) => style === "markdown" ? `| ${line.join(" | ")} |` : line.join("  ").trimEnd()).join("\n");
}

function time({ disturbed }: Summary, system: string, milliseconds: number): string {
  return milliseconds.toFixed(1) + (disturbed.some((disturbed) => disturbed.system === system) ? "*" : "");
}

function ownCells({ shown, ...row }: Table["rows"][number]): string[] {
  const { milliseconds, images_per_second, peak_rss_mb, gflop } = shown;
  const images = row.what === "start" ? "-" : images_per_second.toFixed(images_per_second < 10 ? 2 : 1);
  return [nameOf(row), time(shown, FORGER, milliseconds), images, `${peak_rss_mb ?? "-"}`, gflop?.toFixed(1) ?? "-"];
}

function peerCells(shown: Summary, kind: "stock" | "best"): string[] {
  const peer = shown[kind];
  if (!peer) return ["-", "-", "-", "-"];
  return [peer.name, time(shown, peer.name, peer.milliseconds), `${peer.peak_rss_mb ?? "-"}`, peer.ratio.toFixed(2)];
}

function barText({ bar = {} }: Row): string {
  const { ratio, milliseconds, imagesPerSecond } = bar;
  if (milliseconds !== undefined) return `${milliseconds} ms`;
  return imagesPerSecond !== undefined ? `${imagesPerSecond} images/s` : ratio?.toFixed(2) ?? "-";
}

/** Returns how much of the rate of matrix products the paper's step reaches. */
function paperNote(rows: Table["rows"]): string {
  const rate = `GFLOP: the arithmetic of products of ${SIDE}x${SIDE} float32 matrices that take as long as a step.`;
  const paper = rows.find((row) => nameOf(row) === nameOf(PAPER))?.shown.gflop;
  if (!paper) return rows.some(({ shown }) => shown.gflop) ? rate : "";
  return `${rate} A step at ${nameOf(PAPER)} has ${GFLOP_OF_A_STEP} GFLOP, counted with direct convolutions: ` +
    `${(GFLOP_OF_A_STEP / paper * 100).toFixed()}% of that rate.`;
}

/** Compares Forger with other ways to use Forger. */
function comparisons({ shown, ...row }: Table["rows"][number]): string[] {
  return shown.others.filter(({ name }) => name.startsWith(FORGER)).map(({ name, milliseconds, ratio }) => {
    const bar = row.bar?.toFloat32 === undefined ? "" : `; bar ${row.bar.toFloat32.toFixed(2)}`;
    return `${nameOf(row)} takes ${ratio.toFixed(2)} of the time of ${name} (${milliseconds} ms${bar}).`;
  });
}

/** Lists the systems with disturbed times, which the medians include. */
function disturbedNote(rows: Table["rows"], style: TableStyle): string {
  const all = rows.flatMap(({ shown: { disturbed }, rounds, ...row }) =>
    [...new Set(disturbed.map(({ system }) => system))].map((system) => {
      const percents = disturbed.filter((one) => one.system === system).map(({ others_percent }) => others_percent);
      return `${nameOf(row)} ${system} in ${percents.length} of ${rounds.length} (up to ${Math.max(...percents).toFixed()}%)`;
    })
  );
  const star = style === "markdown" ? "\\*" : "*";
  const what = `Disturbed: other processes used more than ${DISTURBED_PERCENT}% of the processors during rounds of`;
  return all.length === 0 ? "" : `${star} ${what} ${all.join(", ")}.`;
}

/** Describes the machine and the systems that ran on it. */
function machineNote({ date, os, cpu, cores, deno }: Machine, rows: Table["rows"]): string {
  const timings = rows.flatMap(({ rounds }) => rounds.flatMap((round) => Object.entries(round)));
  const forger = timings.find(([name, { computes }]) => name === FORGER && computes)?.[1].computes ?? timings[0]?.[1].version;
  const peers = new Set(timings.filter(([, { kind }]) => kind !== "own").map(([, { version }]) => version));
  const rounds = rows[0]?.rounds.length ?? 0;
  return `Measured on ${date}: ${os}, ${cores} ${
    cores === 1 ? "core" : "cores"
  } of ${cpu}; Forger on Deno ${deno} with ${forger}` +
    `${peers.size > 0 ? `; for comparison ${[...peers].join(", ")}` : ""}. Medians of ${rounds} ` +
    `${rounds === 1 ? "round" : "rounds"}.`;
}
