/** Progress display for a training run: on a terminal, one line that is updated in place and a permanent line for each epoch;
 * otherwise, plain lines.
 * @module */
import { epochLine, Progress } from "../plot/progress.ts";
import type { TrainEvent } from "../events.ts";
import { CLEAR_LINE, clip, type Screen, stderrScreen } from "./status_line.ts";

/** Minimum time between two updates of the line on a terminal, in milliseconds. */
const DRAW_EVERY = 100;
/** Minimum time between two plain lines within an epoch, in milliseconds. */
const PRINT_EVERY = 30_000;

export interface TrainProgress {
  show(event: TrainEvent): void;
  /** Clears the line that is updated in place. */
  end(): void;
}

/** Creates the progress display for a training run.
 * @param screen The output on which to show the progress. Default: stderr.
 * @param now Clock, in milliseconds. */
export function trainProgress(screen: Screen = stderrScreen(), now: () => number = () => performance.now()): TrainProgress {
  const progress = new Progress();
  let drawn = -Infinity;
  const step = () => {
    if (now() - drawn < (screen.terminal ? DRAW_EVERY : PRINT_EVERY)) return;
    drawn = now();
    screen.write(screen.terminal ? CLEAR_LINE + clip(progress.line(), screen.width) : `${progress.line()}\n`);
  };
  const print = (line: string) => {
    screen.write(`${screen.terminal ? CLEAR_LINE : ""}${line}\n`);
    if (!screen.terminal) drawn = now();
  };
  return {
    show(event) {
      progress.add(event);
      if (event.type === "step") step();
      else if (event.type === "epoch") print(epochLine(event));
      else if (event.type === "warning") print(`Warning: ${event.message}`);
    },
    end: () => screen.terminal && screen.write(CLEAR_LINE),
  };
}
