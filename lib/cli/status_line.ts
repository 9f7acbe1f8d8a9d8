/** Progress of work that takes a while: one updating line on a terminal, plain lines elsewhere.
 * @module */

/** What is told while jobs run, several at a time perhaps. */
export interface Progress {
  /** A job is at this stage.
   * @param job which one.
   * @param stage what it does; elsewhere than on a terminal each stage is a line when it first comes.
   * @param detail how far it is; only a terminal shows it, since it changes all the time. */
  update(job: string, stage: string, detail?: string): void;
  /** A job is over, and says nothing more. */
  finish(job: string): void;
  /** A line that stays. */
  print(line: string): void;
}

/** Where the lines go. */
export interface Screen {
  /** Whether a line can be written over. */
  terminal: boolean;
  /** Columns of the terminal. */
  width: number;
  write(text: string): void;
}

/** This process's stderr: progress goes there so that stdout holds results alone. */
export function stderrScreen(): Screen {
  const terminal = Deno.stderr.isTerminal();
  const encoder = new TextEncoder();
  return {
    terminal,
    width: terminal ? Deno.consoleSize().columns : 0,
    write: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
  };
}

/** Takes the updating line away; what is written next stands in its place. */
export const CLEAR_LINE = "\r\x1b[2K";

/** Progress on a screen. */
export function statusLine(screen: Screen = stderrScreen()): Progress {
  const jobs = new Map<string, { stage: string; detail: string }>();
  const printed = new Set<string>();
  const draw = () => {
    const text = [...jobs.values()].map(({ stage, detail }) => `${stage} ${detail}`.trim()).join(" | ");
    // A line that wraps cannot be written over: clip it one column before the edge.
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
