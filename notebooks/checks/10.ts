/** Checks of the exercises of `10_cyclegan.ipynb`. Each says what is still wrong, or that the answer is right; none throws.
 * @module */
export { checkStep } from "./10/step.ts";
export { checkCycle, type CycleCost, type Translate } from "./10/cycle.ts";
export { checkPool, type Exchange } from "./10/pool.ts";
