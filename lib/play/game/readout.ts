/// <reference lib="dom" />
/** Shows the numbers on the page.
 * @module */
import { byId } from "./controls.ts";
import type { Look } from "./trainer.ts";

/** Counts of frames and steps since the last time that the speed was shown. */
export class Speed {
  /** Name of the backend. */
  backend = "";
  frames = 0;
  steps = 0;
  #since: number | undefined;

  /** Time since the counts were cleared, in milliseconds; infinite if they were never cleared. */
  passed(now: number): number {
    return this.#since === undefined ? Infinity : now - this.#since;
  }

  /** Discards the time at which the counts were cleared. */
  interrupt(): void {
    this.#since = undefined;
  }

  /** Shows the backend and, if there is one, the speed, and clears the counts. */
  show(now: number, running: boolean): void {
    const passed = this.passed(now);
    const rate = (count: number) => Math.round(1000 * count / passed);
    const speed = running && passed < Infinity ? `: ${rate(this.frames)} frames and ${rate(this.steps)} steps per second` : "";
    const language = this.backend === "wasm" ? "WebAssembly" : "JavaScript";
    byId("machine").textContent = `Runs in your browser with ${language}${speed}.`;
    [this.#since, this.frames, this.steps] = [now, 0, 0];
  }
}

/** Shows the numbers of a snapshot. */
export function showNumbers(now: Look): void {
  const { steps, losses, measures: { distance, heaps, coverage }, right, pull } = now;
  const number = (value: number | undefined) => value === undefined ? "–" : value.toFixed(3).replace(/^-(?=[0.]+$)/, "");
  const texts = {
    "steps-d": `${steps.discriminator}`,
    "steps-g": `${steps.generator}`,
    "loss-d": number(losses.discriminator),
    "loss-g": number(losses.generator),
    distance: number(distance),
    "covered-name": heaps ? "Modes covered" : "Coverage",
    covered: heaps ? `${heaps.covered} of ${heaps.of}` : `${Math.round(100 * coverage)}%`,
    right: `${Math.round(100 * right)}%`,
    pull: number(pull),
  };
  for (const [id, text] of Object.entries(texts)) byId(id).textContent = text;
}
