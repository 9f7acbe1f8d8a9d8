/// <reference lib="dom" />
/** Shows the numbers on the page.
 * @module */
import { byId } from "./controls.ts";
import type { Look } from "./trainer.ts";

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
