/** Between two steps.
 * @module */
import { setImmediate } from "node:timers";

/** Lets everything else that waits have its turn: reading ahead, signals, a notebook's messages. Waiting for a promise alone does not. */
export function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(() => resolve()));
}
