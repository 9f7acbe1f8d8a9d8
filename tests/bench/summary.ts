/** What is shown of a configuration's rounds.
 * @module */
import { median, tenths } from "./numbers.ts";
import { DISTURBED_PERCENT } from "./others.ts";
import { GFLOP_OF_A_STEP } from "./rate.ts";
import { type PeerName, PEERS, type SystemName } from "./systems.ts";
import type { Measured, Round } from "./table.ts";

/** The middle of the rounds, of one system. */
export interface Middle {
  median_ms: number;
  peak_rss_mb: number;
}

/** A time that was taken while others used the processors. */
export interface Disturbed {
  system: SystemName | "matmul";
  /** From 1. */
  round: number;
  others_percent: number;
}

/** What is shown of a configuration. */
export interface Summary extends Middle {
  images_per_second: number;
  /** Of those that were there; `ratio` is Forger's time over theirs, the middle of the rounds' own. */
  peers: Partial<Record<PeerName, Middle & { ratio: number }>>;
  /** How fast matrices are multiplied, and what share of it a step reaches, the middle of the rounds' own. */
  matmul?: { gflop_per_second: number; share_percent: number };
  disturbed: Disturbed[];
}

/** Sums up what was measured. */
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

/** Every time that is to be doubted; they count all the same. */
function disturbed({ rounds, matmul }: Measured): Disturbed[] {
  return rounds.flatMap((round, i) =>
    Object.entries({ ...round, ...(matmul[i] ? { matmul: matmul[i] } : {}) })
      .filter(([, { others_percent }]) => others_percent > DISTURBED_PERCENT)
      .map(([system, { others_percent }]) => ({ system: system as Disturbed["system"], round: i + 1, others_percent }))
  );
}
