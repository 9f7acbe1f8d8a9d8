/** Checks for the exercises in `07_pix2pix.ipynb`. Each check tells whether the answer is correct and, if not, what is wrong. No
 * check throws an error.
 * @module */
export { checkVerdicts } from "./07/verdicts.ts";
export { checkObjective, type Objective } from "./07/objective.ts";
export { checkFrozenStep, type FrozenStep } from "./07/frozen_step.ts";
