/** What a training shows in a terminal while it runs: a line that is written over, and one that stays for each epoch. Where no
 * line can be written over, plain lines.
 * @module */
import { epochLine, Progress } from "../plot/progress.ts";
import type { TrainEvent } from "../events.ts";
import { CLEAR_LINE, type Screen, stderrScreen } from "./status_line.ts";

/** Milliseconds between two drawings of the line. */
const DRAW_EVERY = 100;
/** Milliseconds between two plain lines within an epoch. */
const PRINT_EVERY = 30_000;

/** Shows a training: give it each event. */
export interface TrainProgress {
  show(event: TrainEvent): void;
  /** Takes the line away that is written over. */
  end(): void;
}

/** Makes a training's display.
 * @param screen where to; by default stderr.
 * @param now a clock in milliseconds. */
export function trainProgress(screen: Screen = stderrScreen(), now: () => number = () => performance.now()): TrainProgress {
  const progress = new Progress();
  let drawn = -Infinity;
  const step = () => {
    if (now() - drawn < (screen.terminal ? DRAW_EVERY : PRINT_EVERY)) return;
    drawn = now();
    // A line that wraps cannot be written over: clip it one column before the edge.
    screen.write(screen.terminal ? CLEAR_LINE + progress.line().slice(0, screen.width - 1) : `${progress.line()}\n`);
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
