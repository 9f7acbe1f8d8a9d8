/** The messages between the game's page and its worker.
 * @module */
import type { GameSettings } from "./settings.ts";
import type { Look } from "./trainer.ts";

/** How fast the game runs: a number of steps per second, one step per picture, or as many as the machine can. */
export type Pace = number | "picture" | "fast";

/** What the page tells the worker. */
export type Order =
  | { type: "start"; settings: GameSettings; wasm: ArrayBuffer; backends: readonly ("wasm" | "cpu")[] }
  | { type: "change"; settings: GameSettings }
  | { type: "run"; pace: Pace }
  | { type: "pause" }
  | { type: "step"; which: "discriminator" | "generator" | "both" }
  | { type: "restart" }
  /** The page has drawn the last look. */
  | { type: "drawn" };

/** What the worker tells the page. */
export type Report =
  | { type: "started"; backend: string }
  /** `game` counts how often the game started over. */
  | { type: "look"; look: Look; game: number }
  /** The losses are no longer numbers, so the worker has paused. */
  | { type: "diverged" }
  | { type: "failed"; message: string };
