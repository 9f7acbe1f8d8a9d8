/** Medians, the load of the processors, and the processor time of a child process.
 * @module */
import os from "node:os";
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
