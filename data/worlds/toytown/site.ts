/** What composing a scene has at hand.
 * @module */
import type { Random } from "../../../lib/data/random.ts";
import type { Plan } from "./plan.ts";
import type { Part } from "./scene.ts";
import type { Style } from "./styles.ts";

/** Puts a part into a scene. */
export type Put = (part: Omit<Part, "detail" | "shape" | "kind"> & Partial<Pick<Part, "shape" | "kind">>) => void;

/** What composing a scene has at hand. */
export interface Site {
  style: Style;
  plan: Plan;
  random: Random;
  put: Put;
}
