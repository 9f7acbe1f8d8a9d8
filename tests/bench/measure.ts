/** What a measurement prints; medians; the machine, the load of its processors, and the processor time of a child process.
 * @module */
import os from "node:os";
import process from "node:process";
import { type Ended, run, type RunOptions } from "../../lib/cli/process.ts";

/** Returns the median; for an even number of values, the mean of the middle two; NaN if there are no values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** Rounds to one decimal place. */
export function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Rounds to two decimal places. */
export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Result of a measurement in one process, as printed in JSON; `report` in peers/timing.py prints the same. */
export interface Result {
  /** Version of the system: "torch 2.15.0". */
  version: string;
  /** Minimum and median time of a step, in milliseconds. */
  min_ms: number;
  median_ms: number;
  /** Time at the end of the first step, in milliseconds since 1970. */
  first_at: number;
  /** Maximum resident memory of the process, in MiB; absent if another process does the work. */
  peak_rss_mb?: number;
  /** Number of trained weights of each network. */
  weights: Record<string, number>;
  /** Rate of matrix products in the same process, in 10^9 operations per second. */
  gflop_per_second?: number;
  /** Median times of other ways to do the same, in milliseconds. */
  others?: Record<string, number>;
}

/** Returns the times of a result. */
export function timesOf(milliseconds: readonly number[]): Pick<Result, "min_ms" | "median_ms"> {
  return { min_ms: hundredths(Math.min(...milliseconds)), median_ms: hundredths(median(milliseconds)) };
}

/** Returns the maximum resident memory of this process so far, in MiB. */
export function peakMemory(): number {
  // getrusage's "maximum resident set size" in KiB: equal to VmHWM on Linux, and readable without --allow-all.
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

/** A machine, and the systems that ran on it. */
export interface Machine {
  /** Date of the measurement in UTC: "2026-11-23". */
  date: string;
  /** Operating system and architecture: "linux x86_64". */
  os: string;
  /** Model name of the processor. */
  cpu: string;
  cores: number;
  /** Version of Deno. */
  deno: string;
}

/** Describes this machine. Needs `--allow-sys=cpus`. */
export function thisMachine(): Machine {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    os: `${Deno.build.os} ${Deno.build.arch}`,
    cpu: cpus[0]?.model.trim() || "unknown",
    cores: cpus.length,
    deno: Deno.version.deno,
  };
}

/** Load of other processes above which a time counts as disturbed, in percent of all processors. */
export const DISTURBED_PERCENT = 10;

/** Total time of all processors since the machine started, in milliseconds. */
export interface Clock {
  /** Time spent running processes. */
  busy: number;
  /** Time spent running processes or idle. */
  all: number;
}

/** Reads the processors' clock, whose resolution is 10 ms. Needs `--allow-sys=cpus`. */
export function clock(): Clock {
  const times = os.cpus().map(({ times }) => times);
  const busy = times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0);
  return { busy, all: times.reduce((sum, { idle }) => sum + idle, busy) };
}

/** Returns the load of other processes between two readings, in percent of all processors; 0 if the clock does not advance.
 * @param own processor time of the timed work itself, in milliseconds. */
export function othersPercent(before: Clock, after: Clock, own: number): number {
  const all = after.all - before.all;
  // Rounding of the clock can make the difference negative.
  return all > 0 ? Math.max(0, Math.round((after.busy - before.busy - own) / all * 1000) / 10) : 0;
}

/** Result of a program that has ended, with its processor time. */
export interface TimedEnd extends Ended {
  /** Processor time of the program and of its child processes, in milliseconds. */
  cpu: number;
}

/** The shell builtin `times` (POSIX) prints the processor time of the shell and, on its second line, of the shell's children. */
const SCRIPT = 'command -v "$1" >/dev/null || exit 127; "$@"; status=$?; times; exit $status';
const TIMES = /^(\d+)m([\d.,]+)s (\d+)m([\d.,]+)s$/;

/** Runs a program without input, waits for it to end, and measures its processor time.
 * @returns `undefined` if the program does not exist. */
export async function timedRun(program: string, args: string[], options: RunOptions = {}): Promise<TimedEnd | undefined> {
  const ended = await run("sh", ["-c", SCRIPT, "sh", program, ...args], options);
  const children = ended?.lines.findLast((line) => TIMES.test(line));
  if (!ended || !children) return undefined;
  const [, ...parts] = TIMES.exec(children)!;
  // The decimal separator depends on the locale.
  const [userMinutes, user, systemMinutes, system] = parts.map((part) => Number(part.replace(",", ".")));
  return {
    success: ended.success,
    lines: ended.lines.filter((line) => !TIMES.test(line)),
    cpu: ((userMinutes! + systemMinutes!) * 60 + user! + system!) * 1000,
  };
}
