/** Progress display for long-running work: on a terminal, one line that is updated in place; otherwise, plain lines.
 * @module */
import { asTyped } from "./entry.ts";

/** Progress of jobs, several of which may run at the same time. */
export interface Progress {
  /** Shows the stage of a job.
   * @param job Name of the job.
   * @param stage The current stage, such as "Downloading". If the output is not a terminal, each stage is printed once.
   * @param detail The progress within the stage. This text changes frequently, so it is shown only on a terminal. */
  update(job: string, stage: string, detail?: string): void;
  /** Removes a job that has ended. */
  finish(job: string): void;
  print(line: string): void;
}

/** An output to which lines are written. */
export interface Screen {
  /** Whether the output is a terminal, on which a line can be updated in place. */
  terminal: boolean;
  /** Current number of columns of the terminal, at least 1; 0 if there is no terminal. */
  readonly width: number;
  write(text: string): void;
}

/** Returns a {@linkcode Screen} that writes to the stderr of this process. Progress is written to stderr, so that stdout
 * contains only results. Text that cannot be written, for example because the terminal has been closed, is discarded, and the
 * program continues without a progress display. */
export function stderrScreen(): Screen {
  const terminal = Deno.stderr.isTerminal();
  const encoder = new TextEncoder();
  return {
    terminal,
    get width() {
      return terminal ? columns() : 0;
    },
    write(text) {
      try {
        Deno.stderr.writeSync(encoder.encode(asTyped(text)));
      } catch {
        // dropped
      }
    },
  };
}

/** Number of columns of a terminal whose size is unknown, such as a serial console, which reports 0 columns. */
const COLUMNS = 80;

function columns(): number {
  try {
    return Deno.consoleSize().columns || COLUMNS;
  } catch {
    return COLUMNS; // the terminal has been closed
  }
}

const graphemes = new Intl.Segmenter();
/** Characters that occupy two columns: East Asian wide and fullwidth characters, and emoji. */
const WIDE = new RegExp(
  "[\\u1100-\\u115f\\u2e80-\\u303e\\u3041-\\ua4cf\\uac00-\\ud7a3\\uf900-\\ufaff\\ufe30-\\ufe6f\\uff00-\\uff60\\uffe0-\\uffe6" +
    "\\u{1f000}-\\u{1faff}\\u{20000}-\\u{3fffd}\\ufe0f]|\\p{Emoji_Presentation}",
  "u",
);

/** Truncates text to one line of a terminal, since a line that wraps cannot be updated in place. Control characters, which a
 * file name may contain, are replaced by spaces.
 * @param columns The number of columns of the terminal. The last column stays empty. */
export function clip(text: string, columns: number): string {
  let [clipped, width] = ["", 0];
  for (const { segment } of graphemes.segment(text.replaceAll(/\p{Cc}/gu, " "))) {
    width += WIDE.test(segment) ? 2 : 1;
    if (width >= columns) break;
    clipped += segment;
  }
  return clipped;
}

/** Escape sequence that clears the current line, so that the next text replaces it. */
export const CLEAR_LINE = "\r\x1b[2K";

export function statusLine(screen: Screen = stderrScreen()): Progress {
  const jobs = new Map<string, { stage: string; detail: string }>();
  const printed = new Set<string>();
  const draw = () => {
    const text = [...jobs.values()].map(({ stage, detail }) => `${stage} ${detail}`.trim()).join(" | ");
    screen.write(CLEAR_LINE + clip(text, screen.width));
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
