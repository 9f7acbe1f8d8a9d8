/** Another program, run to its end, and the processor time that it took.
 * @module */
import { type Ended, run, type RunOptions } from "../../lib/cli/process.ts";

/** How a program ended, what it said, and what it took. */
export interface TimedEnd extends Ended {
  /** Processor time of it and of all that it started, milliseconds. */
  cpu: number;
}

/** `times` is the shell's own word (POSIX) for what it and, on the second line, its children have used. */
const SCRIPT = 'command -v "$1" >/dev/null || exit 127; "$@"; status=$?; times; exit $status';
const TIMES = /^(\d+)m([\d.,]+)s (\d+)m([\d.,]+)s$/;

/** Runs a program without input until it ends.
 * @returns `undefined` if there is no such program. */
export async function timedRun(program: string, args: string[], options: RunOptions = {}): Promise<TimedEnd | undefined> {
  const ended = await run("sh", ["-c", SCRIPT, "sh", program, ...args], options);
  const children = ended?.lines.findLast((line) => TIMES.test(line));
  if (!ended || !children) return undefined;
  return {
    success: ended.success,
    lines: ended.lines.filter((line) => !TIMES.test(line)),
    cpu: milliseconds(TIMES.exec(children)!),
  };
}

function milliseconds([, ...parts]: string[]): number {
  const [userMinutes, user, systemMinutes, system] = parts.map((part) => Number(part.replace(",", "."))); // some locales' point
  return ((userMinutes! + systemMinutes!) * 60 + user! + system!) * 1000;
}
