/** Checks of the exercises of `07_pix2pix.ipynb`. Each says what is still wrong, or that the answer is right; none throws.
 * @module */
export { checkVerdicts } from "./07/verdicts.ts";
export { checkObjective, type Objective } from "./07/objective.ts";
export { checkFrozenStep, type FrozenStep } from "./07/frozen_step.ts";
