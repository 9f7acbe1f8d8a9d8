/** How much of the processors others used while something was timed: what makes a time on a shared machine doubtful.
 * @module */
import os from "node:os";

/** From here on a time counts as disturbed, in per cent of all processors. */
export const DISTURBED_PERCENT = 10;

/** What all processors together have done since the machine started, milliseconds. */
export interface Clock {
  /** Worked, for whomever. */
  busy: number;
  /** Worked or idled. */
  all: number;
}

/** Reads the processors' clock; it ticks every 10 ms. Needs `--allow-sys=cpus`. */
export function clock(): Clock {
  const times = os.cpus().map(({ times }) => times);
  const busy = times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, 0);
  return { busy, all: times.reduce((sum, { idle }) => sum + idle, busy) };
}

/** What others used between two readings, in per cent of all processors; 0 where the machine does not tell.
 * @param own what was timed used itself, milliseconds. */
export function othersPercent(before: Clock, after: Clock, own: number): number {
  const all = after.all - before.all;
  // Less than nothing is what the ticks leave over.
  return all > 0 ? Math.max(0, Math.round((after.busy - before.busy - own) / all * 1000) / 10) : 0;
}
