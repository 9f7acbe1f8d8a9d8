/** The messages between the game's page and its worker.
 * @module */
import type { GameSettings } from "./settings.ts";
import type { Look } from "./trainer.ts";

/** Speed of the game: a number of steps per second, one step per frame, or as many steps as possible. */
export type Pace = number | "picture" | "fast";

/** A message from the page to the worker. */
export type Order =
  | { type: "start"; settings: GameSettings; wasm: Uint8Array<ArrayBuffer>; backends: readonly ("wasm" | "cpu")[] }
  | { type: "change"; settings: GameSettings }
  | { type: "run"; pace: Pace }
  | { type: "pause" }
  | { type: "step"; which: "discriminator" | "generator" | "both" }
  | { type: "restart" }
  /** The page has drawn the last snapshot. */
  | { type: "drawn" };

/** A message from the worker to the page. */
export type Report =
  | { type: "started"; backend: string }
  /** `game` counts how often the game has started over. */
  | { type: "look"; look: Look; game: number }
  /** The losses are not finite, so the worker has paused. */
  | { type: "diverged" }
  | { type: "failed"; message: string };
