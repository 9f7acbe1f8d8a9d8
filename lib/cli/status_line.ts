/** Progress display for long-running work: on a terminal, one line that is updated in place; otherwise, plain lines.
 * @module */
import { asTyped } from "./entry.ts";

/** Progress of jobs, several of which may run at the same time. */
export interface Progress {
  /** Shows the stage of a job.
   * @param job name of the job.
   * @param stage what the job does, such as "Downloading". If the output is not a terminal, each stage is printed once.
   * @param detail how far the job has progressed. It changes frequently, so it is shown only on a terminal. */
  update(job: string, stage: string, detail?: string): void;
  /** Removes a job that has ended. */
  finish(job: string): void;
  /** Prints a permanent line. */
  print(line: string): void;
}

/** An output to which lines are written. */
export interface Screen {
  /** Whether the output is a terminal, on which a line can be updated in place. */
  terminal: boolean;
  /** Number of columns of the terminal. */
  width: number;
  write(text: string): void;
}

/** Returns the stderr of this process as a screen. Progress is written to stderr, so that stdout contains only results. */
export function stderrScreen(): Screen {
  const terminal = Deno.stderr.isTerminal();
  const encoder = new TextEncoder();
  return {
    terminal,
    width: terminal ? Deno.consoleSize().columns : 0,
    write: (text) => void Deno.stderr.writeSync(encoder.encode(asTyped(text))),
  };
}

/** Escape sequence that clears the current line, so that the next text replaces it. */
export const CLEAR_LINE = "\r\x1b[2K";

/** Creates a progress display. */
export function statusLine(screen: Screen = stderrScreen()): Progress {
  const jobs = new Map<string, { stage: string; detail: string }>();
  const printed = new Set<string>();
  const draw = () => {
    const text = [...jobs.values()].map(({ stage, detail }) => `${stage} ${detail}`.trim()).join(" | ");
    // A line that wraps cannot be updated in place, so it is clipped one column before the edge.
    screen.write(CLEAR_LINE + text.slice(0, screen.width - 1));
  };
  return {
    update(job, stage, detail = "") {
      jobs.set(job, { stage, detail });
      if (screen.terminal) draw();
      else if (!printed.has(stage)) screen.write(`${stage}\n`);
      printed.add(stage);
    },
    finish(job) {
      jobs.delete(job);
      if (screen.terminal) draw();
    },
    print(line) {
      screen.write(`${screen.terminal ? CLEAR_LINE : ""}${line}\n`);
      if (screen.terminal && jobs.size > 0) draw();
    },
  };
}
